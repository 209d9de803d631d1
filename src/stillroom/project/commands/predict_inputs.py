"""From what was typed after `stillroom predict` to what the pharmacology takes, or a refusal with a reason."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from stillroom.core.errors import Refused, refuse
from stillroom.core.pharmacology import MODELS, ROOM_MODELS, RateSegment

COLUMNS = ("start_min", "end_min", "rate_mg_per_min")
SEXES = ("male", "female", "other", "unknown")  # FHIR R4 administrative-gender
HEIGHT_CM_CAN_BE = (50.0, 275.0)  # adults on record, wide on purpose: a slip of the finger is caught

# Over twice the largest intravenous dose of the US label (Ketalar, 1 to 4.5 mg/kg for induction of anaesthesia).
LARGEST_DOSE_MG_PER_KG = 10.0


@dataclass(frozen=True, kw_only=True)
class Dosing:
    """What was said about the drug, one way or the other."""

    dose_mg_per_kg: float | None
    duration_min: float | None
    rates: Path | None

    def segments(self, weight_kg: float | None) -> tuple[RateSegment, ...]:
        """The rates, mg of ketamine base per minute."""
        single = (self.dose_mg_per_kg, self.duration_min)
        if self.rates is not None and single != (None, None):
            raise refuse("dosing_both_ways")
        if self.rates is not None:
            return read_rates(self.rates)
        if single == (None, None):
            raise refuse("dosing_missing")
        if self.dose_mg_per_kg is None or self.duration_min is None:
            raise refuse("dosing_half_said")
        return _constant(self.dose_mg_per_kg, self.duration_min, weight_kg)


def chosen_models(named: list[str]) -> list[str]:
    """Names as given, parted by commas or repeated; `all` is every model; none named is the three of the room."""
    names = [name.strip() for each in named for name in each.split(",")]
    return [*MODELS] if "all" in names else names or [*ROOM_MODELS]


def times_min(text: str) -> list[float]:
    """Minutes from the start of the infusion, in the order given."""
    try:
        times = [float(each) for each in text.split(",")]
    except ValueError:
        raise refuse("at_not_numbers", text=text) from None
    for t_min in times:
        if t_min < 0:
            raise refuse("at_below_zero", value=f"{t_min:g}")
    return times


def sex_named(text: str) -> str:
    """One of SEXES, by its name or first letter (as HL7 v2 writes it)."""
    for sex in SEXES:
        if text.strip().lower() in (sex, sex[0]):
            return sex
    raise refuse("sex_unknown", text=text)


def height_within_reason(height_cm: float) -> float:
    lowest, highest = HEIGHT_CM_CAN_BE
    if not lowest <= height_cm <= highest:
        raise refuse(
            "cannot_be_true", field="height_cm", value=f"{height_cm:g}", lowest=f"{lowest:g}", highest=f"{highest:g}"
        )
    return height_cm


def read_rates(path: Path) -> tuple[RateSegment, ...]:
    """The segments of a CSV file with the columns start_min, end_min, rate_mg_per_min; nothing else is understood."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise refuse(
            "rates_unreadable", path=str(path), reason=getattr(error, "strerror", None) or "not text"
        ) from None
    header, *lines = list(csv.reader(text.splitlines())) or [[]]
    if tuple(name.strip() for name in header) != COLUMNS:
        raise refuse("rates_columns", expected=",".join(COLUMNS), found=",".join(header) or "nothing")
    segments = tuple(_segments(lines))
    if not segments:
        raise refuse("rates_empty")
    return segments


def _segments(lines: list[list[str]]) -> Iterator[RateSegment]:
    """Row 1 is the first below the header; blank lines are no rows."""
    for number, line in enumerate(filter(None, lines), start=1):
        segment = _segment(line, number)
        if segment.start_min < 0:
            raise refuse("rates_start_below_zero", number=str(number), start_min=f"{segment.start_min:g}")
        yield segment


def _segment(line: list[str], number: int) -> RateSegment:
    try:
        start_min, end_min, rate_mg_per_min = (float(cell) for cell in line)
    except ValueError:
        raise _not_numbers(line, number) from None
    return RateSegment(start_min, end_min, rate_mg_per_min)


def _not_numbers(line: list[str], number: int) -> Refused:
    return refuse("rates_not_numbers", number=str(number), text=",".join(line))


def _constant(dose_mg_per_kg: float, duration_min: float, weight_kg: float | None) -> tuple[RateSegment, ...]:
    if not 0 < dose_mg_per_kg <= LARGEST_DOSE_MG_PER_KG:
        raise refuse("dose_beyond_any", value=f"{dose_mg_per_kg:g}", highest=f"{LARGEST_DOSE_MG_PER_KG:g}")
    if not (isfinite(duration_min) and duration_min > 0):
        raise refuse("duration_not_above_zero", value=f"{duration_min:g}")
    if weight_kg is None:
        raise refuse("dose_needs_weight")
    return (RateSegment(0.0, duration_min, dose_mg_per_kg * weight_kg / duration_min),)
