"""How do weight, dose, volume, time and drops turn into one another?

Every function multiplies first and divides last, in fractions: going there and back gives the number one began with.

    drops/min = mL/h x drops/mL / 60        mL/h = drops/min x 60 / drops/mL
    mg = mL x mg/mL                         mg/kg/h = mL/h x mg/mL / kg

The same formulas stand in any nursing text on drug calculation.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip.exact import Amount, exact, shown, shown_at_least

MIN_PER_H = 60

KG_PER_LB = Fraction("0.45359237")
"""Exact by definition. Source: international yard and pound agreement, 1959."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """One rate in all the units people speak of, exact. `drops_per_min` is None without a gravity set."""

    rate_ml_per_h: Fraction
    rate_mg_per_min: Fraction
    rate_mg_per_h: Fraction
    rate_mg_per_kg_per_h: Fraction
    rate_mg_per_kg_per_min: Fraction
    drops_per_min: Fraction | None


def rates_of(
    rate_ml_per_h: Amount, *, strength_mg_per_ml: Amount, weight_kg: Amount, drops_per_ml: int | None
) -> Rates:
    """A flow from a bag of this strength into a person of this weight, in every unit."""
    rate_mg_per_h = drug_in_volume_mg(rate_ml_per_h, strength_mg_per_ml=strength_mg_per_ml)
    return Rates(
        rate_ml_per_h=exact(rate_ml_per_h),
        rate_mg_per_min=rate_mg_per_h / MIN_PER_H,
        rate_mg_per_h=rate_mg_per_h,
        rate_mg_per_kg_per_h=rate_mg_per_h / exact(weight_kg),
        rate_mg_per_kg_per_min=rate_mg_per_h / MIN_PER_H / exact(weight_kg),
        drops_per_min=None if drops_per_ml is None else drops_of_rate_per_min(rate_ml_per_h, drops_per_ml=drops_per_ml),
    )


def dose_for_weight_mg(*, weight_kg: Amount, dose_mg_per_kg: Amount) -> Fraction:
    """The dose for a weight, mg."""
    return exact(weight_kg) * exact(dose_mg_per_kg)


def drug_in_volume_mg(volume_ml: Amount, *, strength_mg_per_ml: Amount) -> Fraction:
    """The drug in a volume, mg; with mL/h it gives mg/h."""
    return exact(volume_ml) * exact(strength_mg_per_ml)


def volume_of_drug_ml(drug_mg: Amount, *, strength_mg_per_ml: Amount) -> Fraction:
    """The volume that holds so much drug, mL; with mg/h it gives mL/h."""
    return exact(drug_mg) / exact(strength_mg_per_ml)


def rate_over_time_ml_per_h(*, volume_ml: Amount, duration_min: Amount) -> Fraction:
    """The rate that lets a volume run in over a time, mL/h."""
    return exact(volume_ml) * MIN_PER_H / exact(duration_min)


def drops_of_rate_per_min(rate_ml_per_h: Amount, *, drops_per_ml: int) -> Fraction:
    """The drops a minute of a rate in mL/h."""
    return exact(rate_ml_per_h) * drops_per_ml / MIN_PER_H


def rate_of_drops_ml_per_h(drops_per_min: Amount, *, drops_per_ml: int) -> Fraction:
    """The rate, mL/h, of so many drops a minute."""
    return exact(drops_per_min) * MIN_PER_H / drops_per_ml


def rate_of_dose_ml_per_h(rate_mg_per_kg_per_h: Amount, *, strength_mg_per_ml: Amount, weight_kg: Amount) -> Fraction:
    """The rate, mL/h, that gives so much drug per weight and hour."""
    return exact(rate_mg_per_kg_per_h) * exact(weight_kg) / exact(strength_mg_per_ml)


def kg_from_lb(weight_lb: Amount) -> Decimal:
    """The weight to store, kg, for one said in pounds: two decimals, towards less drug. Only kg is ever stored."""
    return shown_at_least(exact(weight_lb) * KG_PER_LB, decimals=2)


def lb_from_kg(weight_kg: Amount) -> Decimal:
    """The weight in pounds, one decimal, to stand beside the kilograms where a person confirms them."""
    return shown(exact(weight_kg) / KG_PER_LB, decimals=1)
