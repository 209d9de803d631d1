"""What staff did is scored on the log alone: in time, late, not at all, or without need."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.safety.priority import Priority
from stillroom.rehearsal.play.clock import ScriptClock
from stillroom.rehearsal.play.parts import Script
from stillroom.rehearsal.play.reading import read_script, shipped_scripts
from stillroom.rehearsal.play.scoring import Scored, Verdict, helped_at, is_over, score
from tests.examples import TEN, WATCH, Walk, infusing

SHIPPED = {name: read_script(path.read_text(), file=path.name) for name, path in shipped_scripts().items()}
PRESSURE = read_script(
    """title: Pressure
    minute 10: pressure rises to 190/105 over 3 minutes unless slower or paused
        expect: slower or pause within 2 minutes of the alarm
        needless: stop
    end: minute 20""",
    file="pressure",
)
ALARM = e.AlarmRaised(condition="sbp_high", priority=Priority.MEDIUM, value="190", limit="180")


@pytest.fixture
def walk() -> Walk:
    """The drip runs; its minute 0 is now."""
    return infusing()


def clock_of(walk: Walk, speed: float = 1) -> ScriptClock:
    started_at = walk.state.started_at
    assert started_at is not None
    return ScriptClock(started_at=started_at, begin_min=0, speed=speed)


def scored(walk: Walk, script: Script = PRESSURE, *, speed: float = 1, until_min: float = 60) -> tuple[Scored, ...]:
    clock = clock_of(walk, speed)
    return score(script, surviving(walk.log), clock, until=clock.started_at + timedelta(minutes=until_min))


def verdicts(walk: Walk, **how: float) -> list[str]:
    return [each.verdict.value for each in scored(walk, **how)]


@given(st.sampled_from(sorted(SHIPPED)), st.floats(0.5, 60), st.floats(0, 400))
def test_on_an_empty_log_everything_is_not_done(name: str, speed: float, until_min: float) -> None:
    script = SHIPPED[name]
    clock = ScriptClock(started_at=TEN, begin_min=script.begin_min or 0, speed=speed)
    found = score(script, (), clock, until=TEN + timedelta(minutes=until_min))
    assert {each.verdict for each in found} <= {Verdict.NOT_DONE}
    if until_min >= clock.room_minute(script.end_min):
        wanted = [each for event in script.events for each in event.expected if not each.is_needless]
        assert [each.expectation for each in found] == wanted


def test_a_pause_within_its_time_of_the_alarm_is_in_time(walk: Walk) -> None:
    walk.record(ALARM, WATCH, after_min=14)
    walk.ask(c.PauseInfusion(), after_min=1.5)
    (only,) = scored(walk)
    assert (only.verdict, only.took_s, only.of_alarm) == (Verdict.IN_TIME, 90, True)


def test_a_pause_after_its_time_is_late(walk: Walk) -> None:
    walk.record(ALARM, WATCH, after_min=14)
    walk.ask(c.PauseInfusion(), after_min=2.5)
    assert verdicts(walk) == ["late"]


def test_without_an_alarm_the_time_counts_from_what_happened(walk: Walk) -> None:
    walk.ask(c.PauseInfusion(), after_min=11.5)
    (only,) = scored(walk)
    assert (only.verdict, only.took_s, only.of_alarm) == (Verdict.IN_TIME, 90, False)


def test_an_alarm_of_something_else_starts_no_time(walk: Walk) -> None:
    walk.record(e.AlarmRaised(condition="watch_overdue", priority=Priority.LOW), WATCH, after_min=12)
    walk.ask(c.PauseInfusion(), after_min=2)
    assert verdicts(walk) == ["late"]


@pytest.mark.parametrize(("is_cleared", "took_s"), [(False, 180), (True, 60)])
def test_an_alarm_that_stood_before_and_is_heard_again_starts_no_time(
    walk: Walk, is_cleared: bool, took_s: float
) -> None:
    grave = e.AlarmRaised(condition="sbp_grave_high", priority=Priority.HIGH, value="205", limit="200")
    walk.record(grave, WATCH, after_min=8)
    walk.record(e.AlarmAcknowledged(condition=grave.condition), after_min=1)
    if is_cleared:
        walk.record(e.AlarmCleared(condition=grave.condition), WATCH)
    walk.record(grave, WATCH, after_min=3)
    walk.ask(c.PauseInfusion(), after_min=1)
    (only,) = scored(walk)
    assert (only.took_s, only.of_alarm) == (took_s, is_cleared)


def test_what_was_done_before_it_happened_answers_nothing(walk: Walk) -> None:
    walk.ask(c.PauseInfusion(), after_min=9)
    assert verdicts(walk) == ["not_done"]


def test_slower_is_slower_and_faster_is_not(walk: Walk) -> None:
    walk.ask(c.SetRate(rate_ml_per_h=Decimal(155)), after_min=11)
    assert verdicts(walk) == ["not_done"]
    walk.confirm()
    walk.ask(c.SetRate(rate_ml_per_h=Decimal(90)), after_min=0.5)
    assert verdicts(walk) == ["in_time"]


def test_what_was_not_needed_is_said_once_and_beside_the_rest(walk: Walk) -> None:
    walk.ask(c.PauseInfusion(), after_min=11)
    walk.ask(c.StopInfusion())
    walk.ask(c.StopInfusion(), after_min=1)
    assert verdicts(walk) == ["in_time", "needless"]


def test_what_the_software_did_is_nobodys_act(walk: Walk) -> None:
    script = read_script("title: x\nminute 1: the line kinks\nexpect: note\nend: minute 9", file="x")
    (note,) = walk.record(e.NoteAdded(words="x"), after_min=2)
    assert [each.verdict for each in scored(walk, script)] == [Verdict.IN_TIME]
    walk.log[-1] = replace(note, by="system:watch")
    assert [each.verdict for each in scored(walk, script)] == [Verdict.NOT_DONE]


def test_what_has_not_come_yet_is_not_judged(walk: Walk) -> None:
    assert scored(walk, until_min=9) == ()


def test_what_was_struck_was_not_done(walk: Walk) -> None:
    (note,) = walk.record(e.NoteAdded(words="x"), after_min=11)
    script = read_script("title: x\nminute 10: the line kinks\nexpect: note\nend: minute 19", file="x")
    assert [each.verdict for each in scored(walk, script)] == [Verdict.IN_TIME]
    walk.ask(c.CorrectEntry(corrects_seq=note.seq, reason="wrong room"))
    assert [each.verdict for each in scored(walk, script)] == [Verdict.NOT_DONE]


def test_staff_have_their_time_by_the_clock_on_the_wall_however_fast_the_patient_lives(walk: Walk) -> None:
    """At 10 minutes in one, minute 10 comes after one; a pause 90 s later is within two minutes."""
    walk.ask(c.PauseInfusion(), after_min=2.5)
    (only,) = scored(walk, speed=10)
    assert (only.verdict, only.took_s) == (Verdict.IN_TIME, 90)


def test_it_is_over_when_nobody_has_time_left(walk: Walk) -> None:
    clock, log = clock_of(walk, 60), surviving(walk.log)
    assert not is_over(PRESSURE, log, clock, at=clock.started_at + timedelta(seconds=19))
    assert not is_over(PRESSURE, log, clock, at=clock.at(10) + timedelta(seconds=119))
    assert is_over(PRESSURE, log, clock, at=clock.at(10) + timedelta(seconds=120))
    walk.ask(c.PauseInfusion(), after_min=0.5)
    assert is_over(PRESSURE, surviving(walk.log), clock, at=clock.started_at + timedelta(seconds=40))


def test_what_helps_is_known_by_the_patients_minute(walk: Walk) -> None:
    clock = clock_of(walk, 10)
    walk.ask(c.PauseInfusion(), after_min=1.5)
    assert helped_at(PRESSURE, surviving(walk.log), clock) == {PRESSURE.events[0].line: 15}
