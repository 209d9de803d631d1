"""Does a sensor still measure, or does the monitor go on sending the last figures? Living figures waver.

A saturation may rest at 100 for most of an hour, and a paced heart at 60; so no sign is doubted alone. Two signs of one
sensor that both stay the very same, in every reading, for longer than they were ever seen to, are: saturation and pulse
of the finger probe, rate and breaths of the leads. The measurement behind this is in docs/clinical/alarms.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from stillroom.core.vitals import Sample, Signal, Validity

SENSORS: Mapping[str, tuple[Signal, Signal]] = {
    "probe_frozen": (Signal.PULSE_PER_MIN, Signal.SPO2_PERCENT),
    "leads_frozen": (Signal.HEART_RATE_PER_MIN, Signal.RESP_PER_MIN),
}
"""The condition of each sensor, and the two signs that must both stand still; the one that wavers most comes first."""

READINGS_AT_LEAST = 30
"""A monitor that sends once a minute needs half an hour: five figures that are alike are nothing."""

LONGEST_S = 600
"""No order can wait for longer: it is a quarter of a usual drip."""

Readings = Mapping[Signal, Sequence[Sample]]


def frozen_for(frozen_after_s: int, *, interval_s: float) -> timedelta:
    """For how long figures must be the same, on a link that sends so often."""
    return timedelta(seconds=max(float(min(frozen_after_s, LONGEST_S)), READINGS_AT_LEAST * interval_s))


def frozen_for_at_most(interval_s: float) -> timedelta:
    """How far back to look, whatever an order says, with room for a reading more on either side."""
    return frozen_for(LONGEST_S, interval_s=interval_s) + timedelta(seconds=2 * interval_s)


def may_be_frozen(readings: Readings) -> bool:
    """Is any sensor's pair without a change in these readings? Then it is worth looking further back."""
    return any(all(_is_one_figure(readings.get(each, ())) for each in pair) for pair in SENSORS.values())


def have_stood(readings: Readings, pair: tuple[Signal, Signal], *, since: datetime) -> bool:
    """Has each sign of a sensor been sent, and with one figure, since then or longer?"""
    return all(_stood_since(readings.get(each, ()), since) for each in pair)


def _is_one_figure(readings: Sequence[Sample]) -> bool:
    values = (each.value for each in readings if each.validity is not Validity.INVALID)
    first = next(values, None)
    return first is not None and all(value == first for value in values)


def _stood_since(readings: Sequence[Sample], since: datetime) -> bool:
    for reading in reversed(readings):
        if reading.validity is Validity.INVALID or reading.value != readings[-1].value:
            return False
        if reading.measured_at <= since:
            return True
    return False
