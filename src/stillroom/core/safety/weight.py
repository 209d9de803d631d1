"""Can this be the weight of the person who was here before? Pounds taken for kilograms are what it usually is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from stillroom.core.drip.rates import kg_from_lb
from stillroom.core.errors import Finding, Severity


def judge_weight(
    weight_kg: Decimal, *, last_weight_kg: Decimal | None, noted_from_percent: Decimal
) -> tuple[Finding, ...]:
    """One soft finding when a weight is further from the last one than `noted_from_percent` of the last; else none.

    Source: incidents of pounds kept as kilograms and of lost decimal points in open records systems
    (FreeMedForms issue 135; OpenEMR issue 10607; MIT-LCP eicu-code issue 70). The percentage is the clinic's.
    """
    if last_weight_kg is None or abs(weight_kg - last_weight_kg) * 100 <= last_weight_kg * noted_from_percent:
        return ()
    facts = {
        "weight_kg": str(weight_kg),
        "last_weight_kg": str(last_weight_kg),
        "if_it_was_lb_kg": str(kg_from_lb(weight_kg)),
    }
    return (Finding("weight_differs_from_last", Severity.SOFT, facts),)


def judge_where_weighed(*, is_told: bool) -> tuple[Finding, ...]:
    """One soft finding when a weight was not measured here: a letter's scales, clothes and typing are not ours."""
    return (Finding("weight_from_elsewhere", Severity.SOFT, {}),) if is_told else ()


def judge_age_of_weight(measured_on: date, *, on: date, good_for_days: int) -> tuple[Finding, ...]:
    """One soft finding when a weight is older than the clinic orders by. Weighed on the day is best (label dosing)."""
    days = (on - measured_on).days
    if days <= good_for_days:
        return ()
    return (Finding("weight_out_of_date", Severity.SOFT, {"days": str(days), "good_for_days": str(good_for_days)}),)
