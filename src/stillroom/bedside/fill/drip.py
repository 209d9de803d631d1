"""The drip: what was ordered, what was seen of it, what was given, what is in doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.bedside import parts as p
from stillroom.bedside.fill.offered import Roles
from stillroom.bedside.situation import Situation
from stillroom.core.drip.counting import count_drops
from stillroom.core.drip.course import reached_patient_mg
from stillroom.core.drip.exact import exact, shown, shown_at_least, shown_at_most
from stillroom.core.drip.given import Estimate, given
from stillroom.core.drip.line import Flow
from stillroom.core.drip.pace import Between, Pacing
from stillroom.core.drip.progress import Progress, progress
from stillroom.core.errors import Refused
from stillroom.core.infusion.by_log import differing
from stillroom.core.infusion.coach import (
    Unforeseen,
    first_rate_ml_per_h,
    offer,
    pacing,
    unforeseen,
    volume_to_run_ml,
)
from stillroom.core.infusion.decide import CLAMP_CLOSED, CLINICAL
from stillroom.core.infusion.planning import drops_per_min, plan_as_made, rate_mg_per_kg_per_h, settable_rate_ml_per_h
from stillroom.core.infusion.roles import EMERGENCY
from stillroom.core.infusion.state import Status, settings_of

USUAL_SHARES = (Decimal(1), Decimal("0.75"), Decimal("0.5"))
"""Of the ordered rate: what one tap fills in. Slower only; faster is typed."""


def fill_drip(now: Situation) -> p.Drip:
    planned, state = now.planned, now.state
    bag_left_ml, bag_read_at = _bag_read(now)
    ordered_ml_per_h = first_rate_ml_per_h(now.state)
    ordered_drops_per_min = drops_per_min(planned.order, ordered_ml_per_h)
    drip = p.Drip(
        ordered_mg=planned.dose_mg,
        ordered_ml_per_h=ordered_ml_per_h,
        set_drops_per_min=ordered_drops_per_min if state.drops_per_min is None else state.drops_per_min,
        duration_min=planned.order.duration_min,
        elapsed_s=elapsed_s(now),
        is_running=state.may_be_running,
        rate_ml_per_h=state.rate_ml_per_h if state.status is Status.INFUSING else None,
        bag_left_ml=bag_left_ml,
        bag_read_at=bag_read_at,
        paused_at=state.paused_at if state.status is Status.PAUSED else None,
        stream_seen_at=state.stream_seen_at,
        drops_per_ml=planned.order.delivery.drops_per_ml,
        coach=fill_coach(now),
    )
    return _counted(now, _given(now, _in_line(now, drip)))


def fill_coach(now: Situation) -> p.Coach | None:
    """The one word with its numbers, likely ones to the nearest and ranges outwards; None while nothing runs."""
    paced = pace_now(now)
    if paced is None:
        return None
    flow, found = paced.flow_ml_per_h, offer(now.state, paced)
    differ = differing(now.drip, settings_of(now.state)) if now.drip else None
    return p.Coach(
        pace=paced.pace,
        why=paced.why,
        flow_ml_per_h=_rounded(Between(flow.least_ml_per_h, flow.likely_ml_per_h, flow.most_ml_per_h)),
        rate_mg_per_kg_per_h=_drug(now, flow),
        is_seen=paced.seen_min is not None,
        run_ml=_rounded(paced.run_ml),
        planned_ml=round(paced.planned_ml),
        volume_ml=round(paced.volume_ml),
        left_min=_rounded(paced.left_min) if paced.left_min and unforeseen_now(now) is None else None,
        due_in_min=round(paced.signed_in_min),
        offer_ml_per_h=found.rate_ml_per_h if found else None,
        offer_drops_per_min=found.drops_per_min if found else None,
        apart_ml=(round(differ.counted_ml), round(differ.bag_ml)) if differ else None,
        is_let_be=found is not None and found.rate_ml_per_h is None,
        late_min=max(round(found.late_min), 0) if found else 0,
    )


def _drug(now: Situation, flow: Flow) -> tuple[Decimal, Decimal, Decimal]:
    """What it comes to in mg/kg/h, its ends outwards to the hundredth."""
    least, likely, most = (
        rate_mg_per_kg_per_h(now.state, each)
        for each in (flow.least_ml_per_h, flow.likely_ml_per_h, flow.most_ml_per_h)
    )
    return shown_at_most(least, decimals=2), shown(likely, decimals=2), shown_at_least(most, decimals=2)


def _rounded(amount: Between) -> tuple[int, int, int]:
    return amount.least.__floor__(), round(amount.likely), amount.most.__ceil__()


def _in_line(now: Situation, drip: p.Drip) -> p.Drip:
    """What an order of forty minutes does not say: the line was filled from the bag, and keeps that much at the end."""
    if now.state.ended_at is not None:
        return drip
    try:
        plan = plan_as_made(now.state)
    except Refused:
        return drip
    empty_min, holds_mg = shown(plan.bag_empty_min, decimals=1), shown(plan.line_holds_mg, decimals=2)
    return replace(drip, bag_empty_min=empty_min, line_holds_mg=holds_mg)


def fill_doubt(now: Situation, roles: Roles) -> p.Doubt | None:
    """The newest thing that was meant and that nobody has settled."""
    if not now.state.pending:
        return None
    newest = now.state.pending[-1]
    return p.Doubt(
        seq=newest.seq,
        kind=newest.kind,
        since=newest.occurred_at,
        by=now.name_of(newest.by),
        rate_ml_per_h=newest.rate_ml_per_h,
        drops_per_min=newest.drops_per_min,
        from_rate_ml_per_h=now.state.rate_ml_per_h,
        from_drops_per_min=drops_per_min(now.planned.order, now.state.rate_ml_per_h),
        may_confirm=newest.kind in CLAMP_CLOSED or not roles.isdisjoint(CLINICAL | {EMERGENCY}),
    )


def fill_named(now: Situation) -> tuple[p.NamedPrescriber, ...]:
    return tuple(
        p.NamedPrescriber(
            seq=each.seq,
            name=now.name_of(f"person:{each.prescriber}"),
            by=now.name_of(each.by),
            since=each.occurred_at,
            reason=each.reason,
            before_start=each.before_start,
            is_limit=each.is_limit,
            is_risk=each.is_risk,
        )
        for each in now.state.named
    )


def fill_reassigned(now: Situation) -> p.ReassignedView | None:
    """What was put right and waits for its second; nothing once they have said so."""
    waiting = now.state.reassignment_waits
    if waiting is None:
        return None
    return p.ReassignedView(
        seq=waiting.seq,
        by=now.name_of(waiting.by),
        second=now.name_of(f"person:{waiting.fact.second_person}"),
        since=waiting.occurred_at,
        reason=waiting.fact.reason,
    )


def fill_plan(now: Situation) -> p.BagPlan:
    bag = now.planned.bag
    return p.BagPlan(
        vial_mg_per_ml=bag.vial_mg_per_ml,
        drug_volume_ml=bag.drug_volume_ml,
        drug_mg=shown(bag.drug_mg, decimals=2),
        fluid_volume_ml=bag.fluid_volume_ml,
    )


def fill_label(now: Situation) -> p.BagLabel | None:
    made, checked_by = now.state.bag, now.state.bag_checked_by
    if made is None:
        return None
    bag = made.fact.bag
    return p.BagLabel(
        patient=f"{now.patient.given_name} {now.patient.family_name}",
        born=now.patient.born,
        drug_mg=shown(bag.drug_mg, decimals=2),
        final_volume_ml=shown(bag.final_volume_ml, decimals=1),
        strength_mg_per_ml=shown(bag.strength_mg_per_ml, decimals=3),
        made_by=now.name_of(made.by),
        made_at=made.occurred_at,
        lot=made.fact.lot,
        checked_by=now.name_of(checked_by) if checked_by else None,
    )


def fill_rates(now: Situation) -> tuple[p.RateStep, ...]:
    """Usual rates as the clamp or the pump can be set to them, each once."""
    order = now.planned.order
    rates = (settable_rate_ml_per_h(order, now.planned.rate_ml_per_h * share) for share in USUAL_SHARES)
    return tuple(
        p.RateStep(rate_ml_per_h=rate, drops_per_min=drops_per_min(order, rate)) for rate in dict.fromkeys(rates)
    )


def fill_slower(now: Situation) -> p.RateStep | None:
    """What one tap sets: slower as the coach offers it, or the next usual rate below the one that is set.

    None where nobody can say what that is: while something is in doubt, and below the lowest of them.
    """
    state = now.state
    if state.status is not Status.INFUSING or state.is_in_doubt:
        return None
    offered = offer(state, pace_now(now))
    rates = [step.rate_ml_per_h for step in fill_rates(now)]
    if offered is not None and offered.rate_ml_per_h is not None:
        rates = [offered.rate_ml_per_h, *rates]
    rate = next((each for each in rates if Decimal(0) < each < state.rate_ml_per_h), None)
    if rate is None:
        return None
    return p.RateStep(rate_ml_per_h=rate, drops_per_min=drops_per_min(now.planned.order, rate))


def given_now(now: Situation) -> Estimate | None:
    """What has reached the patient, by all evidence; None before a start was intended."""
    return given(now.drip, at_min=now.minute_of(now.at)) if now.drip else None


def progress_now(now: Situation) -> Progress | None:
    """Plan and drip side by side; None before a start was intended. Time in which it was paused is not behind."""
    if now.drip is None:
        return None
    at_min = now.minute_of(now.at)
    return progress(
        now.drip,
        planned_rate_ml_per_h=first_rate_ml_per_h(now.state),
        planned_volume_ml=volume_to_run_ml(now.drip),
        start_min=at_min - elapsed_s(now) / 60,
        at_min=at_min,
    )


def pace_now(now: Situation) -> Pacing | None:
    """Is the drip on plan, too slow, too fast, or can nobody tell; None while nothing runs."""
    return pacing(now.state, now.drip, at_min=now.minute_of(now.at))


def unforeseen_now(now: Situation) -> Unforeseen | None:
    """Why no forecast is shown: neither of the drug's course nor of when the drip ends."""
    return unforeseen(now.state, pace_now(now), at_min=now.minute_of(now.at))


