"""What is heard, and what is not for a while: latching, the pause of one occurrence, who is called when nobody answers.

Times are those of safety.md: SR-42 to SR-46, and 4.5 (unacknowledged HIGH escalates at 30 s).
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.sounding import is_paused, pause_left_s, sounding
from stillroom.core.infusion.watching import ScreensSeen, noticed
from stillroom.core.order import UNSIGNED
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.priority import Priority
from tests.examples import ADA, BEN, DISPLAY, ORDER, PLAN, WATCH, Walk, an_id, infusing

SCREEN = an_id("screen")
F = TypeVar("F", bound=e.Fact)


def alarmed(condition: str = "spo2_low", priority: Priority = Priority.MEDIUM, walk: Walk | None = None) -> Walk:
    walk = walk or infusing()
    walk.record(e.AlarmRaised(condition=condition, priority=priority, value="91", limit="92"), WATCH)
    return walk


def later(walk: Walk, seconds: float) -> Walk:
    walk.at += timedelta(seconds=seconds)
    return walk


def heard(walk: Walk) -> Priority | None:
    return sounding(walk.state.alarms, at=walk.at)


def pause(walk: Walk, condition: str = "spo2_low", for_s: int | None = None, **known: object) -> None:
    walk.ask(c.PauseSound(condition=condition, for_s=for_s, **known), DISPLAY)  # type: ignore[arg-type]


def refusal(walk: Walk, command: c.Command, author: c.Author = BEN) -> set[str]:
    with pytest.raises(Refused) as refused:
        walk.ask(command, author)
    return {finding.code for finding in refused.value.findings}


@pytest.mark.parametrize("lasts", [True, False])
@pytest.mark.parametrize("is_answered", [True, False])
@pytest.mark.parametrize("is_in_pause", [True, False])
@pytest.mark.parametrize("comes_back", [True, False])
def test_seen_follows_the_condition_and_heard_the_answer(
    lasts: bool, is_answered: bool, is_in_pause: bool, comes_back: bool
) -> None:
    """SR-42, its sixteen: listed while it lasts or is unanswered; heard while it is neither answered nor paused."""
    walk = alarmed()
    if is_in_pause:
        pause(walk)
    if is_answered:
        walk.record(e.AlarmAcknowledged(condition="spo2_low"))
    if not lasts:
        walk.record(e.AlarmCleared(condition="spo2_low"), WATCH)
    if not lasts and comes_back:
        alarmed(walk=walk)
        assert (walk.state.open_conditions, heard(walk)) == ({"spo2_low"}, Priority.MEDIUM)
        return
    assert walk.state.open_conditions == ({"spo2_low"} if lasts else set())
    assert bool(walk.state.alarms) is (lasts or not is_answered)
    assert (heard(walk) is not None) is (not is_answered and not is_in_pause)


def test_a_pause_ends_by_itself_after_two_minutes_and_there_is_no_second_one() -> None:
    walk = alarmed()
    pause(walk)
    assert heard(later(walk, 119)) is None
    assert heard(later(walk, 1)) is Priority.MEDIUM
    assert refusal(walk, c.PauseSound(condition="spo2_low")) == {"sound_pause_used_up"}
    assert refusal(alarmed(), c.PauseSound(condition="spo2_low", for_s=121)) == {"sound_pause_too_long"}
    assert refusal(alarmed(), c.PauseSound(condition="spo2_low", for_s=0)) == {"sound_pause_too_long"}


def test_an_order_may_allow_less_and_never_more() -> None:
    for said, allowed in ((30, 30), (600, 120)):
        alarms = replace(UNSIGNED, sound_paused_at_most_s=said)
        walk = alarmed(walk=infusing(replace(PLAN, order=replace(ORDER, alarms=alarms))))
        pause(walk)
        assert heard(later(walk, allowed - 1)) is None
        assert heard(later(walk, 1)) is Priority.MEDIUM


def test_a_pause_can_be_cancelled_and_what_was_not_used_is_left() -> None:
    walk = alarmed()
    pause(walk)
    later(walk, 20).record(e.SoundResumed(condition="spo2_low"), DISPLAY)
    assert heard(walk) is Priority.MEDIUM
    assert pause_left_s(walk.state, walk.state.alarms[0], at=walk.at) == 100
    assert refusal(walk, c.PauseSound(condition="spo2_low", for_s=101)) == {"sound_pause_too_long"}
    pause(walk, for_s=100)
    assert heard(later(walk, 99)) is None


def test_a_new_grave_alarm_ends_every_pause_and_a_lesser_one_does_not() -> None:
    walk = alarmed()
    pause(walk)
    alarmed("pressure_overdue", Priority.LOW, later(walk, 5))
    assert heard(walk) is Priority.LOW
    alarmed("spo2_grave", Priority.HIGH, later(walk, 5))
    assert heard(walk) is Priority.HIGH
    assert not any(is_paused(alarm, at=walk.at) for alarm in walk.state.alarms)


def test_a_condition_that_comes_back_is_another_occurrence_and_is_heard() -> None:
    walk = alarmed()
    pause(walk)
    later(walk, 5).record(e.AlarmCleared(condition="spo2_low"), WATCH)
    assert heard(walk) is None
    alarmed(walk=later(walk, 5))
    assert heard(walk) is Priority.MEDIUM


def test_readings_and_notes_during_a_pause_do_not_end_it() -> None:
    walk = alarmed()
    pause(walk)
    walk.record(e.NoteAdded(words="oxygen on"))
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, spo2_percent=91))
    assert heard(later(walk, 60)) is None


def test_nothing_silences_more_than_one_alarm_of_a_name() -> None:
    walk = alarmed("pulse_high", walk=alarmed())
    assert refusal(walk, c.PauseSound(condition="")) == {"no_such_alarm"}
    assert refusal(walk, c.PauseSound(condition="*")) == {"no_such_alarm"}
    pause(walk)
    assert heard(walk) is Priority.MEDIUM


def test_nobody_writes_a_pause_past_the_rule() -> None:
    walk = alarmed()
    fact = e.SoundPaused(condition="spo2_low", for_s=3600)
    for author in (BEN, DISPLAY, WATCH):
        assert refusal(walk, c.Record(fact=fact), author) == {"role_not_allowed"}


def test_values_sound_if_the_clinic_wants_it_and_what_only_stillroom_knows_always() -> None:
    quiet = replace(PLAN, order=replace(ORDER, alarms=replace(UNSIGNED, values_sound=False)))
    walk = alarmed("spo2_grave", Priority.HIGH, infusing(quiet))
    assert (heard(walk), walk.state.open_conditions) == (None, {"spo2_grave"})
    for only_ours in ("monitor_lost", "spo2_missing", "paused_long", "doubt_lasts", "no_screen", "hard_to_rouse"):
        assert heard(alarmed(only_ours, Priority.LOW, infusing(quiet))) is Priority.LOW
    walk.record(e.AlarmEscalated(condition="spo2_grave", step=1, called=Called.SCREENS), WATCH)
    assert heard(walk) is Priority.HIGH


# --- who is called ---------------------------------------------------------------------------------------------------


def called(walk: Walk, screens: ScreensSeen | None = None) -> list[tuple[str, int, str]]:
    """What the watch would write of calls now; it is written."""
    facts = noticed(walk.state, surviving(walk.log), {}, None, at=walk.at, screens=screens)
    made = [fact for fact in facts if isinstance(fact, e.AlarmEscalated)]
    for fact in made:
        walk.record(fact, WATCH)
    return [(fact.condition, fact.step, fact.called.value) for fact in made]


def test_a_grave_alarm_that_nobody_answers_calls_step_by_step_and_stops_there() -> None:
    """At 30 s at the latest, whenever the watch looks within a second."""
    walk = alarmed("spo2_grave", Priority.HIGH)
    assert called(later(walk, 28)) == []
    assert called(later(walk, 1)) == [("spo2_grave", 1, "screens")]
    assert called(later(walk, 59)) == []
    assert called(later(walk, 1)) == [("spo2_grave", 2, "prescribers")]
    assert called(later(walk, 60)) == [("spo2_grave", 3, "everybody")]
    assert called(later(walk, 600)) == []


def test_a_medium_one_waits_two_minutes_and_a_low_one_calls_nobody() -> None:
    walk = alarmed("pressure_overdue", Priority.LOW, alarmed())
    assert called(later(walk, 118)) == []
    assert called(later(walk, 1)) == [("spo2_low", 1, "screens")]
    assert called(later(walk, 60)) == [("spo2_low", 2, "prescribers")]


def test_the_times_are_those_of_the_order() -> None:
    alarms = replace(UNSIGNED, high_escalates_after_s=5, escalates_further_after_s=7)
    walk = alarmed("spo2_grave", Priority.HIGH, infusing(replace(PLAN, order=replace(ORDER, alarms=alarms))))
    assert called(later(walk, 5)) == [("spo2_grave", 1, "screens")]
    assert called(later(walk, 7)) == [("spo2_grave", 2, "prescribers")]


def test_an_answer_ends_the_calling_and_a_pause_holds_it_no_longer_than_it_lasts() -> None:
    walk = alarmed("spo2_grave", Priority.HIGH)
    pause(walk, "spo2_grave", 60)
    assert called(later(walk, 60)) == []
    assert called(later(walk, 28)) == []
    assert called(later(walk, 1)) == [("spo2_grave", 1, "screens")]
    walk.record(e.AlarmAcknowledged(condition="spo2_grave"))
    assert called(later(walk, 600)) == []


def test_what_has_passed_and_nobody_saw_is_called_out_all_the_same() -> None:
    walk = alarmed("spo2_grave", Priority.HIGH)
    walk.record(e.AlarmCleared(condition="spo2_grave"), WATCH)
    assert called(later(walk, 30)) == [("spo2_grave", 1, "screens")]


tens = st.integers(0, 12).map(lambda each: each * 10)


@settings(max_examples=25)
@given(turns=st.lists(st.tuples(tens, tens), min_size=1, max_size=6))
def test_however_it_is_paused_one_occurrence_is_silent_for_two_minutes_at_most_and_called_out_thirty_seconds_later(
    turns: list[tuple[int, int]],
) -> None:
    """120 s of pause together, and 30 s: nobody can put off the first call for longer."""
    walk = alarmed("spo2_grave", Priority.HIGH)
    silent, first, began = 0, None, walk.at
    for for_s, wait_s in (*turns, (0, 160)):
        with suppress(Refused):
            pause(walk, "spo2_grave", for_s)
        for _ in range(0, wait_s, 10):
            silent += 10 * (heard(walk) is None)
            if called(later(walk, 10)) and first is None:
                first = walk.at - began
    assert silent <= 120
    assert first is not None
    assert first <= timedelta(seconds=150)


# --- screens ---------------------------------------------------------------------------------------------------------


def facts_now(walk: Walk, screens: ScreensSeen) -> list[e.Fact]:
    return list(noticed(walk.state, surviving(walk.log), {}, None, at=walk.at, screens=screens))


def test_a_drip_that_no_screen_shows_for_ten_seconds_calls_at_once_and_a_screen_answers_it() -> None:
    walk = later(infusing(), 600)
    shown_at = walk.at
    gone = ScreensSeen(shown_at=shown_at)
    assert not [fact for fact in facts_now(later(walk, 9), gone) if getattr(fact, "condition", "") == "no_screen"]
    (raised,) = (f for f in facts_now(later(walk, 1), gone) if getattr(f, "condition", "") == "no_screen")
    walk.record(raised, WATCH)
    assert called(walk, gone) == [("no_screen", 1, "screens")]
    back = ScreensSeen(shown_at=walk.at)
    (over,) = (f for f in facts_now(walk, back) if getattr(f, "condition", "") == "no_screen")
    assert isinstance(over, e.AlarmCleared)
    walk.record(over, WATCH)
    assert [alarm for alarm in walk.state.alarms if alarm.condition == "no_screen"] == []


def test_a_drip_that_was_never_shown_is_called_out_too_and_one_nobody_asked_about_is_not() -> None:
    walk = later(infusing(), 11)
    assert any(getattr(fact, "condition", "") == "no_screen" for fact in facts_now(walk, ScreensSeen(shown_at=None)))
    assert not noticed(walk.state, surviving(walk.log), {}, None, at=walk.at)


def test_a_silence_from_a_screen_that_is_gone_is_over() -> None:
    """SR-45: the sound comes back when the screen it was paused from goes."""
    walk = alarmed()
    pause(walk, screen=SCREEN)
    here = ScreensSeen(shown_at=walk.at, alive=frozenset({SCREEN}))
    assert e.SoundResumed(condition="spo2_low") not in facts_now(walk, here)
    gone = replace(here, alive=frozenset({an_id("another")}))
    assert e.SoundResumed(condition="spo2_low") in facts_now(walk, gone)


def test_with_the_patient_gone_home_nothing_sounds() -> None:
    walk = alarmed()
    home = replace(walk.log[-1], seq=walk.log[-1].seq + 1, fact=e.WentHome(door=ORDER.doors[0], travels_by="taxi"))
    walk.log.append(home)
    assert walk.state.alarms == ()


def test_a_screen_that_shows_it_is_written_down_once_each_time_it_is_raised() -> None:
    """SR-53: shown and audible are edges too."""
    walk = alarmed()
    assert not of(e.AlarmShown, facts_now(walk, ScreensSeen(shown_at=walk.at)))
    seen = ScreensSeen(shown_at=later(walk, 2).at)
    (shown,) = of(e.AlarmShown, facts_now(walk, seen))
    assert shown == e.AlarmShown(condition="spo2_low", can_sound=False)
    assert of(e.AlarmShown, facts_now(walk, replace(seen, heard_at=walk.at)))[0].can_sound
    walk.record(shown, WATCH)
    assert not of(e.AlarmShown, facts_now(walk, seen))
    walk.record(e.AlarmCleared(condition="spo2_low"), WATCH)
    alarmed(walk=later(walk, 5))
    assert not of(e.AlarmShown, facts_now(walk, seen))
    assert of(e.AlarmShown, facts_now(walk, ScreensSeen(shown_at=later(walk, 2).at)))


def of(kind: type[F], facts: Iterable[e.Fact]) -> list[F]:
    return [fact for fact in facts if isinstance(fact, kind)]


# --- the same again, and again ---------------------------------------------------------------------------------------


def flickers(walk: Walk, times: int, condition: str = "spo2_low", priority: Priority = Priority.MEDIUM) -> Walk:
    """It passes and is back ten seconds later, so often."""
    for _ in range(times):
        later(walk, 10).record(e.AlarmCleared(condition=condition), WATCH)
        alarmed(condition, priority, later(walk, 10))
    return walk


def test_what_comes_back_within_a_minute_is_one_alarm_that_is_heard_each_time() -> None:
    """SR-52, and SR-42 holds all the same."""
    walk = alarmed()
    began = walk.at
    flickers(walk, 3)
    (alarm,) = walk.state.alarms
    assert (alarm.times, alarm.raised_at, heard(walk)) == (4, began, Priority.MEDIUM)
    walk.record(e.AlarmAcknowledged(condition="spo2_low"))
    flickers(walk, 1)
    (alarm,) = walk.state.alarms
    assert (alarm.times, alarm.raised_at, heard(walk)) == (5, walk.at, Priority.MEDIUM)
    later(walk, 10).record(e.AlarmCleared(condition="spo2_low"), WATCH)
    (alarm,) = alarmed(walk=later(walk, 61)).state.alarms
    assert alarm.times == 1


def test_an_alarm_that_flickers_and_that_nobody_answers_is_called_out_in_time() -> None:
    """Each return would begin the wait anew, and nobody would ever be called."""
    walk = alarmed("spo2_grave", Priority.HIGH)
    flickers(walk, 1, "spo2_grave", Priority.HIGH)
    assert called(later(walk, 8)) == []
    assert called(later(walk, 1)) == [("spo2_grave", 1, "screens")]


def test_in_a_flood_every_high_alarm_is_seen_and_heard() -> None:
    """500 alarms in a minute, of one low and one medium condition; in the midst a high one."""
    walk = alarmed("watch_overdue", Priority.LOW)
    alarmed("pulse_high", Priority.MEDIUM, walk)
    for turn in range(250):
        for condition, priority in (("watch_overdue", Priority.LOW), ("pulse_high", Priority.MEDIUM)):
            walk.record(e.AlarmCleared(condition=condition), WATCH)
            alarmed(condition, priority, later(walk, 0.12))
        if turn == 125:
            alarmed("spo2_grave", Priority.HIGH, walk)
    found = {alarm.condition: alarm.times for alarm in walk.state.alarms}
    assert found == {"watch_overdue": 251, "pulse_high": 251, "spo2_grave": 1}
    assert heard(walk) is Priority.HIGH


def silenced(walk: Walk, condition: str = "spo2_low") -> Walk:
    """Raised, seen, over."""
    alarmed(condition, walk=later(walk, 60))
    walk.record(e.AlarmAcknowledged(condition=condition))
    walk.record(e.AlarmCleared(condition=condition), WATCH)
    return walk


def wants_review(walk: Walk) -> bool:
    return any(
        fact.condition == "review_wanted" for fact in of(e.AlarmRaised, facts_now(walk, ScreensSeen(shown_at=walk.at)))
    )


def test_three_alarms_silenced_within_ten_minutes_ask_for_a_prescriber_until_one_has_looked() -> None:
    """SR-27. Not for what is put right, as a look that was due; nor over a longer time."""
    walk = infusing()
    for _ in range(4):
        silenced(walk, "watch_overdue")
    assert not wants_review(silenced(silenced(walk), "pulse_high"))
    assert wants_review(silenced(walk))
    walk.record(e.AlarmRaised(condition="review_wanted", priority=Priority.MEDIUM), WATCH)
    assert called(walk) == [("review_wanted", 1, "screens")]
    later(walk, 900)
    assert not of(e.AlarmCleared, facts_now(walk, ScreensSeen(shown_at=walk.at)))
    assert refusal(walk, c.Record(fact=e.AlarmsReviewed())) == {"role_not_allowed"}
    walk.record(e.AlarmsReviewed(), ADA)
    assert e.AlarmCleared(condition="review_wanted") in facts_now(walk, ScreensSeen(shown_at=walk.at))
    walk.record(e.AlarmCleared(condition="review_wanted"), WATCH)
    assert not wants_review(walk)
    assert refusal(walk, c.Record(fact=e.AlarmsReviewed()), ADA) == {"no_review_wanted"}


def test_three_alarms_over_a_longer_time_ask_for_nobody() -> None:
    walk = infusing()
    for _ in range(5):
        assert not wants_review(silenced(later(walk, 300)))


def test_while_a_review_is_wanted_a_prescriber_resumes_and_nobody_is_kept_from_pause_slower_and_stop() -> None:
    walk = infusing()
    walk.record(e.AlarmRaised(condition="review_wanted", priority=Priority.MEDIUM), WATCH)
    walk.ask(c.SetRate(rate_ml_per_h=Decimal(60)))
    walk.ask(c.ConfirmDone(intent_seq=walk.log[-1].seq))
    walk.ask(c.PauseInfusion(), DISPLAY)
    walk.ask(c.ConfirmDone(intent_seq=walk.log[-1].seq), DISPLAY)
    assert refusal(walk, c.ResumeInfusion()) == {"review_first"}
    walk.ask(c.ResumeInfusion(), ADA)
    walk.ask(c.StopInfusion(), DISPLAY)


def test_three_resumptions_within_ten_minutes_ask_for_one_too() -> None:
    walk = infusing()
    for turn in range(3):
        assert not wants_review(walk), turn
        for command in (c.PauseInfusion(), c.ResumeInfusion()):
            walk.ask(command)
            walk.ask(c.ConfirmDone(intent_seq=later(walk, 30).log[-1].seq))
    assert wants_review(walk)


def test_the_next_infusion_begins_with_the_limits_of_its_own_order() -> None:
    """SR-54: nothing that was changed at the bedside is carried over."""
    walk = infusing()
    walk.ask(c.ChangeLimit(limit="sbp_high_mmhg", value=150, reason="a stroke in the family"))
    assert walk.state.watch_limits.sbp_high_mmhg == 150
    assert infusing().state.watch_limits == ORDER.watch_limits
