"""What "Seen" silences, and for how long: safety.md #17, two minutes at most or until it is over, that one alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.alarm_history import alarm_history
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.sounding import is_paused, pause_left_s
from stillroom.core.infusion.watching import MonitorHeard, noticed
from stillroom.core.order import UNSIGNED
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.priority import Priority
from stillroom.core.safety.watch import LinkSeen
from stillroom.core.vitals import Sample, Signal
from tests.core.infusion.test_sounding import alarmed, called, heard, later, pause
from tests.examples import ADA, BEN, ORDER, PLAN, WATCH, Walk, an_id, infusing

GRAVE = "spo2_grave"


def looked(walk: Walk, sign: Signal, *values: int, every_s: int = 5) -> list[e.Fact]:
    """The watch looks now; the monitor has sent these, the last of them now. What it raises and ends is written."""
    times = [walk.at - timedelta(seconds=every_s * (len(values) - 1 - each)) for each in range(len(values))]
    sent = [Sample(sign, Decimal(value), at, at) for value, at in zip(values, times, strict=True)]
    link = LinkSeen(interval_s=every_s, cuff_interval_s=300, last_heard_at=walk.at)
    facts = noticed(walk.state, surviving(walk.log), {sign: sent}, MonitorHeard(id=an_id("m"), link=link), at=walk.at)
    found = [
        each
        for each in facts
        if isinstance(each, e.AlarmRaised | e.AlarmCleared) and each.condition.startswith(sign[:3])
    ]
    for each in found:
        walk.record(each, WATCH)
    return found


def spo2(walk: Walk, *values: int) -> list[e.Fact]:
    return looked(walk, Signal.SPO2_PERCENT, *values)


def seen_at_88(walk: Walk | None = None) -> Walk:
    walk = later(walk or infusing(), 300)
    assert [each.condition for each in spo2(walk, 98, 98, 88, 88, 88) if isinstance(each, e.AlarmRaised)] == [GRAVE]
    walk.record(e.AlarmAcknowledged(condition=GRAVE))
    assert heard(walk) is None
    return walk


def test_what_still_stands_two_minutes_after_it_was_seen_is_heard_and_called_out_from_the_first_step() -> None:
    walk = seen_at_88()
    began = walk.at
    assert spo2(later(walk, 119), *[88] * 24) == []
    assert heard(walk) is None
    assert heard(later(walk, 1)) is Priority.HIGH, "whether or not the watch has looked"
    assert spo2(walk, *[88] * 24) == [e.AlarmRaised(condition=GRAVE, priority=Priority.HIGH, value="88", limit="90")]
    (alarm,) = walk.state.alarms
    assert (alarm.acknowledged_by, alarm.seen_before_by, alarm.since, alarm.is_worse) == (None, BEN.by, began, False)
    assert spo2(later(walk, 1), *[88] * 24) == []
    assert called(later(walk, 28)) == [(GRAVE, 1, "screens")]
    assert called(later(walk, 60)) == [(GRAVE, 2, "prescribers")]


def test_it_can_be_seen_again_and_again_and_is_one_row_of_the_history() -> None:
    walk = seen_at_88()
    for turn in range(3):
        (again,) = spo2(later(walk, 120), *[88] * 24)
        assert isinstance(again, e.AlarmRaised), turn
        assert heard(walk) is Priority.HIGH
        later(walk, 10).record(e.AlarmAcknowledged(condition=GRAVE))
        assert heard(walk) is None
    (row,) = alarm_history(surviving(walk.log))
    assert (len(row.again), len(row.seen_again), row.acknowledged_by) == (3, 3, BEN.by)
    spo2(later(walk, 10), 97, 97, 97)
    assert walk.state.alarms == ()
    assert heard(later(walk, 300)) is None


def test_one_that_stands_is_one_turn_of_being_silenced_however_often_it_is_seen() -> None:
    """SR-27 asks for a prescriber when alarms come again, not when one is looked after for long."""
    walk = seen_at_88()
    for _ in range(3):
        spo2(later(walk, 120), *[88] * 24)
        walk.record(e.AlarmAcknowledged(condition=GRAVE))
    facts = noticed(walk.state, surviving(walk.log), {}, None, at=walk.at)
    assert "review_wanted" not in {each.condition for each in facts if isinstance(each, e.AlarmRaised)}


@pytest.mark.parametrize(("value", "is_heard"), [(86, False), (85, True), (55, True)])
def test_what_gets_clearly_worse_after_it_was_seen_is_heard_at_once(value: int, is_heard: bool) -> None:
    """As far again as from the order's 92 to its 90, and for as long as any grave figure: ten seconds."""
    walk = seen_at_88()
    assert spo2(later(walk, 25), *[88] * 3, value, value) == []
    found = spo2(later(walk, 5), *[88] * 3, value, value, value)
    assert [each.value for each in found if isinstance(each, e.AlarmRaised)] == ([str(value)] if is_heard else [])
    assert (heard(walk) is Priority.HIGH) is is_heard
    assert walk.state.alarms[0].is_worse is is_heard


