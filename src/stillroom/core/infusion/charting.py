"""Which of the monitor's pressures are written into the log? As often as the order wants one, and every highest one.

So the chart, the slip and the patient's own record say what was measured, whether or not a hand wrote it down, and do
not change when readings are dropped after months. Whoever strikes such an entry, as of an arm that moved, strikes it
for good: what was charted once is not charted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.by_log import ByLog, is_dripping, is_from_monitor
from stillroom.core.infusion.due import intervals_of
from stillroom.core.infusion.state import AFTER, InfusionState
from stillroom.core.safety.frozen import Readings
from stillroom.core.vitals import Sample, Signal, Validity

EARLY = timedelta(seconds=30)
"""A cuff that is set to the order's interval inflates a little sooner or later. Own choice."""
HIGHEST_APART = timedelta(minutes=1)
"""At least, from one entry to the next for being higher: a line in an artery sends each second. Own choice."""
SHOWN_WITHIN = timedelta(minutes=1)
"""What else the monitor showed at that time was measured so long before it at most. Own choice."""


def to_chart(
    state: InfusionState, entries: Iterable[e.Logged], log: ByLog, readings: Readings, *, at: datetime
) -> e.Dated | None:
    """The one to write down now, with when it was measured; from the start until the patient has gone.

    `entries` are all of the log, those that were struck too; `log` is what `by_log` says of those that stand.
    """
    began_at = state.started_at
    if state.planned is None or began_at is None or not (is_dripping(state) or state.status in AFTER):
        return None
    measured = _measured(readings, since=began_at, at=at)
    chosen = _chosen(state, log, measured, at=at)
    if chosen is not None and chosen.measured_at in (known := _charted_times(entries)):
        chosen = _chosen(state, log, [each for each in measured if each.measured_at not in known], at=at)
    if chosen is None:
        return None
    return e.Dated(occurred_at=chosen.measured_at, fact=_charted(chosen, readings))


def _measured(readings: Readings, *, since: datetime, at: datetime) -> list[Sample]:
    """Upper pressures that are to be believed, each with a lower one of the same time."""
    lower = {each.measured_at for each in readings.get(Signal.DBP_MMHG, ()) if each.validity is Validity.VALID}
    return [
        each
        for each in readings.get(Signal.SBP_MMHG, ())
        if each.validity is Validity.VALID and since < each.measured_at <= at and each.measured_at in lower
    ]


def _chosen(state: InfusionState, log: ByLog, measured: Sequence[Sample], *, at: datetime) -> Sample | None:
    if not measured:
        return None
    newest, highest = measured[-1], max(measured, key=lambda each: each.value)
    intervals = intervals_of(state)
    every_min = intervals.pressure_every_min if is_dripping(state) else intervals.recovery_check_every_min
    if log.pressure_at is None or newest.measured_at - log.pressure_at >= timedelta(minutes=every_min) - EARLY:
        return newest
    is_higher = log.highest_mmhg is None or highest.value > log.highest_mmhg
    is_apart = log.from_monitor_at is None or at - log.from_monitor_at >= HIGHEST_APART
    return highest if is_higher and is_apart else None


def _charted_times(entries: Iterable[e.Logged]) -> set[datetime]:
    """Of what was charted from the monitor, also where it was struck since."""
    return {each.occurred_at for each in entries if is_from_monitor(each.fact)}


def _charted(upper: Sample, readings: Readings) -> e.VitalsCharted:
    pulses = (_shown(readings, signal, upper) for signal in (Signal.PULSE_PER_MIN, Signal.HEART_RATE_PER_MIN))
    return e.VitalsCharted(
        source=e.Source.MONITOR,
        sbp_mmhg=round(upper.value),
        pulse_per_min=next((each for each in pulses if each is not None), None),
        dbp_mmhg=_at(readings, Signal.DBP_MMHG, upper.measured_at),
        mbp_mmhg=_at(readings, Signal.MBP_MMHG, upper.measured_at),
        spo2_percent=_shown(readings, Signal.SPO2_PERCENT, upper),
        resp_per_min=_shown(readings, Signal.RESP_PER_MIN, upper),
    )


def _at(readings: Readings, signal: Signal, measured_at: datetime) -> int | None:
    found = (each for each in readings.get(signal, ()) if each.measured_at == measured_at)
    return next((round(each.value) for each in found if each.validity is Validity.VALID), None)


def _shown(readings: Readings, signal: Signal, upper: Sample) -> int | None:
    """The last one up to that time."""
    until, since = upper.measured_at, upper.measured_at - SHOWN_WITHIN
    found = (each for each in reversed(readings.get(signal, ())) if since <= each.measured_at <= until)
    return next((round(each.value) for each in found if each.validity is Validity.VALID), None)
