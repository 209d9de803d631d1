"""From a signed order and a weight to bag, rate and drops; and is a faster rate within limits?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip.bag import Bag, check_bag, mix_bag
from stillroom.core.drip.exact import exact, shown
from stillroom.core.drip.rounding import round_drops_down, round_rate_down
from stillroom.core.errors import Finding, Refused, Severity, refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState
from stillroom.core.order import Order
from stillroom.core.safety.limits import judge_order, judge_rate


def plan(command: c.PlanInfusion) -> e.InfusionPlanned:
    """Entry 1: the order with what follows from it. Refused for hard findings, or soft ones without a reason."""
    order = command.order
    dose_mg = order.dose_mg_per_kg * command.weight_kg
    bag = bag_for(order, dose_mg=dose_mg)
    _must_be_answered(judge_order(order, dose_mg=dose_mg, bag=bag, limits=command.limits), command.reason)
    rate_ml_per_h = rate_for(order, bag)
    return e.InfusionPlanned(
        patient=command.patient,
        room=command.room,
        order=order,
        limits=command.limits,
        protocol_version=command.protocol_version,
        weight_kg=command.weight_kg,
        dose_mg=dose_mg,
        bag=bag,
        rate_ml_per_h=rate_ml_per_h,
        drops_per_min=drops_per_min(order, rate_ml_per_h),
        course_number=command.course_number,
        course_length=command.course_length,
        reason=command.reason,
    )


def bag_for(order: Order, *, dose_mg: Decimal) -> Bag:
    """The bag that holds the dose, drawn up to the syringe's mark below; room is made for the drug if ordered."""
    mixed = mix_bag(
        dose_mg=dose_mg,
        vial_mg_per_ml=order.bag.vial_mg_per_ml,
        fluid_volume_ml=order.bag.fluid_volume_ml,
        overfill_ml=order.bag.overfill_ml,
        syringe_step_ml=order.bag.syringe_step_ml,
    )
    if not order.bag.makes_room:
        return mixed
    return Bag(
        vial_mg_per_ml=mixed.vial_mg_per_ml,
        drug_volume_ml=mixed.drug_volume_ml,
        fluid_volume_ml=mixed.fluid_volume_ml,
        overfill_ml=mixed.overfill_ml,
        withdrawn_ml=mixed.drug_volume_ml,
    )


def make_bag(state: InfusionState, command: c.MakeBag) -> e.BagMade:
    """What was really made, if it may hang: no more drug than ordered, the vial of the library, never undiluted."""
    if state.planned is None:
        raise refuse("not_planned")
    bag, findings = command.bag, list(check_bag(command.bag))
    if bag.drug_mg > state.planned.dose_mg:
        facts = {"drug_mg": str(shown(bag.drug_mg, decimals=2)), "dose_mg": str(state.planned.dose_mg)}
        findings.append(Finding("more_drug_than_ordered", Severity.HARD, facts))
    if bag.vial_mg_per_ml != state.planned.limits.vial_mg_per_ml:
        findings.append(Finding("not_the_ordered_vial", Severity.HARD, {"vial_mg_per_ml": str(bag.vial_mg_per_ml)}))
    if findings:
        raise Refused(findings)
    return e.BagMade(bag=bag, lot=command.lot)


def rate_for(order: Order, bag: Bag) -> Decimal:
    """The rate that empties `bag` in the ordered time, as it can be set: never faster, mL/h."""
    return settable_rate_ml_per_h(order, bag.final_volume_ml * 60 / exact(order.duration_min))


def start_rate_ml_per_h(state: InfusionState) -> Decimal:
    """The rate to start at: for the bag that was really made."""
    if state.planned is None:
        raise refuse("not_planned")
    return rate_for(state.planned.order, state.bag.fact.bag) if state.bag else state.planned.rate_ml_per_h


def settable_rate_ml_per_h(order: Order, rate_ml_per_h: Decimal | Fraction) -> Decimal:
    """The nearest rate not above this one that whole drops or the pump's step can give.

    Below one drop a minute the rate stays as asked: there is no mark below it but a closed clamp.
    """
    delivery = order.delivery
    if delivery.drops_per_ml is not None:
        drops = round_drops_down(exact(rate_ml_per_h) * delivery.drops_per_ml / 60)
        return (
            shown(exact(drops) * 60 / delivery.drops_per_ml, decimals=2) if drops else shown(rate_ml_per_h, decimals=2)
        )
    assert delivery.pump_step_ml_per_h is not None
    return round_rate_down(rate_ml_per_h, step_ml_per_h=delivery.pump_step_ml_per_h)


def drops_per_min(order: Order, rate_ml_per_h: Decimal) -> int | None:
    """Whole drops a minute for this rate, rounded down; None with a pump."""
    drops_per_ml = order.delivery.drops_per_ml
    return None if drops_per_ml is None else round_drops_down(exact(rate_ml_per_h) * drops_per_ml / 60)


def rate_mg_per_kg_per_h(state: InfusionState, rate_ml_per_h: Decimal) -> Fraction:
    """What this flow of the bag that hangs gives the patient, mg/kg/h."""
    if state.planned is None:
        raise refuse("not_planned")
    bag = state.bag.fact.bag if state.bag else state.planned.bag
    return exact(rate_ml_per_h) * bag.strength_mg_per_ml / exact(state.planned.weight_kg)


def judge_faster(state: InfusionState, rate_ml_per_h: Decimal) -> tuple[Finding, ...]:
    """Findings about a start or a faster rate: the library's limits, and the range the prescriber signed."""
    if state.planned is None:
        raise refuse("not_planned")
    asked = shown(rate_mg_per_kg_per_h(state, rate_ml_per_h), decimals=6)
    highest = state.planned.order.highest_rate_mg_per_kg_per_h
    found = judge_rate(asked, limits=state.planned.limits)
    if asked > highest and not found:
        facts = {"value": str(asked), "limit": str(highest)}
        return (Finding("faster_than_signed", Severity.SOFT, facts, state.planned.protocol_version),)
    return found


def _must_be_answered(findings: tuple[Finding, ...], reason: str | None) -> None:
    hard = tuple(finding for finding in findings if finding.severity is Severity.HARD)
    if hard:
        raise Refused(hard)
    if findings and not (reason and reason.strip()):
        raise Refused((*findings, Finding("needs_prescriber_and_reason", Severity.SOFT)))
