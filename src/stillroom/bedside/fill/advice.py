"""What there is to say now: the core's advice, asked with what the situation knows. It is shown; nothing follows."""

from __future__ import annotations

from fractions import Fraction

from stillroom.bedside.fill.drip import given_now, progress_now, volume_to_run_ml
from stillroom.bedside.fill.tiles import lifetime_by, partners_of_cuff, readings_of
from stillroom.bedside.parts import TileKind
from stillroom.bedside.situation import Situation
from stillroom.core.drip.course import ledger
from stillroom.core.drip.exact import exact
from stillroom.core.drip.history import FlowCounted, FlowSettled, History, LevelRead
from stillroom.core.drip.line import Gravity
from stillroom.core.drip.pouring import Track
from stillroom.core.infusion.advising import Measured, advice
from stillroom.core.infusion.state import Status
from stillroom.core.safety.advice import Advice, Between, Delivery, Unsure, unsure_of
from stillroom.core.vitals import Freshness, Signal, freshness_of


def fill_advice(now: Situation) -> tuple[Advice, ...]:
    return advice(
        now.state,
        delivery=delivery_now(now),
        measured=_measured(now),
        easily_sick=now.patient.easily_sick,
        at=now.at,
    )


def delivery_now(now: Situation) -> Delivery | None:
    """What the drip has let out by everything counted and read, against the plan; None while nothing surely runs.

    Of `core.drip` and the log alone: nothing of how the patient feels comes in here.
    """
    progress = progress_now(now)
    if progress is None or now.drip is None or now.state.status is not Status.INFUSING:
        return None
    drip, at_min = now.drip, now.minute_of(now.at)
    planned_ml = exact(progress.planned_ml)
    is_seen = any(isinstance(each, FlowCounted | LevelRead) for each in drip.happenings)
    return Delivery(
        volume_ml=volume_to_run_ml(now),
        planned_ml=planned_ml,
        due_ml=min(planned_ml, _run_ml(drip, at_min, Track.ORDERED)),
        run_ml=_run_between_ml(drip, at_min, exact(progress.run_ml), is_seen=is_seen),
        is_seen=is_seen,
        unsure=_unsure(now, drip, at_min),
    )


def _run_between_ml(drip: History, at_min: float, likely_ml: Fraction, *, is_seen: bool) -> Between:
    if not is_seen:
        return Between(likely_ml, likely_ml, likely_ml)
    return Between(_run_ml(drip, at_min, Track.LEAST), likely_ml, _run_ml(drip, at_min, Track.MOST))


def _run_ml(drip: History, at_min: float, track: Track) -> Fraction:
    return ledger(drip, at_min=at_min, track=track).drip_ml


def _unsure(now: Situation, drip: History, at_min: float) -> Unsure | None:
    """A pump says by itself how fast it runs; drops and bag that do not agree are looked at under either."""
    counted = [exact(each.t_min) for each in drip.happenings if isinstance(each, FlowCounted)]
    has_read = any(isinstance(each, LevelRead) for each in drip.happenings)
    estimate = given_now(now) if counted and has_read else None
    if estimate is not None and not estimate.is_consistent:
        return Unsure.DISAGREE
    was_set = [exact(each.t_min) for each in drip.happenings if isinstance(each, FlowSettled)]
    if not isinstance(drip.meter, Gravity) or not was_set:
        return None
    return unsure_of(set_min=max(was_set), counted_min=max(counted, default=None), at_min=exact(at_min))


def _measured(now: Situation) -> Measured:
    return Measured(
        sbp_mmhg=_fresh(now, TileKind.PRESSURE),
        dbp_mmhg=_fresh_lower(now),
        resp_per_min=_fresh(now, TileKind.BREATHING),
        spo2_percent=_fresh(now, TileKind.OXYGEN),
    )


def _fresh(now: Situation, kind: TileKind) -> int | None:
    """The newest reading of a tile, by monitor or by hand, while it may be shown."""
    readings = readings_of(now, kind)
    if not readings:
        return None
    last = readings[-1]
    lifetime = lifetime_by(now, last.sample.signal, is_by_hand=last.is_by_hand)
    return last.number if freshness_of(last.sample, now.at, lifetime) is Freshness.FRESH else None


def _fresh_lower(now: Situation) -> int | None:
    """The lower pressure of the cuff's newest reading."""
    if _fresh(now, TileKind.PRESSURE) is None:
        return None
    last = readings_of(now, TileKind.PRESSURE)[-1]
    return partners_of_cuff(now, Signal.DBP_MMHG).get(last.sample.measured_at)
