"""Is the drip too slow, too fast, or can nobody tell?

Too slow means that less is delivered than was set and planned, and nothing else. So what is asked here is how the drip
goes (`core.drip.pace`) alone: drops that were counted, a pump and a bag that were read, against what was signed and
set. How the patient feels is no part of it and cannot be given to it; nobody who feels little is advised more drug by
any way through this house.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip.exact import shown
from stillroom.core.drip.pace import Between, Pace, Pacing, Why
from stillroom.core.safety.advice.advice import Advice, Code, Step, Sure

ASKED_AGAIN = frozenset({Why.NOT_SEEN, Why.MOVED, Why.OLD, Why.ROUGH, Why.UNREAD})
"""Where a count or a reading would tell. What is in doubt is settled first, and says so in a place of its own."""


def advise_pace(pacing: Pacing | None) -> tuple[Advice, ...]:
    """At most one: too slow, too fast, or a count that is wanted. A stream is an alarm, and no advice besides."""
    if pacing is None:
        return ()
    if pacing.pace is Pace.TOO_SLOW:
        late = (Step.COUNT, Step.LOOK_AT_LINE, Step.READ_BAG, Step.END_LATE)
        return (_off(Code.BEHIND, pacing, late, ahead=1),)
    if pacing.pace is Pace.TOO_FAST:
        return (_off(Code.AHEAD, pacing, (Step.SLOWER, Step.PAUSE, Step.COUNT), ahead=-1),)
    if pacing.pace is Pace.CANNOT_TELL and pacing.why in ASKED_AGAIN:
        steps = (Step.READ_BAG, Step.COUNT) if pacing.why is Why.UNREAD else (Step.COUNT, Step.READ_BAG)
        return (Advice(code=Code.RECOUNT, level=0, sure=Sure.UNKNOWN, steps=steps, saw={"why": pacing.why.value}),)
    return ()


def _off(code: Code, pacing: Pacing, steps: tuple[Step, ...], *, ahead: int) -> Advice:
    """`level`: by how many hundredths it flows, or has run, otherwise than it should, whichever is more."""
    behind, flow = pacing.behind_ml, pacing.flow_ml_per_h
    off_flow = (pacing.set_ml_per_h - flow.likely_ml_per_h) / pacing.set_ml_per_h
    off_ml = behind.likely / pacing.volume_ml if pacing.volume_ml else Fraction(0)
    saw = {
        "flow_ml_per_h": _whole(flow.likely_ml_per_h),
        "set_ml_per_h": _whole(pacing.set_ml_per_h),
        "off_ml": _whole(ahead * behind.likely),
        **_between(behind if ahead == 1 else Between(-behind.most, -behind.likely, -behind.least)),
    }
    level = max(0, int(100 * max(ahead * off_flow, ahead * off_ml)))
    return Advice(code=code, level=level, sure=Sure.SEEN, steps=steps, saw=saw)


def _between(off: Between) -> dict[str, str]:
    return {"least_ml": _whole(off.least), "most_ml": _whole(off.most)}


def _whole(amount: Fraction) -> str:
    """To the millilitre: nobody reads a bag or counts drops more finely."""
    return f"{shown(amount, decimals=0).quantize(Decimal(1)):f}"