def elapsed_s(now: Situation) -> int:
    return int(now.running.until(now.at) / timedelta(seconds=1))


def _given(now: Situation, drip: p.Drip) -> p.Drip:
    """By everything known, as in `given_now`, without asking each kind of evidence by itself: much less work."""
    if now.drip is None:
        return drip
    least_mg, likely_mg, most_mg = reached_patient_mg(now.drip, at_min=now.minute_of(now.at))
    return replace(
        drip,
        given_mg=shown(likely_mg, decimals=0),
        given_least_mg=shown_at_least(least_mg, decimals=0),
        given_most_mg=shown_at_most(most_mg, decimals=0),
        percent=min(100, int(likely_mg * 100 / exact(drip.ordered_mg))),
    )


def _counted(now: Situation, drip: p.Drip) -> p.Drip:
    counted = now.state.counted
    if counted is None:
        return drip
    rate = count_drops(drops=counted.fact.drops, seconds=counted.fact.seconds)
    return replace(
        drip,
        counted_per_min=round(rate.likely_per_min),
        counted_least_per_min=rate.least_per_min.__floor__(),
        counted_most_per_min=rate.most_per_min.__ceil__(),
        counted_at=counted.occurred_at,
    )


def _bag_read(now: Situation) -> tuple[Decimal | None, datetime | None]:
    """What was last read of the bag, and when: at the end it is read once more."""
    state = now.state
    if state.left_in_bag_ml is not None:
        return state.left_in_bag_ml, state.ended_at
    if state.bag_read is not None:
        return state.bag_read.fact.left_in_bag_ml, state.bag_read.occurred_at
    return None, None
