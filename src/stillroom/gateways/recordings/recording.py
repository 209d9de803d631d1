"""What did a patient's monitor show, minute by minute? Two published formats, into moments of signs. Pure.

    PhysioNet MIMIC numerics as CSV   t_min,HR,ABPSys,...,PULSE,RESP,SpO2,NBPSys,NBPDias,NBPMean: a row a minute
    PhysioNet Challenge 2012 stays    Time,Parameter,Value: a row for each thing charted, times as 03:57 from admission

Nothing, not a number, 0 and less (down to -32768 or -1, as the formats have it) all stand for "no signal" and never
become a value. An arterial line is not a cuff, and the laboratory's saturation is not the oximeter's: neither is read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from stillroom.core.vitals import Signal

MIMIC_COLUMNS: Mapping[str, Signal] = {
    "HR": Signal.HEART_RATE_PER_MIN,
    "PULSE": Signal.PULSE_PER_MIN,
    "RESP": Signal.RESP_PER_MIN,
    "SpO2": Signal.SPO2_PERCENT,
    "NBPSys": Signal.SBP_MMHG,
    "NBPDias": Signal.DBP_MMHG,
    "NBPMean": Signal.MBP_MMHG,
}
STAY_PARAMETERS: Mapping[str, Signal] = {
    "HR": Signal.HEART_RATE_PER_MIN,
    "RespRate": Signal.RESP_PER_MIN,
    "NISysABP": Signal.SBP_MMHG,
    "NIDiasABP": Signal.DBP_MMHG,
    "NIMAP": Signal.MBP_MMHG,
    "Temp": Signal.TEMPERATURE_CEL,
}
SHOWN_STEP = Decimal("0.1")
"""As finely as a monitor shows its figures; the stays carry means of thirds."""


class NotARecording(ValueError):
    """The text is in neither of the two formats, or breaks off its own; the message says where."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What was there to see `at_min` minutes into the recording. A sign that had no signal is not in `signs`."""

    at_min: float
    signs: Mapping[Signal, Decimal]


def read_recording(text: str) -> tuple[Moment, ...]:
    """The moments of a recording, in their order; at least one. Raises `NotARecording`."""
    rows = [line.split(",") for line in text.splitlines()]
    heading = rows[0] if rows else []
    if heading[:1] == ["t_min"]:
        moments = tuple(_minutes(heading, rows[1:]))
    elif heading == ["Time", "Parameter", "Value"]:
        moments = tuple(_charted(rows[1:]))
    else:
        raise NotARecording("the first line is neither that of MIMIC numerics (t_min,...) nor Time,Parameter,Value")
    if not moments:
        raise NotARecording("there is not one vital sign in it")
    return moments


def _minutes(heading: list[str], rows: Iterable[list[str]]) -> Iterator[Moment]:
    for number, row in enumerate(rows, start=2):
        if len(row) != len(heading):
            raise NotARecording(f"line {number} has {len(row)} columns, the first has {len(heading)}")
        said = dict(zip(heading, row, strict=True))
        yield Moment(
            _minute(said["t_min"], number), _signs((MIMIC_COLUMNS.get(name), text) for name, text in said.items())
        )


def _charted(rows: Iterable[list[str]]) -> Iterator[Moment]:
    """Rows of one time are one moment; of two for one sign the later was the correction."""
    times: dict[float, dict[Signal, Decimal]] = {}
    for number, row in enumerate(rows, start=2):
        if len(row) != 3:
            raise NotARecording(f"line {number} is not Time,Parameter,Value")
        hours, _, minutes = row[0].partition(":")
        at_min = _minute(hours, number) * 60 + _minute(minutes, number)
        times.setdefault(at_min, {}).update(_signs([(STAY_PARAMETERS.get(row[1]), row[2])]))
    return (Moment(at_min, signs) for at_min, signs in sorted(times.items()) if signs)


def _signs(said: Iterable[tuple[Signal | None, str]]) -> dict[Signal, Decimal]:
    read = ((signal, value_of(text)) for signal, text in said if signal is not None)
    return {signal: value for signal, value in read if value is not None}


def value_of(text: str) -> Decimal | None:
    """A figure as a monitor shows it; None for what stands for no signal."""
    try:
        shown = Decimal(text).quantize(SHOWN_STEP)
    except InvalidOperation:  # no number, or one of more digits than any monitor has
        return None
    return shown if shown.is_finite() and shown > 0 else None


def _minute(text: str, number: int) -> float:
    try:
        minute = float(text)
    except ValueError:
        minute = math.nan
    if not math.isfinite(minute):
        raise NotARecording(f"line {number} has no time")
    return minute
