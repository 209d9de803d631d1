"""Reads a script. What is wrong is said with its file, its line, and what to write instead; all of it at once.

    title: Pressure at minute 38
    about: Late in the drip the pressure climbs. Who sees it, and does less?
    begin: minute 36

    minute 38: pressure rises to 190/105 over 3 minutes unless slower or paused
        expect: slower or pause within 2 minutes of the alarm
        needless: stop

    end: minute 46

Lines that begin with # are for who reads; spaces before a line say nothing. docs/rehearsal.md is the whole of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from stillroom.rehearsal.play.parts import Event, Script
from stillroom.rehearsal.play.phrases import NotUnderstood, event_of, expectation_of, needless_of

SHIPPED = Path(__file__).parents[1] / "scripts"
ENDING = ".txt"
LONGEST_MIN = 240
AT_START = "before the start"
MINUTE = re.compile(r"minute (?P<at>\d+(?:\.\d+)?)", re.IGNORECASE)
KEYS = "title, about, begin, minute …, expect, needless, end"


class ScriptWrong(ValueError):
    """Everything that is wrong with a script, a line each."""


@dataclass
class _Reading:
    """What has been understood so far, and what has not."""

    title: str = ""
    about: str = ""
    begin_min: float | None = None
    end_min: float | None = None
    events: list[Event] = field(default_factory=list)
    says_end: bool = False
    wrong: list[tuple[int, str]] = field(default_factory=list)


def shipped_scripts() -> dict[str, Path]:
    """Those that come with Stillroom, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob(f"*{ENDING}"))}


def found_script(name: str) -> Path:
    """A file, or a shipped script by its name."""
    path = Path(name)
    if path.is_file():
        return path
    shipped = shipped_scripts()
    if name in shipped:
        return shipped[name]
    raise ScriptWrong(f"{name} is no file, and no script that comes with Stillroom: {', '.join(shipped)}.")


def read_script(text: str, *, file: str) -> Script:
    """The script, or `ScriptWrong` with every line that is not understood."""
    reading = _Reading()
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if words and not words.startswith("#"):
            _take(reading, words, number)
    _look_over(reading, last=max(len(text.splitlines()), 1))
    if reading.wrong:
        raise ScriptWrong("\n".join(f"{file}, line {number}: {words}" for number, words in sorted(reading.wrong)))
    assert reading.end_min is not None
    return Script(
        title=reading.title,
        about=reading.about,
        begin_min=reading.begin_min,
        end_min=reading.end_min,
        events=tuple(sorted(reading.events, key=lambda event: event.minute)),
    )


def _take(reading: _Reading, words: str, number: int) -> None:
    key, colon, rest = (each.strip() for each in words.partition(":"))
    try:
        if not colon:
            raise NotUnderstood(f"“{words}” has no colon. A line begins with one of: {KEYS}, and a colon.")
        if not rest:
            raise NotUnderstood(f"Nothing stands after “{key}:”.")
        if MINUTE.fullmatch(key):
            event = Event(minute=_minute(key), what=event_of(rest), words=rest, line=number)
            reading.events.append(event)
        elif take := TAKERS.get(key.lower()):
            take(reading, rest, number)
        else:
            raise NotUnderstood(f"A line cannot begin with “{key}”. It begins with one of: {KEYS}.")
    except NotUnderstood as wrong:
        reading.wrong.append((number, str(wrong)))


def _title(reading: _Reading, rest: str, number: int) -> None:
    reading.title = rest


def _about(reading: _Reading, rest: str, number: int) -> None:
    """Said in as many lines as it takes."""
    reading.about = f"{reading.about} {rest}".strip()


def _begin(reading: _Reading, rest: str, number: int) -> None:
    reading.begin_min = None if rest.lower() == AT_START else _minute(rest, or_else=f" or “begin: {AT_START}”")


def _end(reading: _Reading, rest: str, number: int) -> None:
    reading.says_end = True
    reading.end_min = _minute(rest)


def _expect(reading: _Reading, rest: str, number: int) -> None:
    _add(reading, rest, number, needless=False)


def _needless(reading: _Reading, rest: str, number: int) -> None:
    _add(reading, rest, number, needless=True)


def _add(reading: _Reading, rest: str, number: int, *, needless: bool) -> None:
    if not reading.events:
        if reading.wrong:  # the line that it belongs to is among what was not understood
            return
        raise NotUnderstood("This stands before anything has happened. Put it below the line “minute …:” it is about.")
    expected = needless_of(rest, line=number) if needless else expectation_of(rest, line=number)
    event = reading.events[-1]
    reading.events[-1] = replace(event, expected=(*event.expected, expected))


TAKERS: dict[str, Callable[[_Reading, str, int], None]] = {
    "title": _title,
    "about": _about,
    "begin": _begin,
    "end": _end,
    "expect": _expect,
    "needless": _needless,
}


def _minute(words: str, or_else: str = "") -> float:
    found = MINUTE.fullmatch(words)
    if not found:
        raise NotUnderstood(f"“{words}” is no minute of the drip. Write it like “minute 38”{or_else}.")
    if float(found["at"]) > LONGEST_MIN:
        raise NotUnderstood(f"Minute {found['at']} is beyond the {LONGEST_MIN} minutes that a rehearsal may last.")
    return float(found["at"])


def _look_over(reading: _Reading, *, last: int) -> None:
    """What only shows when all of it has been read."""
    say = reading.wrong.append
    if not reading.title:
        say((1, "The script has no title. Begin it with a line like “title: Pressure at minute 38”."))
    if not reading.events and not reading.wrong:
        say((last, "Nothing happens in it. Write a line like “minute 38: the line kinks”."))
    if reading.end_min is None:
        if not reading.says_end:
            say((last, "It does not say when it ends. Write a last line like “end: minute 46”."))
        return
    for event in reading.events:
        if event.minute >= reading.end_min:
            say(
                (
                    event.line,
                    f"This comes at or after the end, minute {reading.end_min:g}. End later.",
                )
            )
        if reading.begin_min is not None and event.minute < reading.begin_min:
            say((event.line, f"This comes before the beginning, minute {reading.begin_min:g}. Begin sooner."))
