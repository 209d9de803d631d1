"""The whole page of one room from one situation, for somebody with these roles."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

from stillroom.bedside import parts as p
from stillroom.bedside.fill.advice import fill_advice
from stillroom.bedside.fill.alarms import fill_alarms
from stillroom.bedside.fill.charts import course_still_good, fill_course, fill_vitals
from stillroom.bedside.fill.comfort import fill_calming, fill_comfort, fill_company
from stillroom.bedside.fill.coming import fill_next
from stillroom.bedside.fill.drip import (
    fill_doubt,
    fill_drip,
    fill_label,
    fill_named,
    fill_plan,
    fill_rates,
    fill_reassigned,
    fill_slower,
)
from stillroom.bedside.fill.log import fill_log
from stillroom.bedside.fill.offered import Roles, offered
from stillroom.bedside.fill.steps import fill_before, fill_home, fill_questions
from stillroom.bedside.fill.tiles import breaths_sent_at, fill_tiles
from stillroom.bedside.room import RoomView
from stillroom.bedside.situation import Situation
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.due import watch_due_at
from stillroom.core.vitals import Signal, lifetime_of
from stillroom.web.charts import FanDrawing, VitalsDrawing

MOVED_BY = timedelta(seconds=20)
"""When the drip ends is said to the minute: a forecast is said anew when it has moved by more."""


def fill_room(now: Situation, *, href: str, roles: Roles, course: FanDrawing | None = None) -> RoomView:
    """Everything but the sheets. A `course` that was drawn before stands, if the drip is the same; it takes longest."""
    state = now.state
    return RoomView(
        infusion_id=now.infusion_id,
        patient_id=state.patient,
        href=href,
        seq=state.last_seq,
        at=now.at,
        status=state.status,
        who=fill_who(now),
        link=fill_link(now),
        monitor_alarms=now.said,
        pump=now.pump,
        acts=offered(state, roles),
        keeper=now.name_of(state.taken_by) if state.taken_by else None,
        offer=fill_offer(now),
        began_at=now.started_at,
        tiles=fill_tiles(now),
        seems=fill_seems(now),
        course=course_still_good(now, course) or fill_course(now),
        vitals=fill_vitals(now),
        log=fill_log(now),
        drip=fill_drip(now),
        doubt=fill_doubt(now, roles),
        named=fill_named(now),
        reassigned=fill_reassigned(now),
        alarms=fill_alarms(now),
        help=fill_help(now),
        before=fill_before(now),
        home=fill_home(now),
        advice=fill_advice(now),
        comfort=fill_comfort(now),
        calming=fill_calming(now),
        company=fill_company(now),
        antiemetic=now.planned.order.antiemetic,
        wishes=now.patient.wishes,
        harm_said_at=now.patient.harm_said_at,
        next=fill_next(now),
        questions=fill_questions(now),
        plan=fill_plan(now),
        label=fill_label(now),
        rates=fill_rates(now),
        slower=fill_slower(now),
        limits=fill_limits(now),
        in_hand=fill_in_hand(now),
    )


def fill_later(
    now: Situation, before: RoomView, *, course: FanDrawing | None, vitals: VitalsDrawing | None = None
) -> RoomView:
    """The room as it was, a while later: what time alone changes is filled anew, from the last readings of `now`.

    `vitals` stands with the small lines of the tiles, which are drawn of all readings.
    """
    later = replace(
        before,
        at=now.at,
        link=fill_link(now),
        seems=fill_seems(now),
        course=course_still_good(now, course) or fill_course(now),
        drip=_unless_it_says_more(fill_drip(now), before.drip),
        alarms=fill_alarms(now),
        before=fill_before(now),
        home=fill_home(now),
        advice=fill_advice(now),
        next=_settled(fill_next(now), before.next),
        slower=fill_slower(now),
    )
    return later if vitals else replace(later, tiles=fill_tiles(now), vitals=fill_vitals(now))


def _unless_it_says_more(drip: p.Drip, before: p.Drip | None) -> p.Drip:
    """The browser's clock counts on what has elapsed; that alone is nothing new."""
    return before if before and replace(drip, elapsed_s=before.elapsed_s) == before else drip


def _settled(things: tuple[p.NextThing, ...], before: tuple[p.NextThing, ...]) -> tuple[p.NextThing, ...]:
    """A forecast that moved by less than is said of it stands as it was."""
    known = {(thing.code, thing.about, thing.seq): thing for thing in before}
    return tuple(_stands(thing, known.get((thing.code, thing.about, thing.seq))) for thing in things)


