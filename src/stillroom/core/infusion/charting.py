"""Which of the monitor's pressures are written into the log? As often as the order wants one, and every extreme one.

So the chart, the slip and the patient's own record say what was measured, whether or not a hand wrote it down, and do
not change when readings are dropped after months. Whoever strikes such an entry, as of an arm that moved, strikes it
for good: what was charted once is not charted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.by_log import ByLog, is_dripping, is_from_monitor
from stillroom.core.infusion.due import intervals_of
from stillroom.core.infusion.last_seen import is_back
from stillroom.core.infusion.state import AFTER, InfusionState
from stillroom.core.safety.frozen import Readings
from stillroom.core.safety.watch import READINGS_FOR
from stillroom.core.vitals import Signal, Validity

EXTREMES_APART = timedelta(minutes=1)
"""At least, from one entry to the next for being extreme: a line in an artery sends each second. Own choice."""
SAME_WITHIN = timedelta(seconds=150)
"""Many monitors send what their cuff measured last again and again, with a new time: equal pressures so soon after each
other are one measurement, of the first time. Own choice: a cuff's shortest usual interval is two and a half minutes."""
SHOWN_WITHIN = timedelta(minutes=1)
"""What else the monitor showed at that time was measured so long before it at most. Own choice."""
PULSES = (Signal.PULSE_PER_MIN, Signal.HEART_RATE_PER_MIN, Signal.CUFF_PULSE_PER_MIN)


@dataclass(frozen=True, slots=True)
class Measured:
    """One inflation of the cuff."""

    at: datetime
    sbp_mmhg: int
    dbp_mmhg: int
    mbp_mmhg: int | None


def to_chart(
    state: InfusionState, entries: Iterable[e.Logged], log: ByLog, readings: Readings, *, at: datetime
) -> e.Dated | None:
    """The one to write down now, with when it was measured: from the start until the patient is awake again.

    `entries` are all of the log, those that were struck too; `log` is what `by_log` says of those that stand;
    `readings` go back for `READINGS_FOR`.
    """
    began_at = state.started_at
    if state.planned is None or began_at is None or not _is_watched(state):
        return None
    measured = [each for each in _measured(readings, at=at) if each.at > began_at]
    chosen = _chosen(state, log, measured, at=at)
    if chosen is not None and chosen.at in (known := _charted_times(entries)):
        chosen = _chosen(state, log, [each for each in measured if each.at not in known], at=at)
    if chosen is None:
        return None
    return e.Dated(occurred_at=chosen.at, fact=_charted(chosen, readings))


def _is_watched(state: InfusionState) -> bool:
    """While the drip is in use, and then until a check found the patient awake: afterwards another may sit there."""
    return is_dripping(state) or (state.status in AFTER and not is_back(state))


def _measured(readings: Readings, *, at: datetime) -> Iterator[Measured]:
    """Each once, in order, where both pressures are to be believed.

    What is sent since before the first of the readings is none: it was charted when it began, or was not to be.
    """
    lower, mean = _by_time(readings, Signal.DBP_MMHG), _by_time(readings, Signal.MBP_MMHG)
    before, last_at = None, at - READINGS_FOR
    for upper in readings.get(Signal.SBP_MMHG, ()):
        then = upper.measured_at
        if upper.validity is not Validity.VALID or then not in lower or then > at:
            continue
        figures = round(upper.value), lower[then], mean.get(then)
        is_new = then - last_at > SAME_WITHIN or (before is not None and figures != before)
        before, last_at = figures, then
        if is_new:
            yield Measured(then, *figures)


def _by_time(readings: Readings, signal: Signal) -> dict[datetime, int]:
    sent = readings.get(signal, ())
    return {each.measured_at: round(each.value) for each in sent if each.validity is Validity.VALID}


def _chosen(state: InfusionState, log: ByLog, measured: Sequence[Measured], *, at: datetime) -> Measured | None:
    """The newest, where half of the order's interval has gone by: then no two are further apart than it, whatever the
    cuff's own is. Else one that is higher or lower than any charted."""
    if not measured:
        return None
    intervals = intervals_of(state)
    every_min = intervals.pressure_every_min if is_dripping(state) else intervals.recovery_check_every_min
    newest = measured[-1]
    if (
        log.pressure_at is None
        or log.extremes is None
        or newest.at - log.pressure_at >= timedelta(minutes=every_min) / 2
    ):
        return newest
    if log.from_monitor_at is not None and at - log.from_monitor_at < EXTREMES_APART:
        return None
    highest = max(measured, key=lambda each: each.sbp_mmhg)
    lowest = min(measured, key=lambda each: each.sbp_mmhg)
    highest_lower = max(measured, key=lambda each: each.dbp_mmhg)
    if highest.sbp_mmhg > log.extremes.highest_sbp_mmhg:
        return highest
    if lowest.sbp_mmhg < log.extremes.lowest_sbp_mmhg:
        return lowest
    return highest_lower if highest_lower.dbp_mmhg > log.extremes.highest_dbp_mmhg else None


def _charted_times(entries: Iterable[e.Logged]) -> set[datetime]:
    """Of what was charted from the monitor, also where it was struck since."""
    return {each.occurred_at for each in entries if is_from_monitor(each.fact)}


def _charted(measured: Measured, readings: Readings) -> e.VitalsCharted:
    pulses = (_shown(readings, signal, measured.at) for signal in PULSES)
    return e.VitalsCharted(
        source=e.Source.MONITOR,
        sbp_mmhg=measured.sbp_mmhg,
        dbp_mmhg=measured.dbp_mmhg,
        mbp_mmhg=measured.mbp_mmhg,
        pulse_per_min=next((each for each in pulses if each is not None), None),
        spo2_percent=_shown(readings, Signal.SPO2_PERCENT, measured.at),
        resp_per_min=_shown(readings, Signal.RESP_PER_MIN, measured.at),
    )


def _shown(readings: Readings, signal: Signal, until: datetime) -> int | None:
    """The last one up to that time."""
    found = (each for each in reversed(readings.get(signal, ())) if until - SHOWN_WITHIN <= each.measured_at <= until)
    return next((round(each.value) for each in found if each.validity is Validity.VALID), None)