def test_worse_counts_from_what_stood_there_when_it_was_seen() -> None:
    walk = later(infusing(), 300)
    spo2(walk, 98, 98, 88, 88, 88)
    spo2(later(walk, 20), *[80] * 5)
    walk.record(e.AlarmAcknowledged(condition=GRAVE))
    assert spo2(later(walk, 30), *[80] * 9) == []
    assert spo2(later(walk, 20), *[80] * 11, *[79] * 4) == []
    (worse,) = spo2(later(walk, 20), *[80] * 14, *[77] * 5)
    assert isinstance(worse, e.AlarmRaised)


def test_one_figure_that_is_far_worse_is_no_worse_yet() -> None:
    walk = seen_at_88()
    assert spo2(later(walk, 30), 88, 88, 50, 88, 88, 88) == []


def test_a_cuff_says_that_a_pressure_is_worse_by_one_figure() -> None:
    """From 180 to 200 it is 20: 205 seen, 225 is no more than a step, 226 is more."""
    walk = later(infusing(), 300)
    looked(walk, Signal.SBP_MMHG, 205, every_s=300)
    for condition in ("sbp_grave_high", "sbp_high"):
        if condition in walk.state.open_conditions:
            walk.record(e.AlarmAcknowledged(condition=condition))
    at = walk.at
    for value, raised in ((225, []), (226, ["226"])):
        walk.at = at + timedelta(seconds=60)
        found = looked(walk, Signal.SBP_MMHG, 205, value, every_s=60)
        assert [each.value for each in found if isinstance(each, e.AlarmRaised)] == raised


def test_a_medium_alarm_that_was_seen_stays_quiet_until_it_is_over() -> None:
    walk = alarmed()
    walk.record(e.AlarmAcknowledged(condition="spo2_low"))
    assert heard(later(walk, 3600)) is None
    with pytest.raises(Refused):
        walk.record(e.AlarmRaised(condition="spo2_low", priority=Priority.MEDIUM, value="91", limit="92"), WATCH)


def test_of_two_watches_the_second_says_nothing_twice() -> None:
    walk = seen_at_88()
    (again,) = spo2(later(walk, 120), *[88] * 24)
    with pytest.raises(Refused) as refused:
        walk.record(again, WATCH)
    assert [each.code for each in refused.value.findings] == ["alarm_already_open"]


def test_an_order_may_say_sooner_and_not_later() -> None:
    """#17: at most two minutes."""
    for said, quiet_s in ((60, 60), (600, 120)):
        walk = seen_at_88(
            infusing(replace(PLAN, order=replace(ORDER, alarms=replace(UNSIGNED, seen_again_after_s=said))))
        )
        assert heard(later(walk, quiet_s - 1)) is None
        assert heard(later(walk, 1)) is Priority.HIGH