def _stands(thing: p.NextThing, before: p.NextThing | None) -> p.NextThing:
    if before is None or thing.at is None or before.at is None or thing.is_late or before.is_late:
        return thing
    return before if abs(thing.at - before.at) < MOVED_BY else thing


def fill_offer(now: Situation) -> p.RoomOffer | None:
    """To whom whoever keeps the room means to hand it."""
    seen = now.state.offered
    if seen is None:
        return None
    to = now.name_of(f"person:{seen.fact.to}")
    return p.RoomOffer(to=to, by=now.name_of(seen.by), at=seen.occurred_at, words=seen.fact.words)


def for_roles(room: RoomView, now: Situation, roles: Roles) -> RoomView:
    """The same room for somebody with other roles: what is offered differs, what is so does not."""
    return replace(room, acts=offered(now.state, roles), doubt=fill_doubt(now, roles))


def fill_who(now: Situation) -> p.Who:
    patient, planned = now.patient, now.planned
    return p.Who(
        room=now.room,
        name=patient.short_name,
        initials=patient.initials,
        born=patient.born,
        weight_kg=planned.weight_kg,
        allergies=patient.allergies,
        line_site=now.state.line.fact.site if now.state.line else None,
        is_line_out=now.state.line_removed_at is not None and now.state.line is None,
        course_number=planned.course_number,
        course_length=planned.course_length,
    )


def fill_help(now: Situation) -> p.Help | None:
    """While help is wanted: the list, what of it is done and when, what is kept at hand, and what was given since."""
    since = now.state.help_called_at
    if since is None:
        return None
    steps = [each for each in now.surviving if isinstance(each.fact, e.HelpStepDone) and each.occurred_at >= since]
    given = [each for each in now.state.medicines if each.occurred_at >= since]
    return p.Help(
        since=since,
        done=now.state.help_steps,
        times={each.fact.step: each.occurred_at for each in steps if isinstance(each.fact, e.HelpStepDone)},
        kept=now.kept,
        given=tuple((each.occurred_at, each.fact, now.name_of(each.by)) for each in given),
    )


def fill_link(now: Situation) -> p.Link:
    """Silent when nothing came for longer than a link of this interval may take between two messages."""
    monitor = now.monitor
    if monitor is None:
        return p.Link(state=p.LinkState.NONE)
    heard_at = monitor.last_heard_at
    lifetime = lifetime_of(Signal.SPO2_PERCENT, interval_s=monitor.interval_s, cuff_interval_s=monitor.interval_s)
    is_heard = heard_at is not None and now.at - heard_at <= timedelta(seconds=lifetime.stale_s)
    state = p.LinkState.HEARD if is_heard else p.LinkState.SILENT
    return p.Link(state=state, every_s=round(monitor.interval_s), last_heard_at=heard_at)


def fill_seems(now: Situation) -> p.Seems:
    seen, due_at = now.state.watched, watch_due_at(now.state, breaths_sent_at=breaths_sent_at(now))
    if seen is None:
        return p.Seems(next_due_at=due_at)
    fact, roused = seen.fact, now.state.roused
    return p.Seems(
        seen_at=seen.occurred_at,
        next_due_at=due_at,
        awake=roused.fact.awake if roused else None,
        roused_at=roused.occurred_at if roused and fact.awake is None else None,
        not_woken=fact.not_woken,
        breaths_per_min=fact.breaths_per_min,
        detached=fact.detached,
        anxious=fact.anxious,
        nauseous=fact.nauseous,
        oxygen_l_per_min=fact.oxygen_l_per_min,
        line_site=fact.line_site,
        symptoms=now.state.symptoms,
        pulls_at_line=now.state.pulls_at_line is not None and now.state.pulls_at_line.fact.pulls_at_line is True,
    )


def fill_in_hand(now: Situation) -> tuple[p.VialsInHand, ...]:
    return tuple(
        p.VialsInHand(in_hand_mg=each.in_hand_mg, in_vials_mg=each.in_vials_mg, in_vials_ml=each.in_vials_ml)
        for each in now.in_hand
    )


def fill_limits(now: Situation) -> tuple[p.LimitNow, ...]:
    """Every limit as it is, and as the order has it."""
    ordered, limits = now.planned.order.watch_limits, now.state.watch_limits
    return tuple(
        p.LimitNow(limit=each.name, value=getattr(limits, each.name), ordered=getattr(ordered, each.name))
        for each in fields(limits)
    )
