"""The limits of one drug at one concentration, as an approved version of the drug library holds them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Lower and upper, soft and hard, and what is typical. None means: no such limit."""

    hard_low: Decimal | None = None
    soft_low: Decimal | None = None
    typical: Decimal | None = None
    soft_high: Decimal | None = None
    hard_high: Decimal | None = None

    def __post_init__(self) -> None:
        stated = [
            x for x in (self.hard_low, self.soft_low, self.typical, self.soft_high, self.hard_high) if x is not None
        ]
        if stated != sorted(stated):
            raise ValueError("a band must read hard low <= soft low <= typical <= soft high <= hard high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an approved library says about intravenous ketamine; the bands' units are in their names."""

    library_version: str
    drug: str
    vial_mg_per_ml: Decimal
    dose_mg_per_kg: Band
    dose_mg: Band
    rate_mg_per_kg_per_h: Band
    duration_min: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLimits:
    """What the same library says of several infusions of one patient: only its upper bounds are asked about."""

    library_version: str = ""
    dose_mg_in_24_h: Band = Band()
    dose_mg_in_7_days: Band = Band()
    infusions_per_day: Band = Band()
    infusions_per_week: Band = Band()
