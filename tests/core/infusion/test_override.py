"""Two doors and no third: a condition is lifted by a prescriber and a second person, with a reason, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.conflicts import conflicts
from stillroom.core.infusion.state import Status
from stillroom.core.order import Door
from tests.core.infusion.test_recovery import ALONE, GOOD, WITH_JO, cleared, shut_by
from tests.examples import ADA, BEN, DEE, PLAN, WATCH, Walk

SICK = replace(GOOD, vomiting=True)
LIFT = c.OverrideDoor(
    door=Door.WITH_ADULT, conditions=("vomiting",), second=BEN.person, reason="a little, and used to it after travel"
)
INSISTS = replace(
    LIFT,
    door=Door.WHEN_CLEAR,
    conditions=("vomiting", "effects_not_gone_twice", "must_not_drive"),
    insists=True,
    advised="to stay until it is over, and not to drive before tomorrow",
)


def lifted(walk: Walk, asked: c.OverrideDoor = LIFT) -> Walk:
    (entry,) = walk.ask(asked, ADA)
    walk.ask(c.AgreeToOverride(overridden_seq=entry.seq), BEN)
    return walk


def test_two_of_the_staff_lift_a_condition_and_the_door_opens() -> None:
    walk = lifted(cleared(SICK))
    walk.ask(WITH_JO, BEN)
    assert walk.state.status is Status.GONE_HOME
    assert walk.state.override is not None
    assert walk.state.went_home is not None
    assert walk.state.went_home.overridden_seq == walk.state.override.seq
    assert walk.state.override_agreed_by == BEN.by


def test_a_prescriber_alone_lifts_nothing() -> None:
    walk = cleared(SICK)
    walk.ask(LIFT, ADA)
    assert shut_by(walk, WITH_JO) == {"vomiting"}


def test_a_nurse_lifts_nothing_nor_does_anybody_alone_or_without_a_reason() -> None:
    walk = cleared(SICK)
    for asked, author, code in (
        (LIFT, BEN, "role_not_allowed"),
        (replace(LIFT, second=ADA.person), ADA, "second_person_is_the_first"),
        (replace(LIFT, second=None), ADA, "override_needs_a_second"),
        (replace(LIFT, reason=" "), ADA, "override_needs_a_reason"),
        (replace(INSISTS, advised=None), ADA, "advice_not_said"),
        (replace(LIFT, conditions=()), ADA, "nothing_to_override"),
        (replace(LIFT, conditions=("not_safe_on_feet",)), ADA, "nothing_to_override"),  # they are
    ):
        with pytest.raises(Refused, match=code):
            walk.ask(asked, author)


def test_only_who_was_named_agrees_and_only_to_what_stands() -> None:
    walk = cleared(SICK)
    (entry,) = walk.ask(LIFT, ADA)
    for author, seq, code in ((DEE, entry.seq, "not_the_one_named"), (BEN, 1, "no_override_to_agree_to")):
        with pytest.raises(Refused, match=code):
            walk.ask(c.AgreeToOverride(overridden_seq=seq), author)


@pytest.mark.parametrize("code", ["not_awake_and_oriented", "help_is_called", "line_not_out", "risk_not_settled"])
@pytest.mark.parametrize("insists", [False, True])
def test_some_conditions_nobody_lifts(code: str, insists: bool) -> None:
    """Not out, not settled, not awake, help called: neither two of the staff nor a patient who insists."""
    walk = cleared(replace(GOOD, oriented=False), leave_out=code)
    walk.record(e.HelpCalled())
    asked = replace(INSISTS, conditions=(code,), insists=insists)
    with pytest.raises(Refused, match="never_overridden"):
        walk.ask(asked, ADA, after_min=20)


def test_what_was_lifted_for_one_door_lifts_nothing_for_the_other_nor_another_condition() -> None:
    walk = lifted(cleared(replace(SICK, on_feet=e.OnFeet.UNSTEADY)))
    assert shut_by(walk, WITH_JO) == {"not_safe_on_feet"}
    assert "vomiting" in shut_by(walk, ALONE)


def test_what_two_agreed_on_needs_no_newer_check_for_as_long_as_the_order_lets_vital_signs_be() -> None:
    walk = cleared(SICK)
    walk.at += timedelta(minutes=10)
    lifted(walk)
    walk.at += timedelta(minutes=15)
    other = Walk(at=walk.at, log=list(walk.log))
    walk.ask(WITH_JO, BEN)
    assert walk.state.status is Status.GONE_HOME
    other.at += timedelta(minutes=1)
    assert shut_by(other, WITH_JO) == {"vomiting", "no_recent_check"}


def test_nobody_agrees_to_what_is_over() -> None:
    walk = cleared(SICK)
    (entry,) = walk.ask(LIFT, ADA)
    walk.at += timedelta(minutes=16)
    with pytest.raises(Refused, match="no_override_to_agree_to"):
        walk.ask(c.AgreeToOverride(overridden_seq=entry.seq), BEN)


@pytest.mark.parametrize(
    "seen",
    [
        e.PatientWatched(awake=e.Awake.ALERT),
        e.VitalsCharted(source=e.Source.BY_HAND, pulse_per_min=70),
        e.HelpCalled(),
        e.AlarmRaised(condition="pulse_grave_high", priority=e.Priority.HIGH),
    ],
    ids=lambda fact: type(fact).__name__,
)
@pytest.mark.parametrize("is_agreed", [True, False])
def test_whatever_is_seen_of_them_afterwards_ends_it(seen: e.Fact, is_agreed: bool) -> None:
    """Even where that has passed again, and where the second has not agreed yet: neither knew of it."""
    walk = lifted(cleared(SICK)) if is_agreed else cleared(SICK)
    asked = walk.state.override.seq if walk.state.override else walk.ask(LIFT, ADA)[0].seq
    is_alarm = isinstance(seen, e.AlarmRaised)
    walk.record(seen, WATCH if is_alarm else BEN)
    if is_alarm:
        walk.record(e.AlarmCleared(condition="pulse_grave_high"), WATCH)
        walk.record(e.AlarmAcknowledged(condition="pulse_grave_high"))
    if isinstance(seen, e.HelpCalled):
        walk.record(e.HelpEnded())
    assert shut_by(walk, WITH_JO) == {"vomiting"}
    if not is_agreed:
        with pytest.raises(Refused, match="no_override_to_agree_to"):
            walk.ask(c.AgreeToOverride(overridden_seq=asked), BEN)


def test_a_milder_alarm_does_not_end_it() -> None:
    walk = lifted(cleared(SICK))
    walk.record(e.AlarmRaised(condition="check_overdue", priority=e.Priority.LOW), WATCH)
    walk.ask(WITH_JO, BEN)


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (e.PatientWatched(awake=e.Awake.ALERT, symptoms=(e.Symptom.HEADACHE,)), "symptom_now"),
        (e.AlarmRaised(condition="pulse_grave_high", priority=e.Priority.HIGH), "high_alarm_open"),
    ],
)
def test_two_lift_a_symptom_or_a_high_alarm_that_they_know_of(seen: e.Fact, code: str) -> None:
    walk = cleared()
    walk.record(seen, WATCH if isinstance(seen, e.AlarmRaised) else BEN)
    lifted(walk, replace(LIFT, conditions=(code,), reason="her migraine, as before each infusion"))
    walk.ask(WITH_JO, BEN)


@pytest.mark.parametrize(("after_s", "is_standing"), [(120, True), (60, False)], ids=["heard again", "worse"])
def test_an_alarm_that_is_only_heard_again_was_known_and_one_that_is_worse_was_not(
    after_s: int, is_standing: bool
) -> None:
    raised = e.AlarmRaised(condition="pulse_grave_high", priority=e.Priority.HIGH, value="155", limit="150")
    walk = cleared()
    walk.record(raised, WATCH)
    walk.record(e.AlarmAcknowledged(condition="pulse_grave_high"))
    (asked,) = walk.ask(replace(LIFT, conditions=("high_alarm_open",), reason="her tachycardia, known"), ADA)
    drawn = len(walk.log)
    walk.record(raised, WATCH, after_min=after_s / 60)
    if not is_standing:
        with pytest.raises(Refused, match="no_override_to_agree_to"):
            walk.ask(c.AgreeToOverride(overridden_seq=asked.seq), BEN)
        return
    walk.ask(c.AgreeToOverride(overridden_seq=asked.seq), BEN)
    assert conflicts(walk.state, WITH_JO, walk.log[drawn : drawn + 1], BEN) == ()
    walk.ask(WITH_JO, BEN)


def test_who_would_not_be_looked_at_again_is_written_down_as_gone_by_two() -> None:
    walk = cleared()
    walk.at += timedelta(minutes=30)
    assert shut_by(walk, WITH_JO) == {"no_recent_check"}
    lifted(walk, replace(LIFT, conditions=("no_recent_check",), reason="Would not wait"))
    walk.ask(WITH_JO, BEN)
    assert walk.state.status is Status.GONE_HOME


def test_a_look_that_comes_after_it_ends_it() -> None:
    walk = lifted(cleared(SICK))
    walk.ask(c.CheckRecovery(check=SICK))
    assert shut_by(walk, WITH_JO) == {"vomiting"}


def test_nobody_is_let_drive_by_a_judgement_and_who_drives_off_against_advice_is_written_down() -> None:
    with pytest.raises(Refused, match="never_overridden"):
        cleared(SICK).ask(replace(INSISTS, insists=False), ADA)
    walk = lifted(cleared(SICK), INSISTS)
    walk.ask(replace(ALONE, drives=True, travels_by="drives"), BEN)
    assert walk.state.went_home is not None
    assert walk.state.went_home.travels_by == "drives"


def test_who_has_nobody_to_take_them_leaves_by_a_door_that_the_order_does_not_offer_and_it_stands_there() -> None:
    walk = cleared()
    planned = walk.log[0]
    assert isinstance(planned.fact, e.InfusionPlanned)
    order = replace(PLAN.order, doors=(Door.WITH_ADULT,))
    walk.log[0] = replace(planned, fact=replace(planned.fact, order=order))
    lifted(walk, replace(INSISTS, conditions=("door_not_offered",)))
    walk.ask(ALONE, BEN)
    assert walk.state.status is Status.GONE_HOME
