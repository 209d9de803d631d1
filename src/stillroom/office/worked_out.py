"""What an order comes to for one person: milligrams, strength, rate, drops, and what stays in line and bag."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from stillroom.core.drip.bag import Bag
from stillroom.core.drip.exact import exact, shown
from stillroom.core.drip.history import BagHung, FlowSettled, History
from stillroom.core.drip.plan import DripPlan
from stillroom.core.errors import Refused
from stillroom.core.infusion.planning import RATE_DECIMALS, bag_for, drip_plan
from stillroom.core.order import Order
from stillroom.core.pharmacology import ROOM_MODELS, Body, course
from stillroom.core.pharmacology.below import below
from stillroom.core.pharmacology.effects import perception
from stillroom.infusions.ran import Segments, segments_of
from stillroom.web import charts

SHOWN_MIN = 150
MARKS_NG_PER_ML = (100.0, 50.0, 25.0)  # round figures for reading the way down; none of them is a threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedOut:
    """The figures side by side, each rounded once, for reading. The plan itself is exact."""

    dose_mg_per_kg: Decimal
    dose_mg: Decimal
    drug_mg: Decimal
    drug_volume_ml: Decimal
    final_volume_ml: Decimal
    strength_mg_per_ml: Decimal
    rate_ml_per_h: Decimal
    rate_mg_per_h: Decimal
    rate_mg_per_kg_per_h: Decimal
    drops_per_min: int | None
    line_volume_ml: Decimal
    line_holds_mg: Decimal
    line_holds_mg_per_kg: Decimal
    bag_empty_min: Decimal
    all_in_min: Decimal
    in_when_empty_mg: Decimal
    in_when_empty_mg_per_kg: Decimal
    not_drawn_up_mg: Decimal
    left_mg: Decimal
    later_min: Decimal
    plan: DripPlan


def work_out(order: Order, weight_kg: Decimal) -> WorkedOut:
    """Derived twice, two ways; Refused where no bag or rate comes of it."""
    dose_mg = order.dose_mg_per_kg * weight_kg
    bag: Bag = bag_for(order, dose_mg=dose_mg)
    plan = drip_plan(order, weight_kg=weight_kg, bag=bag)
    return WorkedOut(
        dose_mg_per_kg=order.dose_mg_per_kg,
        dose_mg=dose_mg,
        drug_mg=shown(plan.drug_mg, decimals=2),
        drug_volume_ml=bag.drug_volume_ml,
        final_volume_ml=shown(bag.final_volume_ml, decimals=1),
        strength_mg_per_ml=shown(plan.strength_mg_per_ml, decimals=3),
        rate_ml_per_h=shown(plan.rate_ml_per_h, decimals=1),
        rate_mg_per_h=shown(plan.rates.rate_mg_per_h, decimals=1),
        rate_mg_per_kg_per_h=shown(plan.rates.rate_mg_per_kg_per_h, decimals=2),
        drops_per_min=plan.drops_per_min,
        line_volume_ml=order.delivery.line_volume_ml,
        line_holds_mg=shown(plan.line_holds_mg, decimals=2),
        line_holds_mg_per_kg=shown(plan.line_holds_mg / exact(weight_kg), decimals=3),
        bag_empty_min=shown(plan.bag_empty_min, decimals=1),
        all_in_min=shown(exact(order.duration_min) + plan.residue.empty_later_by_min, decimals=1),
        in_when_empty_mg=shown(plan.in_when_empty_mg, decimals=2),
        in_when_empty_mg_per_kg=shown(plan.in_when_empty_mg / exact(weight_kg), decimals=3),
        not_drawn_up_mg=shown(plan.residue.not_drawn_up_mg, decimals=2),
        left_mg=shown(plan.residue.left_when_time_is_over_mg, decimals=2),
        later_min=shown(plan.residue.empty_later_by_min, decimals=1),
        plan=plan,
    )


def fan_of(worked: WorkedOut, *, age_y: float) -> charts.FanDrawing | None:
    """The course that the plan gives, until the bag is empty; None where no model may speak, as of a child."""
    segments, body = _planned_segments(worked), _body(worked, age_y)
    stops_min = segments[-1][1]
    to_min = max(SHOWN_MIN, int(stops_min) + 60)
    try:
        found = course(ROOM_MODELS, segments, body, np.arange(0.0, to_min + 1.0, 1.0))
    except Refused:
        return None
    return charts.draw_fan(
        found,
        drips=((segments[0][0], stops_min),),
        stops_min=stops_min,
        below=below(ROOM_MODELS, segments, body, MARKS_NG_PER_ML),
    )


def felt_of(worked: WorkedOut, *, age_y: float) -> charts.PerceivedDrawing | None:
    """What might be felt of it, as published: a band. None as above."""
    segments = _planned_segments(worked)
    try:
        band = perception(segments, _body(worked, age_y), np.arange(0.0, SHOWN_MIN + 2.0, 2.0))
    except Refused:
        return None
    return charts.draw_perceived(band, drip=(0.0, min(segments[-1][1], float(SHOWN_MIN))))


def _planned_segments(worked: WorkedOut) -> Segments:
    """What reaches the vein if the plan is kept: as in the room, what fills the line stays there until a flush."""
    plan = worked.plan
    hung = BagHung(t_min=0, drug_mg=plan.drug_mg, volume_ml=plan.bag.final_volume_ml)
    runs = FlowSettled(t_min=0, rate_ml_per_h=shown(plan.rate_ml_per_h, decimals=RATE_DECIMALS))
    return segments_of(History(line=plan.line, meter=plan.meter, happenings=(hung, runs)), shown_min=0.0)


def _body(worked: WorkedOut, age_y: float) -> Body:
    return Body(age_y=age_y, weight_kg=float(worked.plan.weight_kg))
