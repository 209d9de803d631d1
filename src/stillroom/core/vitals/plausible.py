"""Which readings cannot be true?

A value is flagged only if no living patient could have it, or if the same cuff contradicts itself. A frightening
value is not an impossible one: a saturation of 40 % stays valid, and it alarms. What is flagged is kept as sent, so
that the record shows what the monitor said, and nobody mistakes it for a sign of life.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from stillroom.core.vitals.sample import Sample, Validity
from stillroom.core.vitals.signals import Signal


@dataclass(frozen=True, slots=True)
class Span:
    """The lowest and the highest value a signal can have, both possible, in its own unit; `source` says why."""

    lowest: Decimal
    highest: Decimal
    source: str


_ZERO = "0 is what monitors send for no signal (PhysioNet MIMIC numerics; Goldberger 2000)"
_RATE = Span(Decimal(1), Decimal(350), f"{_ZERO}; 350/min is the top of bedside ECG rate meters")
_CUFF = Span(Decimal(1), Decimal(300), f"{_ZERO}; an adult cuff is limited to 300 mmHg (IEC 80601-2-30)")

SPANS: Mapping[Signal, Span] = {
    Signal.SPO2_PERCENT: Span(Decimal(1), Decimal(100), f"{_ZERO}; a saturation is a share of the whole"),
    Signal.PULSE_PER_MIN: _RATE,
    Signal.HEART_RATE_PER_MIN: _RATE,
    Signal.CUFF_PULSE_PER_MIN: _RATE,
    Signal.SBP_MMHG: _CUFF,
    Signal.DBP_MMHG: _CUFF,
    Signal.MBP_MMHG: _CUFF,
    Signal.RESP_PER_MIN: Span(Decimal(0), Decimal(150), "0 may be apnoea; 150/min is the top of impedance meters"),
    Signal.ETCO2_MMHG: Span(Decimal(0), Decimal(150), "0 may be apnoea; 150 mmHg is the top of bedside capnometers"),
    Signal.TEMPERATURE_CEL: Span(
        Decimal(25), Decimal(45), "wider than a clinical thermometer's 34 to 43 Cel (ISO 80601-2-56)"
    ),
}

_NONE_IN_APNOEA = frozenset({Signal.RESP_PER_MIN, Signal.ETCO2_MMHG})
_PRESSURES = frozenset({Signal.SBP_MMHG, Signal.DBP_MMHG, Signal.MBP_MMHG})


def is_possible(signal: Signal, value: Decimal) -> bool:
    """Whether a living patient could have this value, in the signal's own unit."""
    span = SPANS[signal]
    return span.lowest <= value <= span.highest


def flagged(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """The readings of one message, in their order, with those that cannot be true marked invalid.

    A breathing rate of 0, or no carbon dioxide at all, is marked questionable and never dropped: a loose electrode or a
    line that slipped off, or apnoea.
    Validity is only ever lowered.
    """
    samples = tuple(samples)
    contradicted = _contradicted(samples)
    if not contradicted:
        return tuple(map(_lowered, samples))
    return tuple(
        each._replace(validity=Validity.INVALID) if each in contradicted else _lowered(each) for each in samples
    )


def _lowered(sample: Sample) -> Sample:
    if not is_possible(sample.signal, sample.value):
        return sample._replace(validity=Validity.INVALID)
    if sample.signal in _NONE_IN_APNOEA and not sample.value and sample.validity is Validity.VALID:
        return sample._replace(validity=Validity.QUESTIONABLE)
    return sample


def _contradicted(samples: tuple[Sample, ...]) -> list[Sample]:
    readings: defaultdict[datetime, dict[Signal, Sample]] = defaultdict(dict)
    for sample in samples:
        if sample.signal in _PRESSURES:
            readings[sample.measured_at][sample.signal] = sample
    return [sample for reading in readings.values() for sample in _contradicted_in(reading)]


def _contradicted_in(reading: Mapping[Signal, Sample]) -> list[Sample]:
    """Diastolic at or above systolic contradicts the whole reading; a mean outside the two, only itself."""
    systolic, diastolic, mean = (reading.get(s) for s in (Signal.SBP_MMHG, Signal.DBP_MMHG, Signal.MBP_MMHG))
    if systolic is None or diastolic is None:
        return []
    if diastolic.value >= systolic.value:
        return list(reading.values())
    if mean is not None and not diastolic.value <= mean.value <= systolic.value:
        return [mean]
    return []
