"""A script is read as an educator wrote it; what is not understood is said with its line and what to write instead."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.rehearsal.play.acts import ACTS, SAME_AS
from stillroom.rehearsal.play.parts import Drift, Kind, Mishap, Misread, Said, Sign
from stillroom.rehearsal.play.phrases import WAYS, event_of
from stillroom.rehearsal.play.reading import ScriptWrong, found_script, read_script, shipped_scripts

DOCS = Path(__file__).parents[2] / "docs" / "rehearsal.md"
WANTED = {
    *("pressure-at-minute-38", "vomiting", "fright", "kinked-line", "free-flow", "probe-off", "vasovagal-slump"),
    *("companion-who-talks", "no-driver", "two-nurses", "power-cut"),
}
HEAD = "title: A try\n"
END = "\nend: minute 20"


def wrong_with(text: str) -> str:
    with pytest.raises(ScriptWrong) as found:
        read_script(text, file="mine.txt")
    return str(found.value)


def test_every_script_that_was_asked_for_is_there() -> None:
    assert set(shipped_scripts()) >= WANTED


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_shipped_script_is_understood_and_expects_something(name: str) -> None:
    path = shipped_scripts()[name]
    script = read_script(path.read_text(), file=path.name)
    assert script.about
    assert any(event.expected for event in script.events)
    assert script.begin_min is None or script.end_min - script.begin_min <= 25, "nobody rehearses for longer"


def test_a_pressure_that_rises_is_read_whole() -> None:
    words = "pressure rises to 190/105 over 3 minutes unless slower or paused"
    script = read_script(
        f"{HEAD}begin: minute 36\nminute 38: {words}\nexpect: pause within 2 minutes of the alarm\nend: minute 46",
        file="mine.txt",
    )
    (event,) = script.events
    assert event.what == Drift(sign=Sign.PRESSURE, to=190, low=105, over_min=3, unless=("slower", "pause"))
    assert (event.minute, event.words, event.line) == (38, words, 3)
    (expected,) = event.expected
    assert (expected.acts, expected.within_s, expected.of_alarm) == (("pause",), 120, True)
    assert (script.begin_min, script.end_min) == (36, 46)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("saturation falls to 88 over 90 seconds", Drift(sign=Sign.SATURATION, to=88, over_min=1.5)),
        ("the cuff misreads 231/140", Misread(sbp_mmhg=231, dbp_mmhg=140)),
        ("the line kinks", Mishap(kind=Kind.KINK, for_min=0)),
        ("The probe comes off for 4 minutes", Mishap(kind=Kind.PROBE_OFF, for_min=4)),
        (
            "the patient faints for 5 minutes unless paused",
            Mishap(kind=Kind.FAINTS, for_min=5, unless=("pause",)),
        ),
        ("the companion says “Hush: it is late.”", Said(who="the companion", words="Hush: it is late.")),
    ],
)
def test_what_can_happen(words: str, what: object) -> None:
    assert event_of(words) == what


def test_a_script_may_begin_before_the_start() -> None:
    assert read_script(f"{HEAD}begin: before the start\nminute 2: the line kinks{END}", file="x").begin_min is None


@pytest.mark.parametrize(
    ("text", "line", "instead"),
    [
        (f"{HEAD}minute 3: line kink{END}", 2, "Write it like “the line kinks”"),
        (f"{HEAD}minute 3: pressure rises to 90/105{END}", 2, "Write the upper one first, as 190/105"),
        (f"{HEAD}minute 3: saturation falls to 120{END}", 2, "Write a number from 40 to 100"),
        (f"{HEAD}minute 3: the line kinks\nexpect: pawse within 2 minutes{END}", 3, "Did you mean “pause”?"),
        (f"{HEAD}minute 3: the line kinks\nexpekt: pause{END}", 3, "It begins with one of: title"),
        (f"{HEAD}expect: pause\nminute 3: the line kinks{END}", 2, "Put it below the line “minute …:”"),
        (f"{HEAD}minute 3: the line kinks\nend: 20", 3, "Write it like “minute 38”"),
        (f"{HEAD}minute 3: the line kinks", 2, "Write a last line like “end: minute 46”"),
        (f"{HEAD}minute 30: the line kinks{END}", 2, "End later"),
        (f"{HEAD}begin: minute 9\nminute 3: the line kinks{END}", 3, "Begin sooner"),
        (f"{HEAD}the line kinks{END}", 2, "has no colon"),
        (f"{HEAD}minute 3:{END}", 2, "Nothing stands after"),
        ("", 1, "Begin it with a line like “title: "),
    ],
)
def test_what_is_wrong_is_said_with_file_line_and_what_to_write(text: str, line: int, instead: str) -> None:
    said = wrong_with(text)
    assert f"mine.txt, line {line}: " in said
    assert instead in said


def test_everything_that_is_wrong_is_said_at_once() -> None:
    said = wrong_with("title: x\nminute 3: line kink\nexpect: pause\nminute 4: probe of\nend: never")
    assert [re.findall(r"line (\d+):", line)[0] for line in said.splitlines()] == ["2", "4", "5"]


def test_a_script_that_is_nowhere_is_answered_with_those_there_are() -> None:
    with pytest.raises(ScriptWrong, match="free-flow"):
        found_script("free-flo")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_whatever_is_written_is_read_or_answered_in_words(words: str) -> None:
    try:
        read_script(f"{HEAD}minute 3: {words}{END}", file="mine.txt")
    except ScriptWrong as wrong:
        assert all(line.startswith("mine.txt, line ") for line in re.split(r"\n(?=mine\.txt)", str(wrong)))  # noqa: PT017


def test_the_docs_say_every_way_to_write_it() -> None:
    page = DOCS.read_text()
    missing = [way.example for way in WAYS if f"`{way.example}`" not in page]
    missing += [act for act in (*ACTS, *SAME_AS) if f"`{act}`" not in page]
    assert not missing
