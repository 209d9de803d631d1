"""What would the course be, at another rate from this minute on? Reckoned, drawn and forgotten: nothing is recorded.

It informs. It judges nothing either: whether a rate is allowed is told when it is asked for, and not before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import numpy as np

from stillroom.bedside.fill.charts import Expected, expected
from stillroom.bedside.fill.drip import unforeseen_now
from stillroom.bedside.sheets import Act
from stillroom.bedside.situation import Situation
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.coach import first_rate_ml_per_h
from stillroom.core.infusion.planning import drops_per_min, settable_rate_ml_per_h
from stillroom.core.infusion.timeline import drip_history
from stillroom.web.charts import CourseDrawing, draw_plasma

DRAWN_FOR = (Act.START, Act.NEW_RATE, Act.RESUME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """When the last drug would reach the vein, and how high the models' peaks would be: lowest and highest, ng/mL."""

    ends_at: datetime | None
    peaks_ng_per_ml: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """A course that is supposed, and the present one beside it: none before a start, or while nobody can foresee it."""

    act: Act
    rate_ml_per_h: Decimal
    drops_per_min: int | None
    course: CourseDrawing
    spread_percent: str
    supposed: Outcome
    present_rate_ml_per_h: Decimal | None = None
    present: Outcome | None = None
    is_paused: bool = False

    @property
    def chart_name(self) -> str:
        """Three sheets may hold such a chart at once, and an id stands once on a page."""
        return f"what-if-{self.act}"


def fill_what_if(now: Situation, act: Act, rate_ml_per_h: Decimal | None) -> WhatIf | None:
    """None while the act is not for now, without a rate where one must be said, and where no model may speak."""
    rate = _rate_ml_per_h(now, act, rate_ml_per_h)
    if rate is None:
        return None
    drip = drip_history((*now.log, *_as_if_done(now, act, rate)))
    supposed = expected(now, drip) if drip else None
    present = expected(now, now.drip) if now.drip and unforeseen_now(now) is None else None
    if supposed is None:
        return None
    return WhatIf(
        act=act,
        rate_ml_per_h=rate,
        drops_per_min=drops_per_min(now.planned.order, rate),
        spread_percent=f"{supposed.course.spread_percent:g}",
        course=draw_plasma(
            supposed.course,
            drips=supposed.drips,
            now_min=now.minute_of(now.at) if now.drip else None,
            beside=present.course if present else None,
        ),
        supposed=_outcome(now, supposed),
        present_rate_ml_per_h=now.state.rate_ml_per_h if present and act is not Act.RESUME else None,
        present=_outcome(now, present) if present else None,
        is_paused=act is Act.RESUME,
    )


def _rate_ml_per_h(now: Situation, act: Act, said: Decimal | None) -> Decimal | None:
    """As the clamp or the pump can be set to it, which is what would be recorded."""
    if act is Act.START:
        return first_rate_ml_per_h(now.state)
    if act is Act.RESUME:
        before = now.state.rate_ml_per_h
        said = before if said is None else said
        if said > before:  # a drip does not come back faster; the sheet says so when it is asked for
            return None
    return settable_rate_ml_per_h(now.planned.order, said) if said else None


def _as_if_done(now: Situation, act: Act, rate_ml_per_h: Decimal) -> tuple[e.Logged, ...]:
    """What the log would say next, had it been asked for and confirmed at this moment. It goes no further than here."""
    said: dict[Act, tuple[e.Fact, e.Fact]] = {
        Act.START: (e.StartIntended(rate_ml_per_h=rate_ml_per_h, drops_per_min=None), e.StartConfirmed()),
        Act.NEW_RATE: (e.RateIntended(rate_ml_per_h=rate_ml_per_h, drops_per_min=None), e.RateConfirmed()),
        Act.RESUME: (e.ResumeIntended(rate_ml_per_h=rate_ml_per_h, drops_per_min=None), e.InfusionResumed()),
    }
    last = now.log[-1]
    return tuple(
        e.Logged(
            seq=last.seq + number,
            act=last.act,
            kind=type(fact).__name__,
            version=fact.VERSION,
            occurred_at=now.at,
            recorded_at=now.at,
            by=last.by,
            fact=fact,
        )
        for number, fact in enumerate(said[act], start=1)
    )


def _outcome(now: Situation, course: Expected) -> Outcome:
    peaks = [float(np.max(line.plasma_ng_per_ml)) for line in course.course.lines]
    began_at = now.started_at or now.at
    ends_at = began_at + timedelta(minutes=course.stops_min) if course.segments else None
    return Outcome(ends_at=ends_at, peaks_ng_per_ml=(round(min(peaks)), round(max(peaks))))
