"""What a patient's own record says of each infusion: dose given and how we know, rate, duration, what else was given.

Drawn from the log by the core's own functions; a patient sees what the chart says, in other words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.core.drip.exact import exact, shown
from stillroom.core.drip.given import given
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.elapsed import running_time
from stillroom.core.infusion.fold import fold, surviving
from stillroom.core.infusion.planning import rate_mg_per_kg_per_h
from stillroom.core.infusion.rates import rate_spans
from stillroom.core.infusion.state import InfusionState
from stillroom.core.infusion.timeline import drip_history, minutes_from, start_of
from stillroom.core.order import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """One stretch of the drip; a pause has no rate."""

    start: datetime
    end: datetime
    rate_mg_per_kg_per_h: Decimal
    is_in_doubt: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionLine:
    """One infusion as the patient reads it. Amounts are None while the drip has not begun."""

    clinic: str
    at: datetime
    is_running: bool
    is_signed: bool
    ordered_mg_per_kg: Decimal
    weight_kg: Decimal
    given_mg: Decimal | None = None
    given_least_mg: Decimal | None = None
    given_most_mg: Decimal | None = None
    given_mg_per_kg: Decimal | None = None
    evidence: tuple[str, ...] = ()
    usual_rate_mg_per_kg_per_h: Decimal | None = None
    minutes: int | None = None
    rates: tuple[RateLine, ...] = ()
    medicines: tuple[e.MedicineGiven, ...] = ()
    most_nauseous: int | None = None
    door: Door | None = None


def infusion_line(log: tuple[e.Logged, ...], *, clinic: str, at: datetime) -> InfusionLine | None:
    """The line of one infusion at `at`; None when it never began or was never planned."""
    state, start, history = fold(log), start_of(log), drip_history(log)
    if state.planned is None or start is None or history is None:
        return None
    entries = surviving(log)
    estimate = given(history, at_min=minutes_from(start, at))
    rates = _rates(state, entries, at)
    return InfusionLine(
        clinic=clinic,
        at=start,
        is_running=state.ended_at is None,
        is_signed=bool(state.signed),
        ordered_mg_per_kg=state.planned.order.dose_mg_per_kg,
        weight_kg=state.planned.weight_kg,
        given_mg=shown(estimate.likely_mg, decimals=0),
        given_least_mg=Decimal(estimate.low_mg.__floor__()),
        given_most_mg=Decimal(estimate.high_mg.__ceil__()),
        given_mg_per_kg=shown(exact(estimate.likely_mg) / exact(state.planned.weight_kg), decimals=2),
        evidence=tuple(each.kind.value for each in estimate.evidence),
        usual_rate_mg_per_kg_per_h=_longest(rates),
        minutes=round(running_time(entries, at=at) / timedelta(minutes=1)),
        rates=rates,
        medicines=tuple(seen.fact for seen in state.medicines),
        most_nauseous=_most_nauseous(entries),
        door=state.went_home.door if state.went_home else None,
    )


def _rates(state: InfusionState, entries: list[e.Logged], at: datetime) -> tuple[RateLine, ...]:
    """Touching stretches of one rate as one: whether a part of it was in doubt for a moment is for the chart."""
    lines: list[RateLine] = []
    for span in rate_spans(entries, until=at):
        rate = shown(rate_mg_per_kg_per_h(state, span.rate_ml_per_h), decimals=2)
        line = RateLine(start=span.start, end=span.end, rate_mg_per_kg_per_h=rate, is_in_doubt=span.is_in_doubt)
        if lines and lines[-1].rate_mg_per_kg_per_h == rate:
            before = lines.pop()
            line = replace(line, start=before.start, is_in_doubt=before.is_in_doubt and line.is_in_doubt)
        lines.append(line)
    return tuple(lines)


def _longest(rates: tuple[RateLine, ...]) -> Decimal | None:
    """The rate of the longest stretch; the whole history stands in the details."""
    running = [line for line in rates if line.rate_mg_per_kg_per_h]
    return max(running, key=lambda line: line.end - line.start).rate_mg_per_kg_per_h if running else None


def _most_nauseous(entries: list[e.Logged]) -> int | None:
    scores = [each.fact.nauseous for each in entries if isinstance(each.fact, e.PatientWatched)]
    return max((score for score in scores if score is not None), default=None)
