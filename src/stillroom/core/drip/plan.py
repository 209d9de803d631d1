"""What does an order come to at the bedside: milligrams, bag, rate, drops; and what does rounding keep back?

Two roundings are made, both towards less drug: the drug's volume to the syringe's mark (in `bag.mix_bag`) and the rate
to whole drops or the pump's step (here). What they keep back is stated: milligrams not in the bag, milligrams still
in it when the ordered time is over, and how many minutes later it is empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip.bag import Bag
from stillroom.core.drip.exact import exact, shown
from stillroom.core.drip.line import Gravity, Line, Meter, Priming
from stillroom.core.drip.rates import (
    MIN_PER_H,
    Rates,
    dose_for_weight_mg,
    drops_of_rate_per_min,
    rate_of_drops_ml_per_h,
    rate_over_time_ml_per_h,
    rates_of,
)
from stillroom.core.drip.rounding import round_drops_down, round_rate_down
from stillroom.core.errors import refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """What rounding keeps back, exact; nothing when all of it is zero."""

    not_drawn_up_mg: Fraction
    left_when_time_is_over_mg: Fraction
    empty_later_by_min: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class DripPlan:
    """An order, as it can be carried out. `rates` follow from the rate that can be set, not from the one wished for.

    `dose_mg` is what was ordered, `drug_mg` what is in the bag. `line_holds_mg` is what stays in the line when the bag
    is empty, until it is flushed.
    """

    weight_kg: Decimal
    dose_mg_per_kg: Decimal
    duration_min: Decimal
    bag: Bag
    line: Line
    meter: Meter
    dose_mg: Fraction
    drug_mg: Fraction
    strength_mg_per_ml: Fraction
    wished_rate_ml_per_h: Fraction
    rate_ml_per_h: Fraction
    drops_per_min: int | None
    rates: Rates
    residue: Residue
    line_holds_mg: Fraction

    @property
    def bag_empty_min(self) -> Fraction:
        """Minutes from the start until the bag is empty: what filled the line before the start left the bag then."""
        in_line_ml = exact(self.line.volume_ml) if self.line.primed_with is Priming.DRUG else Fraction(0)
        return max(self.bag.final_volume_ml - in_line_ml, Fraction(0)) * MIN_PER_H / self.rate_ml_per_h

    @property
    def in_when_empty_mg(self) -> Fraction:
        """What has reached the patient by then; the rest of the bag's drug is in the line."""
        return self.drug_mg - self.line_holds_mg


def plan_drip(
    *, weight_kg: Decimal, dose_mg_per_kg: Decimal, duration_min: Decimal, bag: Bag, line: Line, meter: Meter
) -> DripPlan:
    """The plan that empties `bag` in `duration_min`, or a little later. Refused if the bag holds more than the dose."""
    dose_mg = dose_for_weight_mg(weight_kg=weight_kg, dose_mg_per_kg=dose_mg_per_kg)
    if bag.drug_mg > dose_mg:
        facts = {"drug_mg": str(shown(bag.drug_mg, decimals=3)), "dose_mg": str(shown(dose_mg, decimals=3))}
        raise refuse("more_drug_than_ordered", **facts)
    wished_ml_per_h = rate_over_time_ml_per_h(volume_ml=bag.final_volume_ml, duration_min=duration_min)
    rate_ml_per_h = settable_rate_ml_per_h(wished_ml_per_h, meter)
    return DripPlan(
        weight_kg=weight_kg,
        dose_mg_per_kg=dose_mg_per_kg,
        duration_min=duration_min,
        bag=bag,
        line=line,
        meter=meter,
        dose_mg=dose_mg,
        drug_mg=bag.drug_mg,
        strength_mg_per_ml=bag.strength_mg_per_ml,
        wished_rate_ml_per_h=wished_ml_per_h,
        rate_ml_per_h=rate_ml_per_h,
        drops_per_min=settable_drops_per_min(rate_ml_per_h, meter),
        rates=_rates(rate_ml_per_h, bag, weight_kg, meter),
        residue=_residue(dose_mg, duration_min, rate_ml_per_h, bag),
        line_holds_mg=min(exact(line.volume_ml), bag.final_volume_ml) * bag.strength_mg_per_ml,
    )


def settable_rate_ml_per_h(rate_ml_per_h: Fraction | Decimal, meter: Meter) -> Fraction:
    """The highest rate that whole drops or the pump's step can give and that is not above this one, mL/h.

    Refused when that is no flow at all: there is no mark below the first but a closed clamp.
    """
    if isinstance(meter, Gravity):
        drops = round_drops_down(drops_of_rate_per_min(rate_ml_per_h, drops_per_ml=meter.drops_per_ml))
        settable_ml_per_h = rate_of_drops_ml_per_h(drops, drops_per_ml=meter.drops_per_ml)
    else:
        settable_ml_per_h = exact(round_rate_down(rate_ml_per_h, step_ml_per_h=meter.step_ml_per_h))
    if settable_ml_per_h == 0:
        raise refuse("rate_below_first_mark", rate_ml_per_h=str(shown(rate_ml_per_h, decimals=2)))
    return settable_ml_per_h


def settable_drops_per_min(rate_ml_per_h: Fraction | Decimal, meter: Meter) -> int | None:
    """The whole drops a minute to set the clamp to; None with a pump."""
    if not isinstance(meter, Gravity):
        return None
    return round_drops_down(drops_of_rate_per_min(rate_ml_per_h, drops_per_ml=meter.drops_per_ml))


def _rates(rate_ml_per_h: Fraction, bag: Bag, weight_kg: Decimal, meter: Meter) -> Rates:
    drops_per_ml = meter.drops_per_ml if isinstance(meter, Gravity) else None
    return rates_of(
        rate_ml_per_h, strength_mg_per_ml=bag.strength_mg_per_ml, weight_kg=weight_kg, drops_per_ml=drops_per_ml
    )


def _residue(dose_mg: Fraction, duration_min: Decimal, rate_ml_per_h: Fraction, bag: Bag) -> Residue:
    run_ml = rate_ml_per_h * exact(duration_min) / MIN_PER_H
    left_ml = bag.final_volume_ml - run_ml
    return Residue(
        not_drawn_up_mg=dose_mg - bag.drug_mg,
        left_when_time_is_over_mg=left_ml * bag.strength_mg_per_ml,
        empty_later_by_min=left_ml * MIN_PER_H / rate_ml_per_h,
    )
