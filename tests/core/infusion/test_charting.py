"""The monitor's pressures come into the log without a hand: as often as the order wants one, and each highest one."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.by_log import by_log
from stillroom.core.infusion.charting import to_chart
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.report import pressures
from stillroom.core.vitals import Sample, Signal, Validity
from tests.examples import BEN, WATCH, D, Walk, arrived, infusing, recovering

Readings = dict[Signal, list[Sample]]


def cuff(at: datetime, *values: tuple[float, int, int], validity: Validity = Validity.VALID) -> Readings:
    """So many minutes ago: upper and lower pressure."""
    found: Readings = {Signal.SBP_MMHG: [], Signal.DBP_MMHG: []}
    for ago_min, upper, lower in values:
        then = at - timedelta(minutes=ago_min)
        for signal, value in ((Signal.SBP_MMHG, upper), (Signal.DBP_MMHG, lower)):
            found[signal].append(Sample(signal, D(value), then, then, validity))
    return found


def streamed(signal: Signal, value: int, at: datetime, *, ago_s: float = 2) -> Readings:
    then = at - timedelta(seconds=ago_s)
    return {signal: [Sample(signal, D(value), then, then)]}


def charted(walk: Walk, readings: Readings) -> e.Dated | None:
    log = tuple(walk.log)
    left = tuple(surviving(log))
    return to_chart(walk.state, log, by_log(walk.state, left), readings, at=walk.at)


def write(walk: Walk, found: e.Dated | None) -> None:
    assert found is not None
    walk.ask(c.Record(fact=found.fact, occurred_at=found.occurred_at, late_reason="It was sent"), WATCH)


def later(walk: Walk, minutes: float) -> Walk:
    walk.at += timedelta(minutes=minutes)
    return walk


def test_it_is_charted_as_often_as_the_order_wants_one_with_what_else_was_shown_then() -> None:
    walk = later(infusing(), 6)
    every_min = walk.state.planned.order.intervals.pressure_every_min  # type: ignore[union-attr]
    sent = cuff(walk.at, (0, 131, 82)) | streamed(Signal.SPO2_PERCENT, 97, walk.at)
    sent |= streamed(Signal.HEART_RATE_PER_MIN, 74, walk.at) | streamed(Signal.RESP_PER_MIN, 13, walk.at)
    found = charted(walk, sent)
    assert found == e.Dated(
        occurred_at=walk.at,
        fact=e.VitalsCharted(
            source=e.Source.MONITOR, sbp_mmhg=131, dbp_mmhg=82, pulse_per_min=74, spo2_percent=97, resp_per_min=13
        ),
    )
    write(walk, found)
    early = later(walk, every_min / 2 - 1)
    assert charted(early, cuff(early.at, (0, 131, 82))) is None
    due = later(walk, 1)
    assert charted(due, cuff(due.at, (0, 131, 82))) is not None


@pytest.mark.parametrize("cuff_every_min", [1, 2.5, 3, 4, 5])
def test_no_two_are_further_apart_than_the_order_wants_however_often_the_cuff_inflates(cuff_every_min: float) -> None:
    walk = later(infusing(), 1)
    assert walk.state.planned is not None
    every_min = walk.state.planned.order.intervals.pressure_every_min
    assert every_min == 10
    times = []
    for number in range(round(40 / cuff_every_min)):
        later(walk, cuff_every_min)
        if found := charted(walk, cuff(walk.at, (0, 131 + number % 2, 82))):
            write(walk, found)
            times.append(walk.at)
    assert max(after - before for before, after in pairwise(times)) <= timedelta(minutes=every_min)
    assert len(times) <= 40 / (every_min / 2) + 3


def test_what_a_cuff_measured_once_and_a_monitor_sends_each_second_is_charted_once_and_struck_once() -> None:
    """With a new time each time, until long after; the pressure of the arm that moved too."""
    walk = later(infusing(), 6)
    again = [(each / 60, 235, 82) for each in range(300, -1, -1)]
    found = charted(walk, cuff(walk.at, *again))
    assert found is not None
    assert found.occurred_at == walk.at - timedelta(minutes=5)
    write(walk, found)
    longer = [(each / 60, 235, 82) for each in range(840, -1, -1)]
    assert charted(later(walk, 9), cuff(walk.at, *longer)) is None
    walk.ask(c.CorrectEntry(corrects_seq=walk.log[-1].seq, reason="The arm moved"), BEN)
    assert charted(walk, cuff(walk.at, *longer)) is None
    all_of_them = [(each / 60, 235, 82) for each in range(900, -1, -1)]
    assert charted(later(walk, 30), cuff(walk.at, *all_of_them)) is None


def test_the_lowest_and_the_highest_lower_pressure_are_charted_too() -> None:
    walk = later(infusing(), 6)
    write(walk, charted(walk, cuff(walk.at, (0, 131, 82))))
    low = charted(later(walk, 2), cuff(walk.at, (1, 68, 40), (0, 120, 80)))
    assert isinstance(low and low.fact, e.VitalsCharted)
    write(walk, low)
    assert walk.state.vitals is not None
    assert walk.state.vitals.fact.sbp_mmhg == 68
    lower = charted(later(walk, 2), cuff(walk.at, (1, 125, 115), (0, 120, 80)))
    assert lower is not None
    assert lower.fact.dbp_mmhg == 115  # type: ignore[attr-defined]


def test_nothing_is_charted_once_a_check_has_found_the_patient_awake() -> None:
    """Another may sit on that chair, with the same cuff, while the first is still written down as here."""
    walk = recovering()
    walk.ask(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.ALERT)), after_min=5)
    sent = cuff(walk.at, (0, 151, 92))
    assert charted(later(walk, 1), sent) is None
    drowsy = infusing()
    drowsy.ask(c.EndInfusion(left_in_bag_ml=D(0)), after_min=40)
    assert charted(later(drowsy, 6), cuff(drowsy.at, (0, 151, 92))) is not None


def test_the_cuffs_own_pulse_stands_in_where_no_other_is_sent() -> None:
    walk = later(infusing(), 6)
    sent = cuff(walk.at, (0, 131, 82)) | streamed(Signal.CUFF_PULSE_PER_MIN, 71, walk.at, ago_s=0)
    found = charted(walk, sent)
    assert found is not None
    assert found.fact.pulse_per_min == 71  # type: ignore[attr-defined]


def test_the_highest_is_charted_at_once_whenever_it_was_and_stands_on_the_slip() -> None:
    """Between two that the order wants, at minute 38 for a moment; a hand has charted lower ones before and after."""
    walk = later(infusing(), 6)
    write(walk, charted(walk, cuff(walk.at, (0, 131, 82))))
    walk = later(walk, 2)
    peak = charted(walk, cuff(walk.at, (1, 190, 105), (0, 150, 90)))
    assert peak is not None
    assert peak.occurred_at == walk.at - timedelta(minutes=1)
    write(walk, peak)
    seen = pressures(walk.state, list(surviving(tuple(walk.log))))
    assert seen is not None
    assert (seen.highest.sbp_mmhg, seen.highest.dbp_mmhg) == (190, 105)
    assert charted(later(walk, 2), cuff(walk.at, (3, 190, 105), (0, 150, 90))) is None


def test_one_that_rises_each_second_is_charted_once_a_minute() -> None:
    walk = later(infusing(), 6)
    write(walk, charted(walk, cuff(walk.at, (0, 131, 82))))
    soon = later(walk, 0.5)
    assert charted(soon, cuff(soon.at, (0, 140, 82))) is None
    assert charted(later(walk, 0.5), cuff(walk.at, (0.5, 140, 82))) is not None


def test_what_was_struck_is_not_charted_again() -> None:
    """An arm that moved. Of the others the highest is."""
    walk = later(infusing(), 6)
    write(walk, charted(walk, cuff(walk.at, (0, 235, 82))))
    seq = walk.log[-1].seq
    walk.ask(c.CorrectEntry(corrects_seq=seq, reason="The arm moved"), BEN)
    assert charted(walk, cuff(walk.at, (0, 235, 82))) is None
    write(walk, charted(later(walk, 5), cuff(walk.at, (5, 235, 82), (0, 131, 82))))
    found = charted(later(walk, 2), cuff(walk.at, (7, 235, 82), (1, 190, 99), (0, 140, 80)))
    assert found is not None
    assert found.occurred_at == walk.at - timedelta(minutes=1)


@pytest.mark.parametrize("validity", [Validity.QUESTIONABLE, Validity.INVALID])
def test_what_is_not_to_be_believed_is_not_charted(validity: Validity) -> None:
    walk = later(infusing(), 6)
    assert charted(walk, cuff(walk.at, (0, 131, 82), validity=validity)) is None
    only_upper = {Signal.SBP_MMHG: cuff(walk.at, (0, 131, 82))[Signal.SBP_MMHG]}
    assert charted(walk, only_upper) is None


def test_nothing_is_charted_before_the_start_nor_of_the_time_before_it() -> None:
    walk = arrived()
    assert charted(walk, cuff(walk.at, (0, 131, 82))) is None
    walk = later(infusing(), 1)
    assert charted(walk, cuff(walk.at, (5, 190, 99))) is None
    assert charted(walk, cuff(walk.at, (5, 190, 99), (0.5, 131, 82))) is not None


def test_a_sign_that_was_shown_long_before_stands_beside_no_pressure() -> None:
    walk = later(infusing(), 6)
    sent: dict[Signal, Any] = cuff(walk.at, (0, 131, 82)) | streamed(Signal.SPO2_PERCENT, 97, walk.at, ago_s=90)
    found = charted(walk, sent)
    assert found is not None
    assert isinstance(found.fact, e.VitalsCharted)
    assert found.fact.spo2_percent is None
