"""Which quantities does a person type, in what unit, how finely, and what can be true of them at all?

The bounds are not clinical limits: those live in signed protocols and drug libraries. They only say what no real bag,
clamp or person can be, so that a slip of the finger stops before anybody reasons about it. Where a quantity is written
to `decimals` places, more of them are refused, never rounded. What is measured on a patient is not listed here; any
room may make a `Quantity` of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A quantity as people write it: its name with its unit, decimals allowed, lowest and highest that can be true."""

    name: str
    unit: str
    decimals: int
    lowest: Decimal
    highest: Decimal
    source: str


def whole(name: str, unit: str, lowest: int, highest: int, source: str) -> Quantity:
    """One that is counted: no figure after the point."""
    return Quantity(name=name, unit=unit, decimals=0, lowest=Decimal(lowest), highest=Decimal(highest), source=source)


ADULT = "own decision: wider than any adult outpatient on a treatment chair"
LABEL = "Ketalar prescribing information"


def _quantity(name: str, unit: str, decimals: int, lowest: str, highest: str, source: str) -> Quantity:
    return Quantity(
        name=name, unit=unit, decimals=decimals, lowest=Decimal(lowest), highest=Decimal(highest), source=source
    )


_ALL = (
    _quantity("weight_kg", "kg", 2, "20", "400", ADULT),
    _quantity("height_cm", "cm", 1, "80", "260", ADULT),
    # Dose and strength: no more than the label's highest single dose, largest vial, strongest vial.
    _quantity("dose_mg_per_kg", "mg/kg", 3, "0.001", "4.5", f"{LABEL}, 2.2: induction takes 1 to 4.5 mg/kg"),
    _quantity("dose_mg", "mg", 2, "0.1", "500", f"{LABEL}, 3: the largest vial holds 500 mg"),
    _quantity("vial_mg_per_ml", "mg/mL", 0, "10", "100", f"{LABEL}, 3: vials of 10, 50 and 100 mg/mL"),
    _quantity("conc_mg_per_ml", "mg/mL", 4, "0.001", "100", f"{LABEL}, 3: the strongest vial is 100 mg/mL"),
    _quantity("duration_min", "min", 1, "0.5", "360", "Open PCA Pump Requirements 1.0.0, R5.3: 6 h at the longest"),
    # Volumes and rates: bags up to a litre with a tenth of overfill, pumps up to 1200 mL/h.
    _quantity("volume_ml", "mL", 2, "0", "1100", "own decision: a litre bag and a tenth of overfill"),
    _quantity("drug_volume_ml", "mL", 2, "0.01", "50", f"{LABEL}, 3: 500 mg in 10 mg/mL vials are 50 mL"),
    _quantity("line_volume_ml", "mL", 2, "0", "60", "own decision: printed on a set's packing, mostly 10 to 27 mL"),
    _quantity("rate_ml_per_h", "mL/h", 2, "0", "1200", "own decision: the top of common volumetric pumps"),
    _quantity("rate_mg_per_h", "mg/h", 3, "0", "2000", "own decision: a 500 mg vial in a quarter of an hour"),
    _quantity("rate_mg_per_min", "mg/min", 4, "0", "34", "own decision: 2000 mg/h"),
    _quantity("rate_mg_per_kg_per_h", "mg/kg/h", 3, "0", "30", "own decision: 0.5 mg/kg/min"),
    _quantity("rate_mg_per_kg_per_min", "mg/kg/min", 4, "0", "0.5", f"{LABEL}, 2.2: 0.5 mg/kg/min is the fastest"),
    # Drops: a count is of whole drops; beyond five a second they run together and cannot be counted.
    _quantity("drops_per_min", "drops/min", 0, "0", "300", "own decision: beyond five a second a stream"),
    _quantity("drops_counted", "drops", 0, "0", "2000", "own decision: over six minutes at five a second"),
    _quantity("count_s", "s", 1, "1", "600", "own decision: one glance to ten minutes"),
)

QUANTITIES = MappingProxyType({each.name: each for each in _ALL})
"""Every quantity by its name."""
