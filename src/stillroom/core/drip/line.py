"""What lies between the bag and the vein, and how well is its flow known?

The line holds fluid of its own. Primed with drug, it took that drug from the bag and the patient gets drug at once;
primed with plain fluid, the first drug arrives a line's volume later. Either way, when the bag is empty the line is
full of drug, and only a flush brings that in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from stillroom.core.drip.exact import Amount, exact

DROPS_PER_ML = (10, 15, 20, 60)
"""The drip sets there are: 10, 15 and 20 (macro), 60 (micro) drops to the millilitre, as printed on their packing."""

SET_TOLERANCE = Decimal("0.1")
"""A set's own millilitre: 20 or 60 drops of distilled water, at 23 degrees and 50 drops/min, are 1 mL within 0.1 mL.
Source: ISO 8536-4:2019, 7.8. The standard says nothing of sets of 10 and 15; the same tenth is taken for them."""

FREE_FLOW_ML_PER_H = Fraction(6000)
"""An open clamp counts at this. Source: ISO 8536-4:2019, 7.10: a set must let through at least 1000 mL in 10 min.
More than a thin cannula passes, so the bag counts as empty within a minute or so: the most it can give."""


class Priming(StrEnum):
    DRUG = "drug"
    FLUID = "fluid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The tubing from the bag to the vein: the volume inside it, mL, and what it was filled with."""

    volume_ml: Decimal
    primed_with: Priming


@dataclass(frozen=True, slots=True, kw_only=True)
class Gravity:
    """A gravity set: flow is known by counting drops, and set in whole drops a minute.

    `tolerance` is the share by which a millilitre by drops may differ from a true one, either way.
    """

    drops_per_ml: int
    tolerance: Decimal = SET_TOLERANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pump:
    """A pump: flow is what it shows, set in its own step, mL/h, right within its maker's `tolerance` (a share)."""

    step_ml_per_h: Decimal
    tolerance: Decimal


Meter = Gravity | Pump


@dataclass(frozen=True, slots=True)
class Flow:
    """How fast the bag runs, mL/h: surely this much, likely this, at most this."""

    least_ml_per_h: Fraction
    likely_ml_per_h: Fraction
    most_ml_per_h: Fraction


STOPPED = Flow(Fraction(0), Fraction(0), Fraction(0))
STREAM = Flow(Fraction(0), FREE_FLOW_ML_PER_H, FREE_FLOW_ML_PER_H)


def flow_as_set(rate_ml_per_h: Amount, meter: Meter) -> Flow:
    """What a rate that somebody set may really be: the meter's tolerance either way."""
    rate, tolerance = exact(rate_ml_per_h), exact(meter.tolerance)
    return Flow(rate * (1 - tolerance), rate, rate * (1 + tolerance))


def flow_in_doubt(flows: Iterable[Flow]) -> Flow:
    """One of these, nobody knows which: likely counts at the highest."""
    known = tuple(flows)
    return Flow(
        min(flow.least_ml_per_h for flow in known),
        max(flow.likely_ml_per_h for flow in known),
        max(flow.most_ml_per_h for flow in known),
    )


def flow_between(before: Flow, after: Flow) -> Flow:
    """Between two sightings with nothing done in between, the flow lay between them: likely at their mean."""
    doubt = flow_in_doubt((before, after))
    mean = (before.likely_ml_per_h + after.likely_ml_per_h) / 2
    return Flow(doubt.least_ml_per_h, mean, doubt.most_ml_per_h)
