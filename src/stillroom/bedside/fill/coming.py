"""What comes next, in the order of time: by the order's intervals, and by how the drip runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from stillroom.bedside.fill.drip import progress_now, unforeseen_now
from stillroom.bedside.fill.tiles import breaths_sent_at, cuff_measured_at, saturation_measured_at, sent_now
from stillroom.bedside.parts import NextThing
from stillroom.bedside.situation import Situation
from stillroom.core.infusion.due import (
    check_due_at,
    detached_due_at,
    effects_due,
    observed_until,
    pressure_again_at,
    pressure_due_at,
    saturation_due_at,
    watch_due_at,
)
from stillroom.core.infusion.state import Status
from stillroom.core.safety.watch import was_saturation_sent

ON_THE_WAY = frozenset({Status.INFUSING, Status.PAUSED})


def fill_next(now: Situation) -> tuple[NextThing, ...]:
    return _in_order(now, (*fill_due(now), *_expected(now)))


def fill_due(now: Situation) -> tuple[NextThing, ...]:
    """What staff are asked to do, the next first, and whether it is past its time."""
    saturation_at = saturation_due_at(now.state, measured_at=saturation_measured_at(now))
    due = {
        "pressure": pressure_again_at(now.state, measured_at=cuff_measured_at(now)),
        "watch": watch_due_at(now.state, breaths_sent_at=breaths_sent_at(now)),
        "saturation": None if _sends_saturation(now) else saturation_at,
        "detached": detached_due_at(now.state),
        "check": check_due_at(now.state, sent_now(now)),
    }
    called_at = {"pressure": pressure_due_at(now.state, measured_at=cuff_measured_at(now))}
    things = (
        NextThing(code=code, at=at, is_late=now.at > (called_at.get(code) or at))
        for code, at in due.items()
        if at is not None
    )
    return _in_order(now, (*things, *_effects(now)))


def _sends_saturation(now: Situation) -> bool:
    """The monitor has, since the start: one that has none sends none."""
    if now.monitor is None:
        return False
    sent = {each.signal: [each] for each in now.readings}
    return now.state.started_at is None or was_saturation_sent(sent, {}, since=now.state.started_at)


def _effects(now: Situation) -> Iterator[NextThing]:
    """Of each medicine, when to ask whether it has helped."""
    for seen, at in effects_due(now.state):
        yield NextThing(code="effect", at=at, is_late=now.at > at, about=seen.fact.name, seq=seen.seq)


def _expected(now: Situation) -> Iterator[NextThing]:
    """What follows by itself if the drip goes on as it runs; never late, as nothing waits for it.

    Without a time while nobody can say how it goes on.
    """
    ends_at, leaves_at = drip_ends_at(now), observed_until(now.state)
    if ends_at is not None:
        is_shown = unforeseen_now(now) is None
        yield NextThing(code="drip_ends", at=ends_at if is_shown else None)
        yield NextThing(code="recovery_checks", at=ends_at if is_shown else None)
        if leaves_at is None and is_shown:
            leaves_at = ends_at + timedelta(minutes=now.planned.order.intervals.stay_at_least_min)
        if leaves_at is None:
            yield NextThing(code="earliest_leaving", at=None)
    if leaves_at is not None and now.state.gone_at is None:
        yield NextThing(code="earliest_leaving", at=leaves_at)


def drip_ends_at(now: Situation) -> datetime | None:
    """When the bag will be empty at the present flow; None while nothing runs."""
    if now.state.status not in ON_THE_WAY:
        return None
    progress = progress_now(now)
    if progress is None or progress.minutes_to_finish is None:
        return None
    return now.at + timedelta(minutes=float(progress.minutes_to_finish))


def _in_order(now: Situation, things: Iterable[NextThing]) -> tuple[NextThing, ...]:
    """What nobody knows the time of comes last."""
    return tuple(sorted(things, key=lambda thing: (thing.at is None, thing.at or now.at)))
