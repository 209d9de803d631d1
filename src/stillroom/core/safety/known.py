"""Everything about this patient that an order is judged by, besides the order itself and the library's limits.

It is read from the record by the one path that plans an infusion (`infusions.acts.perform`), which never takes it from
whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from stillroom.core.errors import Finding
from stillroom.core.order import Order
from stillroom.core.safety.last_time import LastTime, judge_change
from stillroom.core.safety.library import CourseLimits
from stillroom.core.safety.nausea import EasilySick, judge_antiemetic
from stillroom.core.safety.scalings import judge_scaling
from stillroom.core.safety.told import Told, judge_told
from stillroom.core.safety.weight import judge_age_of_weight, judge_where_weighed
from stillroom.core.safety.whole import judge_range
from stillroom.core.safety.windows import Other, judge_windows

NO_LIMITS, NOTHING_ASKED, NOTHING_TOLD = CourseLimits(), EasilySick(), Told()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`due_at` and `due_on`: when this infusion is to begin; `ordered_on`: the day of the order, both by the clinic's
    calendar. `weighed_on` of None: not weighed as far as the record knows; `weight_is_told`: weighed elsewhere.
    """

    due_at: datetime
    due_on: date
    ordered_on: date
    others: tuple[Other, ...] = ()
    last: LastTime | None = None
    limits: CourseLimits = NO_LIMITS
    weighed_on: date | None = None
    weight_good_for_days: int = 0
    weight_is_told: bool = False
    height_cm: Decimal | None = None
    easily_sick: EasilySick = NOTHING_ASKED
    told: Told = NOTHING_TOLD


def judge_known(order: Order, *, dose_mg: Decimal, weight_kg: Decimal, known: Known) -> tuple[Finding, ...]:
    """Every finding about an order for this patient, beyond what the order alone says."""
    return (
        *judge_range(order),
        *judge_windows(dose_mg, at=known.due_at, on=known.due_on, others=known.others, limits=known.limits),
        *judge_change(order, dose_mg=dose_mg, last=known.last),
        *_judge_weight(known),
        *judge_told(order, known.told, on=known.ordered_on),
        *judge_antiemetic(order, known.easily_sick),
        *judge_scaling(
            order.dose_mg_per_kg,
            weight_kg=weight_kg,
            height_cm=known.height_cm,
            is_female=known.easily_sick.is_female,
        ),
    )


def _judge_weight(known: Known) -> tuple[Finding, ...]:
    if known.weighed_on is None:
        return ()
    return (
        *judge_age_of_weight(known.weighed_on, on=known.ordered_on, good_for_days=known.weight_good_for_days),
        *judge_where_weighed(is_told=known.weight_is_told),
    )
