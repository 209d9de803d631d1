"""How is a line of a script said? Each way has a pattern, what it makes, and an example to be shown when none fits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from stillroom.rehearsal.play.acts import ACTS, SAME_AS
from stillroom.rehearsal.play.parts import Drift, Expectation, Kind, Mishap, Misread, Said, Sign, What

MINUTES = r"(?P<min>\d+(?:\.\d+)?) (?P<unit>minutes?|seconds?)"
POSSIBLE = {
    Sign.PRESSURE: (50, 260),
    Sign.PULSE: (20, 220),
    Sign.SATURATION: (40, 100),
    Sign.BREATHING: (0, 60),
}
"""A script sends a sign no further than a monitor shows."""
LOWER = (20, 160)


class NotUnderstood(ValueError):
    """The message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Way:
    pattern: re.Pattern[str]
    make: Callable[[re.Match[str]], What]
    example: str


def event_of(words: str) -> What:
    """What happens, of the words after `minute 38:`."""
    for way in WAYS:
        if found := way.pattern.fullmatch(words):
            return way.make(found)
    raise NotUnderstood(f"“{words}” is nothing that can happen. {_like(words)}")


def expectation_of(words: str, *, line: int) -> Expectation:
    """What is expected, of the words after `expect:`."""
    found = EXPECTED.fullmatch(words)
    assert found is not None, "the last group takes what is left"
    acts = acts_of(found["acts"])
    if found["min"] is None:
        return Expectation(acts=acts, words=words, line=line)
    within_s = _minutes(found) * 60
    return Expectation(acts=acts, words=words, line=line, within_s=within_s, of_alarm=bool(found["alarm"]))


def needless_of(words: str, *, line: int) -> Expectation:
    return Expectation(acts=acts_of(words), words=words, line=line, is_needless=True)


def acts_of(words: str) -> tuple[str, ...]:
    """`slower or paused`: the acts by their own words."""
    return tuple(_act(each.strip()) for each in words.split(" or "))


def _act(words: str) -> str:
    act = SAME_AS.get(words, words)
    if act in ACTS:
        return act
    near = get_close_matches(words, [*ACTS, *SAME_AS], n=1, cutoff=0.5)
    instead = f"Did you mean “{near[0]}”?" if near else f"Write one of: {', '.join(ACTS)}."
    raise NotUnderstood(f"“{words}” is nothing that staff can be seen to do. {instead}")


def _unless(found: re.Match[str]) -> tuple[str, ...]:
    return acts_of(found["unless"]) if found["unless"] else ()


def _minutes(found: re.Match[str], usual: float = 1.0) -> float:
    if found["min"] is None:
        return usual
    return float(found["min"]) / (60 if found["unit"].startswith("second") else 1)


def _pressure(found: re.Match[str]) -> What:
    to, low = _within(found["to"], POSSIBLE[Sign.PRESSURE]), _within(found["low"], LOWER)
    if low >= to:
        raise NotUnderstood(f"The lower figure of {to}/{low} must be lower. Write the upper one first, as 190/105.")
    return Drift(sign=Sign.PRESSURE, to=to, low=low, over_min=_minutes(found), unless=_unless(found))


def _drift(found: re.Match[str]) -> What:
    sign = Sign(found["sign"])
    to = _within(found["to"], POSSIBLE[sign])
    return Drift(sign=sign, to=to, over_min=_minutes(found), unless=_unless(found))


def _misread(found: re.Match[str]) -> What:
    return Misread(sbp_mmhg=_within(found["to"], (0, 300)), dbp_mmhg=_within(found["low"], (0, 300)))


def _within(text: str, bounds: tuple[int, int]) -> int:
    low, high = bounds
    if not low <= int(text) <= high:
        raise NotUnderstood(f"{text} is further than a monitor shows. Write a number from {low} to {high}.")
    return int(text)


def _mishap(kind: Kind, usual_min: float) -> Callable[[re.Match[str]], What]:
    return lambda found: Mishap(kind=kind, for_min=_minutes(found, usual_min), unless=_unless(found))


TAIL = rf"(?: (?:over|for) {MINUTES})?(?: unless (?P<unless>.+))?"
LASTS_MIN = {
    Kind.VOMITS: 4.0,
    Kind.FRIGHT: 6.0,
    Kind.FAINTS: 5.0,
    Kind.MOVES: 2.0,
    Kind.KINK: 0.0,
    Kind.FREE_FLOW: 0.0,
    Kind.PROBE_OFF: 3.0,
    Kind.SILENT: 2.0,
    Kind.POWER: 1.0,
}
"""For how long each lasts where the script does not say. The drip stays as it is until a hand is at the clamp."""


def _way(pattern: str, make: Callable[[re.Match[str]], What], example: str) -> Way:
    return Way(re.compile(pattern, re.IGNORECASE), make, example)


WAYS = (
    _way(
        rf"pressure (?:rises|falls) to (?P<to>\d+)/(?P<low>\d+){TAIL}",
        _pressure,
        "pressure rises to 190/105 over 3 minutes unless slower or paused",
    ),
    _way(
        rf"(?P<sign>pulse|saturation|breathing) (?:rises|falls) to (?P<to>\d+){TAIL}",
        _drift,
        "saturation falls to 88 over 2 minutes unless oxygen or paused",
    ),
    _way(r"the cuff misreads (?P<to>\d+)/(?P<low>\d+)", _misread, "the cuff misreads 231/140"),
    _way(
        r"(?P<who>[\w ]+?) says:? [\"“](?P<words>.+)[\"”]",
        lambda found: Said(who=found["who"], words=found["words"]),
        'the companion says "Do you hear that bird?"',
    ),
    *(_way(f"{kind.value}{TAIL}", _mishap(kind, LASTS_MIN[kind]), kind.value) for kind in Kind),
)
EXPECTED = re.compile(rf"(?P<acts>.+?)(?: within {MINUTES}(?P<alarm> of the alarm)?)?", re.IGNORECASE)


def _like(words: str) -> str:
    """The example that is nearest; without any, all of them."""
    near = get_close_matches(words, [way.example for way in WAYS], n=1, cutoff=0.45)
    if near:
        return f"Write it like “{near[0]}”."
    return "Write one of: " + "; ".join(way.example for way in WAYS) + "."
