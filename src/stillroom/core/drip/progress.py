"""Is the drip where the plan wanted it, and when will it be done?"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from stillroom.core.drip.course import ledger
from stillroom.core.drip.exact import Amount, Minutes, exact, shown, shown_at_most
from stillroom.core.drip.history import History
from stillroom.core.drip.line import STOPPED, Flow
from stillroom.core.drip.rates import MIN_PER_H
from stillroom.core.drip.spans import spans_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Plan and drip side by side. `behind_ml` is below zero when the drip is ahead of the plan.

    `minutes_to_finish` holds if the flow stays as last seen; None when nothing runs.
    """

    planned_ml: Decimal
    run_ml: Decimal
    behind_ml: Decimal
    rate_ml_per_h: Decimal
    minutes_to_finish: Decimal | None


def progress(
    history: History, *, planned_rate_ml_per_h: Amount, planned_volume_ml: Amount, start_min: Minutes, at_min: Minutes
) -> Progress:
    """How far the drip has come by a time, mL through the chamber, against a steady plan that began at `start_min`."""
    elapsed_min = max(exact(at_min) - exact(start_min), Fraction(0))
    planned_ml = min(exact(planned_rate_ml_per_h) * elapsed_min / MIN_PER_H, exact(planned_volume_ml))
    now = ledger(history, at_min=at_min)
    rate_ml_per_h = flow_now(history, at_min=at_min).likely_ml_per_h if now.bag_volume_ml > 0 else Fraction(0)
    left_ml = max(min(exact(planned_volume_ml) - now.drip_ml, now.bag_volume_ml), Fraction(0))
    return Progress(
        planned_ml=shown(planned_ml, decimals=1),
        run_ml=shown(now.drip_ml, decimals=1),
        behind_ml=shown(planned_ml - now.drip_ml, decimals=1),
        rate_ml_per_h=shown(rate_ml_per_h, decimals=1),
        minutes_to_finish=shown_at_most(left_ml * MIN_PER_H / rate_ml_per_h, decimals=1) if rate_ml_per_h else None,
    )


def flow_now(history: History, *, at_min: Minutes) -> Flow:
    """The flow just after a time, mL/h, by what is known up to it; nothing runs before the first happening."""
    at = exact(at_min)
    known = History(
        line=history.line,
        meter=history.meter,
        happenings=tuple(each for each in history.happenings if exact(each.t_min) <= at),
    )
    spans = spans_of(known, until_min=at + 1)
    return spans[-1].flow if spans and spans[-1].bag is not None else STOPPED