def test_what_has_no_figure_is_heard_again_too_and_what_was_called_out_before_is_called_out_anew() -> None:
    walk = alarmed("cannot_be_roused", Priority.HIGH, infusing())
    walk.record(e.PatientWatched(awake=e.Awake.NOT_ROUSED, not_woken=False, breaths_per_min=12))
    assert called(later(walk, 30)) == [("cannot_be_roused", 1, "screens")]
    walk.record(e.AlarmAcknowledged(condition="cannot_be_roused"))
    later(walk, 120)
    facts = noticed(walk.state, surviving(walk.log), {}, None, at=walk.at)
    (again,) = (each for each in facts if isinstance(each, e.AlarmRaised) and each.priority is Priority.HIGH)
    walk.record(again, WATCH)
    assert [alarm.step for alarm in walk.state.alarms] == [0]
    assert called(later(walk, 29)) == [("cannot_be_roused", 1, Called.SCREENS.value)]


def test_that_it_is_heard_again_gives_no_second_pause() -> None:
    walk = seen_at_88()
    spo2(later(walk, 120), *[88] * 24)
    pause(walk, GRAVE, 90)
    later(walk, 100).record(e.AlarmAcknowledged(condition=GRAVE), ADA)
    spo2(later(walk, 120), *[88] * 24)
    assert pause_left_s(walk.state, walk.state.alarms[0], at=walk.at) == 30
    with pytest.raises(Refused):
        walk.ask(c.PauseSound(condition=GRAVE, for_s=31))


@pytest.mark.parametrize(("value", "is_heard"), [(28, False), (27, True)])
def test_a_step_is_two_margins_at_least_so_that_nothing_wavers_across_it(value: int, is_heard: bool) -> None:
    """The order's 45 and 40 lie one margin apart."""
    walk = later(infusing(), 300)
    looked(walk, Signal.PULSE_PER_MIN, 60, 38, 38, 38, 38)
    walk.record(e.AlarmAcknowledged(condition="pulse_grave_low"))
    found = looked(later(walk, 60), Signal.PULSE_PER_MIN, *[38] * 8, *[value] * 5)
    assert [each.condition for each in found if isinstance(each, e.AlarmRaised)] == ["pulse_grave_low"] * is_heard


def by_hand(walk: Walk) -> list[str]:
    """The watch looks where a hand measures; what it raises and ends of saturation and pressure is written."""
    facts = noticed(walk.state, surviving(walk.log), {}, None, at=walk.at)
    of_them = {GRAVE, "sbp_grave_high"}
    found = [each for each in facts if isinstance(each, e.AlarmRaised | e.AlarmCleared) and each.condition in of_them]
    for each in found:
        walk.record(each, WATCH)
    return [type(each).__name__ for each in found]


def test_what_was_seen_is_over_by_the_second_good_figure_though_it_was_heard_again_in_between() -> None:
    walk = later(infusing(), 300)
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=230, dbp_mmhg=100))
    assert by_hand(walk) == ["AlarmRaised"]
    walk.record(e.AlarmAcknowledged(condition="sbp_grave_high"))
    good = e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=125, dbp_mmhg=80)
    walk.record(good, after_min=1)
    assert by_hand(walk) == []
    assert by_hand(later(walk, 90)) == ["AlarmRaised"], "heard again"
    walk.record(good, after_min=2)
    assert by_hand(walk) == ["AlarmCleared"]


def test_in_recovery_two_good_checks_end_what_the_monitor_had_raised_before_the_probe_came_off() -> None:
    every_min = ORDER.intervals.recovery_check_every_min
    check = e.RecoveryChecked(awake=e.Awake.ALERT, spo2_percent=97, on_room_air=True)
    walk = seen_at_88()
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(20)))
    walk.ask(c.CheckRecovery(check=check), after_min=1)
    by_hand(later(walk, 60))
    walk.ask(c.CheckRecovery(check=check), after_min=every_min)
    assert "AlarmCleared" in by_hand(walk)


def test_one_that_is_only_heard_again_ends_no_pause_of_another() -> None:
    walk = seen_at_88()
    alarmed("hard_to_rouse", walk=later(walk, 60))
    pause(walk, "hard_to_rouse")
    assert isinstance(spo2(later(walk, 60), *[88] * 24)[0], e.AlarmRaised)
    (paused,) = (each for each in walk.state.alarms if each.condition == "hard_to_rouse")
    assert is_paused(paused, at=walk.at)
    (row,) = (each for each in alarm_history(surviving(walk.log)) if each.condition == "hard_to_rouse")
    assert row.pauses[0].until_at == paused.paused_until
