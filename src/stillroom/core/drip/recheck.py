"""Does a second calculation, made another way, come to the same? (SR-04, SR-05)

`plan` works in fractions, by volume and hour, and divides last. This module shares none of that: it works in decimals
of fixed length, by drug and minute, and from what was entered alone. What the two show must agree within one unit in
the last place, and what is to be set must agree exactly, or the plan is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from stillroom.core.drip.line import Gravity, Meter
from stillroom.core.drip.plan import DripPlan
from stillroom.core.errors import Finding, Refused, Severity

_ARITHMETIC = Context(prec=34)
_LAST_PLACE = Decimal("1e-9")

SOURCE = "SR-05 in docs/clinical/drip.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rederived:
    """The plan's figures, by the second way."""

    dose_mg: Decimal
    drug_mg: Decimal
    strength_mg_per_ml: Decimal
    rate_ml_per_h: Decimal
    drops_per_min: Decimal | None
    rate_mg_per_min: Decimal
    rate_mg_per_h: Decimal
    rate_mg_per_kg_per_h: Decimal


def must_agree(plan: DripPlan) -> None:
    """Refused, with one finding for each figure, if the plan's figures differ from those derived anew."""
    found = tuple(_disagreements(plan, rederive(plan)))
    if found:
        raise Refused(found)


def rederive(plan: DripPlan) -> Rederived:
    """The figures from weight, dose, time, bag and meter alone: drug per minute first, volume from it."""
    bag = plan.bag
    drug_mg = _ARITHMETIC.multiply(bag.vial_mg_per_ml, bag.drug_volume_ml)
    fluid_ml = bag.fluid_volume_ml + bag.overfill_ml + bag.drug_volume_ml - bag.withdrawn_ml
    strength_mg_per_ml = _ARITHMETIC.divide(drug_mg, fluid_ml)
    wished_ml_per_min = _ARITHMETIC.divide(fluid_ml, plan.duration_min)
    ml_per_min, drops_per_min = _set_ml_per_min(wished_ml_per_min, plan.meter)
    mg_per_min = _ARITHMETIC.multiply(ml_per_min, strength_mg_per_ml)
    return Rederived(
        dose_mg=_ARITHMETIC.multiply(plan.dose_mg_per_kg, plan.weight_kg),
        drug_mg=drug_mg,
        strength_mg_per_ml=strength_mg_per_ml,
        rate_ml_per_h=_per_h(ml_per_min),
        drops_per_min=drops_per_min,
        rate_mg_per_min=mg_per_min,
        rate_mg_per_h=_per_h(mg_per_min),
        rate_mg_per_kg_per_h=_ARITHMETIC.divide(_per_h(mg_per_min), plan.weight_kg),
    )


def _set_ml_per_min(wished_ml_per_min: Decimal, meter: Meter) -> tuple[Decimal, Decimal | None]:
    if isinstance(meter, Gravity):
        wished_drops = _ARITHMETIC.multiply(wished_ml_per_min, Decimal(meter.drops_per_ml))
        drops = _floor(wished_drops)
        return _ARITHMETIC.divide(drops, Decimal(meter.drops_per_ml)), drops
    steps = _floor(_ARITHMETIC.divide(_per_h(wished_ml_per_min), meter.step_ml_per_h))
    return _ARITHMETIC.divide(_ARITHMETIC.multiply(steps, meter.step_ml_per_h), Decimal(60)), None


def _floor(number: Decimal) -> Decimal:
    """The whole below; a number that is whole but for the last of its 34 digits is that whole."""
    nearest = number.to_integral_value()
    is_whole = abs(number - nearest) < _LAST_PLACE
    return nearest if is_whole else number.to_integral_value(rounding=ROUND_FLOOR)


def _per_h(per_min: Decimal) -> Decimal:
    return _ARITHMETIC.multiply(per_min, Decimal(60))


def _disagreements(plan: DripPlan, second: Rederived) -> Iterator[Finding]:
    for figure, first, again in (
        ("dose_mg", plan.dose_mg, second.dose_mg),
        ("drug_mg", plan.drug_mg, second.drug_mg),
        ("strength_mg_per_ml", plan.strength_mg_per_ml, second.strength_mg_per_ml),
        ("rate_ml_per_h", plan.rate_ml_per_h, second.rate_ml_per_h),
        ("drops_per_min", plan.drops_per_min, second.drops_per_min),
        ("rate_mg_per_min", plan.rates.rate_mg_per_min, second.rate_mg_per_min),
        ("rate_mg_per_h", plan.rates.rate_mg_per_h, second.rate_mg_per_h),
        ("rate_mg_per_kg_per_h", plan.rates.rate_mg_per_kg_per_h, second.rate_mg_per_kg_per_h),
    ):
        if not _is_same(first, again):
            facts = {"figure": figure, "first": _written(first), "second": _written(again)}
            yield Finding("arithmetic_disagrees", Severity.HARD, facts, SOURCE)


def _is_same(first: Fraction | int | None, again: Decimal | None) -> bool:
    if first is None or again is None:
        return first is None and again is None
    return abs(Fraction(first) - Fraction(again)) <= Fraction(_LAST_PLACE)


def _written(number: Fraction | int | Decimal | None) -> str:
    return "none" if number is None else f"{float(number):.9g}"
