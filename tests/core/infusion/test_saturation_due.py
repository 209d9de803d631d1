"""Where no monitor sends a saturation a hand measures it: safety.md 2.3 has it continuous, SR-32 misses what is due."""

from __future__ import annotations

from decimal import Decimal

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.watching import noticed
from stillroom.core.vitals import Sample, Signal
from tests.core.infusion.test_sounding import later
from tests.examples import ORDER, WATCH, Walk, infusing

EVERY_S = ORDER.intervals.watched_every_min * 60
BY_HAND = e.VitalsCharted(source=e.Source.BY_HAND, spo2_percent=97)


def looked(walk: Walk, sent: dict[Signal, list[Sample]] | None = None) -> list[tuple[str, str, str]]:
    """What the watch writes now of a saturation that is due."""
    facts = noticed(walk.state, surviving(walk.log), sent or {}, None, at=walk.at)
    found = [
        each
        for each in facts
        if isinstance(each, e.AlarmRaised | e.AlarmCleared) and each.condition.startswith("saturation")
    ]
    for each in found:
        walk.record(each, WATCH)
    return [(type(each).__name__, each.condition, getattr(each, "priority", "")) for each in found]


def test_it_is_due_with_each_look_from_the_start_on_and_called_out_as_a_pressure_is() -> None:
    walk = infusing()
    assert looked(later(walk, EVERY_S + 119)) == []
    assert looked(later(walk, 1)) == [("AlarmRaised", "saturation_overdue", "low")]
    assert looked(later(walk, 180)) == [
        ("AlarmRaised", "saturation_long_overdue", "medium"),
        ("AlarmCleared", "saturation_overdue", ""),
    ]
    walk.record(BY_HAND)
    assert looked(later(walk, 1)) == [("AlarmCleared", "saturation_long_overdue", "")]
    assert looked(later(walk, EVERY_S + 118)) == []
    assert looked(later(walk, 2)) == [("AlarmRaised", "saturation_overdue", "low")]


def test_a_look_and_a_pressure_without_one_put_it_off_no_longer() -> None:
    walk = infusing()
    for _ in range(4):
        walk.record(e.PatientWatched(awake=e.Awake.DROWSY, not_woken=False, breaths_per_min=12), after_min=8)
        walk.record(e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=120, dbp_mmhg=75))
    assert looked(walk) == [("AlarmRaised", "saturation_long_overdue", "medium")]


def test_whatever_device_does_send_one_puts_it_off() -> None:
    walk = later(infusing(), EVERY_S + 300)
    at = walk.at
    assert looked(walk, {Signal.SPO2_PERCENT: [Sample(Signal.SPO2_PERCENT, Decimal(98), at, at)]}) == []


def test_after_the_drip_the_recovery_checks_take_its_place() -> None:
    walk = infusing()
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    assert looked(later(walk, 600)) == []
