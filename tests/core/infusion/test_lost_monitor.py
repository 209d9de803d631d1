"""A monitor that falls silent while the drip is in use: first medium, then the missing saturation instead, high."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.watching import MonitorHeard, noticed
from stillroom.core.safety.priority import Priority
from stillroom.core.safety.watch import LinkSeen
from stillroom.core.vitals import Sample, Signal
from tests.core.infusion.test_sounding import heard, later
from tests.examples import ORDER, WATCH, Walk, an_id, infusing

OF_LINK = (e.AlarmRaised, e.AlarmCleared, e.MonitorLost, e.MonitorFound)


def looked(walk: Walk, last_heard_at: datetime | None, *, is_gone: bool = False) -> list[str]:
    """The watch looks; the monitor has sent a good saturation each five seconds until then."""
    times = [last_heard_at - timedelta(seconds=each) for each in (10, 5, 0)] if last_heard_at else []
    sent = [Sample(Signal.SPO2_PERCENT, Decimal(98), at, at) for at in times]
    link = LinkSeen(interval_s=5, cuff_interval_s=300, last_heard_at=last_heard_at)
    monitor = None if is_gone else MonitorHeard(id=an_id("m"), link=link)
    facts = noticed(
        walk.state, surviving(walk.log), {Signal.SPO2_PERCENT: sent}, monitor, at=walk.at, is_monitor_gone=is_gone
    )
    found = [each for each in facts if isinstance(each, OF_LINK) and getattr(each, "condition", "") not in OVERDUE]
    for each in found:
        walk.record(each, WATCH)
    return [f"{type(each).__name__} {getattr(each, 'condition', '')}".strip() for each in found]


OVERDUE = {"pressure_overdue", "pressure_long_overdue", "watch_overdue", "watch_long_overdue"}


def standing(walk: Walk) -> list[tuple[str, Priority]]:
    return [(each.condition, each.priority) for each in walk.state.alarms if each.condition not in OVERDUE]


def silent(walk: Walk) -> datetime:
    later(walk, 600)
    last = walk.at
    assert looked(walk, last) == []
    return last


def test_it_is_one_alarm_and_grave_after_a_minute_and_the_monitor_is_found_again_once() -> None:
    walk = infusing()
    last = silent(walk)
    assert looked(later(walk, 30), last) == ["MonitorLost", "AlarmRaised monitor_lost"]
    assert standing(walk) == [("monitor_lost", Priority.MEDIUM)]
    assert looked(later(walk, 31), last) == ["AlarmRaised spo2_missing", "AlarmCleared monitor_lost"]
    assert standing(walk) == [("spo2_missing", Priority.HIGH)]
    assert heard(walk) is Priority.HIGH
    assert looked(later(walk, 1), last) == []
    assert looked(later(walk, 5), walk.at) == ["MonitorFound", "AlarmCleared spo2_missing"]


def test_a_saturation_by_hand_holds_it_off_for_as_long_as_the_order_lets_pass_between_two_looks() -> None:
    walk = infusing()
    last = silent(walk)
    looked(later(walk, 61), last)
    assert standing(walk) == [("spo2_missing", Priority.HIGH)]
    walk.record(e.AlarmAcknowledged(condition="spo2_missing"))
    walk.record(e.VitalsCharted(source=e.Source.BY_HAND, spo2_percent=97))
    looked(later(walk, 1), last)
    assert standing(walk) == [("monitor_lost", Priority.MEDIUM)]
    every_s = ORDER.intervals.watched_every_min * 60
    assert looked(later(walk, every_s - 2), last) == []
    assert looked(later(walk, 1), last) == ["AlarmRaised spo2_missing", "AlarmCleared monitor_lost"]


def test_a_monitor_without_a_probe_is_answered_by_hand_for_as_long_as_between_two_looks() -> None:
    """Ten minutes in the order of the tests; figures written in time ring nothing but at the start."""
    walk = infusing()

    def looked_after(wait_s: float, *, sent_before: dict[Signal, datetime] | None = None) -> list[str]:
        later(walk, wait_s)
        link = LinkSeen(interval_s=5, cuff_interval_s=300, last_heard_at=walk.at)
        monitor = MonitorHeard(id=an_id("m"), link=link)
        facts = noticed(walk.state, surviving(walk.log), {}, monitor, at=walk.at, sent_before=sent_before or {})
        found = [each for each in facts if getattr(each, "condition", "") == "spo2_missing"]
        found = [each for each in found if isinstance(each, OF_LINK)]
        for each in found:
            walk.record(each, WATCH)
        return [type(each).__name__ for each in found]

    assert looked_after(70) == ["AlarmRaised"]
    by_hand = e.VitalsCharted(source=e.Source.BY_HAND, spo2_percent=97)
    walk.record(by_hand)
    assert looked_after(1) == ["AlarmCleared"]
    for _ in range(3):
        assert looked_after(8 * 60) == []
        walk.record(by_hand)
    was_sent = {Signal.SPO2_PERCENT: walk.at - timedelta(minutes=5)}
    assert looked_after(60, sent_before=was_sent) == ["AlarmRaised"], "one that has sent is to have its probe on"
    assert looked_after(1) == ["AlarmCleared"]
    assert looked_after(9 * 60) == ["AlarmRaised"], "ten minutes without a figure"


def test_one_that_was_taken_away_says_it_too() -> None:
    walk = infusing()
    last = silent(walk)
    assert looked(later(walk, 30), last, is_gone=True) == ["AlarmRaised monitor_lost"]
    assert looked(later(walk, 31), last, is_gone=True) == ["AlarmRaised spo2_missing", "AlarmCleared monitor_lost"]


def test_after_the_drip_it_stays_grave_until_a_check_has_found_the_patient_awake() -> None:
    """Safety note 2.3: continuous to alert."""
    walk = infusing()
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    last = walk.at
    looked(later(walk, 61), last)
    assert ("spo2_missing", Priority.HIGH) in standing(walk)
    walk.ask(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.ALERT)))
    assert "AlarmCleared spo2_missing" in looked(later(walk, 1), last)


def test_who_is_sleepy_again_after_an_alert_check_is_to_have_the_probe_on_again() -> None:
    walk = infusing()
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    last = walk.at
    walk.ask(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.ALERT)), after_min=1)
    looked(later(walk, 120), last)
    assert ("spo2_missing", Priority.HIGH) not in standing(walk)
    walk.record(e.PatientWatched(awake=e.Awake.NEEDS_TOUCH))
    looked(later(walk, 1), last)
    assert ("spo2_missing", Priority.HIGH) in standing(walk)
