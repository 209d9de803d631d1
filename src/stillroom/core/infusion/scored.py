"""Scores of recovery: what is tapped, the one item that is reckoned, and whether an order's threshold is reached.

A score says how somebody is, and opens no door by itself: it is one condition more where the order says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from stillroom.core.errors import refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState, Seen
from stillroom.core.order import Scale
from stillroom.core.safety.recovery_scales import POINTS, SCALES, RecoveryScale, vital_signs_points

MEASURED = ("sbp_mmhg", "dbp_mmhg", "pulse_per_min")


def score(state: InfusionState, command: c.ScoreRecovery, *, at: datetime) -> e.RecoveryScored:
    """The score as it is to be logged. Refused: an item without points, or vital signs that nobody has measured."""
    scale = SCALES[command.scale]
    missing = [item for item in scale.tapped if command.points.get(item) not in POINTS]
    if missing:
        raise refuse("score_not_complete", missing=", ".join(missing))
    points = {item: _points(state, scale, item, command, at) for item in scale.items}
    items = tuple(e.Scored(item=item, points=each) for item, each in points.items())
    return e.RecoveryScored(scale=scale.scale, version=scale.version, items=items)


def is_score_reached(state: InfusionState) -> bool:
    """The order's score, as often and as far apart as it says, with none between that is lower. True: none is asked."""
    wanted = state.planned.order.leaving_score if state.planned else None
    if wanted is None:
        return True
    run: list[datetime] = []
    for each in reversed([each for each in state.scores if each.fact.scale is wanted.scale]):
        if each.fact.total < wanted.at_least:
            break
        run.append(each.occurred_at)
    return len(run) >= wanted.times and run[0] - run[-1] >= timedelta(minutes=wanted.apart_min)


def reckoned_points(state: InfusionState, *, at: datetime) -> int | None:
    """The vital signs of PADSS, from the last pressure and pulse beside those on arrival; None: one is missing or old.

    How long they are good for is the order's: the same time as before a start.
    """
    now, before = _last_measured(state), state.arrival_vitals
    if now is None or before is None or state.planned is None:
        return None
    if at - now.occurred_at > timedelta(minutes=state.planned.order.intervals.vitals_good_for_min):
        return None
    pairs = [(getattr(now.fact, name), getattr(before.fact, name)) for name in MEASURED]
    if any(a is None or b is None for a, b in pairs):
        return None
    return vital_signs_points(tuple(pairs))


def last_of(state: InfusionState, scale: Scale) -> Seen[e.RecoveryScored] | None:
    return next((each for each in reversed(state.scores) if each.fact.scale is scale), None)


def _points(state: InfusionState, scale: RecoveryScale, item: str, command: c.ScoreRecovery, at: datetime) -> int:
    if item != scale.reckoned:
        return command.points[item]
    reckoned = reckoned_points(state, at=at)
    if reckoned is None:
        raise refuse("no_vitals_to_score")
    return reckoned


def _last_measured(state: InfusionState) -> Seen[Any] | None:
    """The newest check or charted set since the drip ended that has all of it. The monitor may show no pulse."""
    seen: list[Seen[Any]] = [*state.checks[-1:], *([state.vitals] if state.vitals else [])]
    after = [each for each in seen if state.ended_at is not None and each.occurred_at >= state.ended_at]
    measured = [each for each in after if all(getattr(each.fact, name) is not None for name in MEASURED)]
    return max(measured, key=lambda each: (each.occurred_at, each.seq), default=None)
