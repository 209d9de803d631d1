"""From a signed order and a weight to bag, rate and drops; and is a faster rate within limits?"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from stillroom.core.drip.bag import Bag, check_bag, mix_bag
from stillroom.core.drip.exact import Amount, exact, shown
from stillroom.core.drip.line import Gravity, Line, Meter, Priming, Pump
from stillroom.core.drip.plan import DripPlan, plan_drip, settable_drops_per_min
from stillroom.core.drip.plan import settable_rate_ml_per_h as settable
from stillroom.core.drip.recheck import must_agree
from stillroom.core.errors import Finding, Refused, Severity, refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.answered import must_be_answered
from stillroom.core.infusion.state import InfusionState
from stillroom.core.order import Order
from stillroom.core.safety.known import judge_known
from stillroom.core.safety.last_time import judge_next_version
from stillroom.core.safety.library import Limits
from stillroom.core.safety.limits import hard_first, judge_order, judge_rate
from stillroom.core.safety.link_delay import judge_delays

RATE_DECIMALS = 2
"""Whole drops of the sets there are give whole mL/h, and no infusion pump is set finer than a hundredth."""


def plan(command: c.PlanInfusion, author: c.Author) -> e.InfusionPlanned:
    """Entry 1: the order with what follows from it. Refused for hard findings, or soft ones without a reason."""
    order, findings = command.order, judge(command, author)
    must_be_answered(findings, reason=command.reason, reasons=command.reasons, by_prescriber=True)
    dose_mg = order.dose_mg_per_kg * command.weight_kg
    bag = bag_for(order, dose_mg=dose_mg)
    drip = drip_plan(order, weight_kg=command.weight_kg, bag=bag)
    return e.InfusionPlanned(
        patient=command.patient,
        room=command.room,
        order=order,
        limits=command.limits,
        protocol_version=command.protocol_version,
        weight_kg=command.weight_kg,
        dose_mg=dose_mg,
        bag=bag,
        rate_ml_per_h=shown(drip.rate_ml_per_h, decimals=RATE_DECIMALS),
        drops_per_min=drip.drops_per_min,
        course_number=command.course_number,
        course_length=command.course_length,
        reason=_reasons(command, findings),
    )


def judge(command: c.PlanInfusion, author: c.Author) -> tuple[Finding, ...]:
    """Every finding about this order for this patient, hard ones first: what the page shows and what `plan` refuses by.

    The order's own limits, what the record knows of the patient, and whether two have looked where two must.
    """
    order, dose_mg = command.order, command.order.dose_mg_per_kg * command.weight_kg
    found = list(judge_order(order, dose_mg=dose_mg, bag=bag_for(order, dose_mg=dose_mg), limits=command.limits))
    found.extend(judge_delays(order.alarms, interval_s=command.link_interval_s))
    if command.known:
        found.extend(judge_known(order, dose_mg=dose_mg, weight_kg=command.weight_kg, known=command.known))
    found.extend(judge_next_version(order, command.instead_of))
    if any(finding.code == "far_from_last_order" for finding in found) and command.second is None:
        found.append(Finding("needs_second_clinician", Severity.HARD, source="SR-11"))
    if command.second is not None and command.second == author.person:
        found.append(Finding("second_person_is_the_first", Severity.HARD))
    return hard_first(found)


def judge_planned(planned: e.InfusionPlanned, *, limits: Limits) -> tuple[Finding, ...]:
    """What is found about a signed order by these limits: those it was signed under, or those of a newer library."""
    return judge_order(planned.order, dose_mg=planned.dose_mg, bag=planned.bag, limits=limits)


def _reasons(command: c.PlanInfusion, findings: tuple[Finding, ...]) -> str | None:
    """What stands on the chart: each reason once, for what was still found when it was signed."""
    given = [command.reasons.get(finding.key, "").strip() for finding in findings]
    return "; ".join(dict.fromkeys(words for words in (command.reason, *given) if words)) or None


def bag_for(order: Order, *, dose_mg: Decimal) -> Bag:
    """The bag that holds the dose, drawn up to the syringe's mark below; room is made for the drug if ordered."""
    return mix_bag(
        dose_mg=dose_mg,
        vial_mg_per_ml=order.bag.vial_mg_per_ml,
        fluid_volume_ml=order.bag.fluid_volume_ml,
        overfill_ml=order.bag.overfill_ml,
        syringe_step_ml=order.bag.syringe_step_ml,
        makes_room=order.bag.makes_room,
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


def meter_of(order: Order) -> Meter:
    """How the flow of this order is known and set: by counted drops, or by what a pump shows."""
    delivery = order.delivery
    if delivery.drops_per_ml is not None:
        return Gravity(drops_per_ml=delivery.drops_per_ml)
    assert delivery.pump_step_ml_per_h is not None
    assert delivery.pump_tolerance is not None
    return Pump(step_ml_per_h=delivery.pump_step_ml_per_h, tolerance=delivery.pump_tolerance)


@lru_cache(maxsize=1024)
def drip_plan(order: Order, *, weight_kg: Decimal, bag: Bag, line: Line | None = None) -> DripPlan:
    """What the order comes to with this bag, derived twice; Refused (`arithmetic_disagrees`) if the two ways differ.

    By the line as it was hung; before that, by the order's, filled from the bag. Screens ask for the same plan many
    times a second.
    """
    line = line or Line(volume_ml=order.delivery.line_volume_ml, primed_with=Priming.DRUG)
    planned = plan_drip(
        weight_kg=weight_kg,
        dose_mg_per_kg=order.dose_mg_per_kg,
        duration_min=order.duration_min,
        bag=bag,
        line=line,
        meter=meter_of(order),
    )
    must_agree(planned)
    return planned


def plan_as_made(state: InfusionState) -> DripPlan:
    """The plan with the bag that was really made and the line as it hangs; as planned, while neither is."""
    if state.planned is None:
        raise refuse("not_planned")
    bag = state.bag.fact.bag if state.bag else state.planned.bag
    line = state.hung.fact.line if state.hung else None
    return drip_plan(state.planned.order, weight_kg=state.planned.weight_kg, bag=bag, line=line)


def start_rate_ml_per_h(state: InfusionState) -> Decimal:
    """The rate to start at: for the bag that was really made."""
    if state.planned is None:
        raise refuse("not_planned")
    if state.bag is None:
        return state.planned.rate_ml_per_h
    drip = drip_plan(state.planned.order, weight_kg=state.planned.weight_kg, bag=state.bag.fact.bag)
    return shown(drip.rate_ml_per_h, decimals=RATE_DECIMALS)


def settable_rate_ml_per_h(order: Order, rate_ml_per_h: Decimal) -> Decimal:
    """The nearest rate not above this one that whole drops or the pump's step can give.

    Slower is never refused: below the first mark there is only a closed clamp, and the rate stays as asked.
    """
    meter = meter_of(order)
    first_mark = exact(60) / meter.drops_per_ml if isinstance(meter, Gravity) else exact(meter.step_ml_per_h)
    if exact(rate_ml_per_h) < first_mark:
        return rate_ml_per_h
    return shown(settable(rate_ml_per_h, meter), decimals=RATE_DECIMALS)


def drops_per_min(order: Order, rate_ml_per_h: Decimal) -> int | None:
    """Whole drops a minute for this rate, rounded down; None with a pump."""
    return settable_drops_per_min(rate_ml_per_h, meter_of(order))


def rate_mg_per_kg_per_h(state: InfusionState, rate_ml_per_h: Amount) -> Fraction:
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
