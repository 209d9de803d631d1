"""What really runs through the line in a rehearsal? What staff confirmed, but for what went wrong since.

A kinked line lets nothing through and a clamp that slipped lets a stream through, until somebody's hand is at the clamp
again: any flow that is confirmed after it puts it right. An arm that was moved straightens a kinked line too, and it
runs as before. What nobody confirmed has not been done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip.course import ledger
from stillroom.core.drip.exact import exact
from stillroom.core.drip.history import BagHung, FlowSettled, Happening, History, LineFlushed, Moved
from stillroom.core.drip.line import Gravity
from stillroom.rehearsal.play.clock import ScriptClock
from stillroom.rehearsal.play.parts import Kind, Mishap, Script

FREE_FLOW_ML_PER_H = Decimal(1200)
"""20 mL in a minute: made up for rehearsal. A bag of 100 mL is empty in five."""
AT_FAULT = {Kind.KINK: Decimal(0), Kind.FREE_FLOW: FREE_FLOW_ML_PER_H}
REAL = (BagHung, FlowSettled, LineFlushed)
STREAM_FROM_DROPS_PER_MIN = 240
"""From four in a second they cannot be told apart: a stream. As in chair.js."""


def true_history(history: History, script: Script, clock: ScriptClock, *, until_min: float) -> History:
    """The drip with what the script did to it by `until_min`. All in minutes of the clock on the wall."""
    real: list[Happening] = [each for each in history.happenings if isinstance(each, REAL)]
    flows = sorted((each for each in real if isinstance(each, FlowSettled)), key=lambda each: exact(each.t_min))
    faults = [
        fault for fault in _faults(script, clock) if fault.t_min <= until_min and _runs_at(flows, float(fault.t_min))
    ]
    return replace(history, happenings=(*real, *faults, *_straightened(history, flows, faults)))


def drops_per_min(history: History, *, at_min: float) -> int:
    """How many fall at this moment; none when the bag is empty."""
    flows = sorted(
        (each for each in history.happenings if isinstance(each, FlowSettled)), key=lambda each: exact(each.t_min)
    )
    if not isinstance(history.meter, Gravity) or left_in_bag_ml(history, at_min=at_min) <= 0:
        return 0
    return round(_runs_at(flows, at_min) * history.meter.drops_per_ml / 60)


def left_in_bag_ml(history: History, *, at_min: float) -> Fraction:
    return ledger(history, at_min=at_min).bag_volume_ml


def _faults(script: Script, clock: ScriptClock) -> Iterable[FlowSettled]:
    for event in script.events:
        if isinstance(event.what, Mishap) and event.what.kind in AT_FAULT:
            t_min = clock.room_minute(event.minute)
            yield FlowSettled(t_min=t_min, rate_ml_per_h=AT_FAULT[event.what.kind])


def _straightened(
    history: History, flows: Iterable[FlowSettled], faults: Iterable[FlowSettled]
) -> Iterable[FlowSettled]:
    """Where the arm was moved after a kink, and no hand was at the clamp in between: it runs as it did before."""
    for kink in (each for each in faults if not each.rate_ml_per_h):
        after = [each for each in (*history.happenings, *faults) if exact(each.t_min) > exact(kink.t_min)]
        first = min(
            (each for each in after if isinstance(each, Moved | FlowSettled)),
            key=lambda each: exact(each.t_min),
            default=None,
        )
        if isinstance(first, Moved):
            yield FlowSettled(t_min=first.t_min, rate_ml_per_h=_runs_at(flows, float(kink.t_min)))


def _runs_at(flows: Iterable[FlowSettled], at_min: float) -> Decimal:
    """The flow in force, mL/h. A clamp that is closed neither kinks nor slips."""
    rate = Decimal(0)
    for flow in flows:
        if flow.t_min <= at_min:
            rate = flow.rate_ml_per_h
    return rate
