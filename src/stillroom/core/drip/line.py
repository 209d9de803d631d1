"""What lies between the bag and the vein, and how is its flow known?

The line holds fluid of its own. Primed with drug, it took that drug from the bag and the patient gets drug at once;
primed with plain fluid, the first drug arrives a line's volume later. Either way, when the bag is empty the line is
full of drug, and only a flush brings that in.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

DROPS_PER_ML = (10, 15, 20, 60)
"""The drip sets there are: 10, 15 and 20 (macro), 60 (micro) drops to the millilitre, as printed on their packing."""

SET_TOLERANCE = Decimal("0.1")
"""A set's own millilitre: 20 or 60 drops of distilled water at 23 degrees and 50 drops/min are 1 mL within 0.1 mL.
Source: ISO 8536-4:2019, 7.8. The standard says nothing of sets of 10 and 15; the same tenth is taken for them."""


class Priming(StrEnum):
    DRUG = "drug"
    FLUID = "fluid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The tubing from the bag to the vein: the volume inside it, mL, and what it was filled with."""

    volume_ml: Decimal
    primed_with: Priming


@dataclass(frozen=True, slots=True, kw_only=True)
class DripSet:
    """A gravity set: flow is known by counting drops, and set in whole drops a minute."""

    drops_per_ml: int

    @property
    def tolerance(self) -> Decimal:
        """The share by which a millilitre by drops may differ from a true one, either way."""
        return SET_TOLERANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pump:
    """A pump: flow is what it shows, set in its own step, mL/h, right within its maker's `tolerance` (a share)."""

    step_ml_per_h: Decimal
    tolerance: Decimal


Meter = DripSet | Pump
