"""What one infusion was, as its patient is told: dose given and how we know, rate, duration, what else happened.

`report` folds a log into plain values; the journal, the paper and the portable record are drawn from them, in words of
their own. What nobody asked or measured is None: never zero, and never left out to look tidy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.core.drip.course import flushed_in_mg
from stillroom.core.drip.exact import exact, shown
from stillroom.core.drip.given import Evidence, given
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.elapsed import running_time
from stillroom.core.infusion.fold import fold, surviving
from stillroom.core.infusion.planning import rate_mg_per_kg_per_h
from stillroom.core.infusion.rates import rate_spans
from stillroom.core.infusion.roles import PRESCRIBER
from stillroom.core.infusion.state import InfusionState, Seen
from stillroom.core.infusion.timeline import drip_history, minutes_from, start_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """One stretch of the drip; a pause has no rate. While in doubt, the most it may have been."""

    start: datetime
    end: datetime
    rate_ml_per_h: Decimal
    rate_mg_per_kg_per_h: Decimal
    is_in_doubt: bool

    @property
    def minutes(self) -> int:
        return round((self.end - self.start) / timedelta(minutes=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressure:
    sbp_mmhg: int
    dbp_mmhg: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressures:
    """Blood pressure in one line: on arrival (None: not measured before the start), at its highest, and last."""

    arrival: Pressure | None
    highest: Pressure
    last: Pressure


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One look at how the patient was. Scores 0 to 10; None: not asked, and of `awake` not woken."""

    at: datetime
    awake: e.Awake | None
    detached: int | None
    anxious: int | None
    nauseous: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InfusionReport:
    """One infusion at one time. Lists are in the order of time; mg and mg/kg are estimates, with their evidence.

    `flushed_mg`: so much of what was given did not run in at a rate, but came with the flush that rinsed the line.
    """

    started_at: datetime
    ended_at: datetime | None
    gone_at: datetime | None
    ordered_mg_per_kg: Decimal
    ordered_mg: Decimal
    ordered_min: Decimal
    protocol_version: str
    weight_kg: Decimal
    given_mg: Decimal
    given_least_mg: Decimal
    given_most_mg: Decimal
    given_mg_per_kg: Decimal
    flushed_mg: Decimal
    evidence: tuple[Evidence, ...]
    minutes: int
    rates: tuple[RateLine, ...]
    most_nauseous: int | None
    medicines: tuple[e.MedicineGiven, ...]
    pressures: Pressures | None
    comfort: tuple[tuple[str, str], ...]
    effects: tuple[tuple[str, e.Effect], ...]
    went_home: e.WentHome | None
    to_hospital: e.TakenToHospital | None
    moments: tuple[Moment, ...]
    signed: tuple[Seen[e.ChartSigned], ...]

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def usual_rate_mg_per_kg_per_h(self) -> Decimal | None:
        """The rate that ran longest; the whole history stands in `rates`."""
        ran: dict[Decimal, timedelta] = {}
        for line in self.rates:
            rate = line.rate_mg_per_kg_per_h
            ran[rate] = ran.get(rate, timedelta(0)) + (line.end - line.start)
        running = {rate: length for rate, length in ran.items() if rate}
        return max(running, key=running.__getitem__) if running else None


def report(log: Sequence[e.Logged], *, at: datetime) -> InfusionReport | None:
    """What the infusion of this log was, as known at `at`; None when its drip never began."""
    state, start, history = fold(log), start_of(log), drip_history(log)
    if state.planned is None or start is None or history is None:
        return None
    planned, entries = state.planned, surviving(log)
    estimate = given(history, at_min=minutes_from(start, at))
    return InfusionReport(
        started_at=start,
        ended_at=state.ended_at,
        gone_at=state.gone_at,
        ordered_mg_per_kg=planned.order.dose_mg_per_kg,
        ordered_mg=planned.dose_mg,
        ordered_min=planned.order.duration_min,
        protocol_version=planned.protocol_version,
        weight_kg=planned.weight_kg,
        given_mg=shown(estimate.likely_mg, decimals=0),
        given_least_mg=Decimal(estimate.low_mg.__floor__()),
        given_most_mg=Decimal(estimate.high_mg.__ceil__()),
        given_mg_per_kg=shown(exact(estimate.likely_mg) / exact(planned.weight_kg), decimals=2),
        flushed_mg=shown(flushed_in_mg(history), decimals=0),
        evidence=estimate.evidence,
        minutes=round(running_time(entries, at=at) / timedelta(minutes=1)),
        rates=_rates(state, entries, at),
        most_nauseous=most_nauseous(entries),
        medicines=tuple(seen.fact for seen in state.medicines),
        pressures=pressures(state, entries),
        comfort=tuple((item, seen.fact.choice) for item, seen in state.comfort.items()),
        effects=_effects(state),
        went_home=state.went_home,
        to_hospital=state.to_hospital,
        moments=_moments(entries),
        signed=state.signed,
    )


def is_signed(state: InfusionState) -> bool:
    """By a prescriber: a nurse's signature stands beside theirs, and never in its place."""
    return any(each.fact.role == PRESCRIBER for each in state.signed)


def _effects(state: InfusionState) -> tuple[tuple[str, e.Effect], ...]:
    """What somebody noted of comfort and of medicines, by the item or the medicine's name."""
    by_seq = {seen.seq: item for item, seen in state.comfort.items()}
    by_seq |= {seen.seq: seen.fact.name for seen in state.medicines}
    by_seq |= {seen.seq: seen.fact.step for seen in state.calmed}
    return tuple((by_seq[seq], effect) for seq, effect in state.effects.items() if seq in by_seq)


def most_nauseous(entries: Sequence[e.Logged]) -> int | None:
    """The highest nausea score of the surviving entries; None: nobody asked."""
    scores = [each.fact.nauseous for each in entries if isinstance(each.fact, e.PatientWatched)]
    return max((score for score in scores if score is not None), default=None)


def pressures(state: InfusionState, entries: Sequence[e.Logged]) -> Pressures | None:
    """On arrival, at its highest (systolic) and last, by the surviving entries; None: never measured."""
    in_order = sorted(entries, key=lambda each: (each.occurred_at, each.seq))
    seen = [pressure for each in in_order if (pressure := _pressure(each.fact)) is not None]
    if not seen:
        return None
    arrival = state.arrival_vitals
    return Pressures(
        arrival=_pressure(arrival.fact) if arrival else None,
        highest=max(seen, key=lambda pressure: pressure.sbp_mmhg),
        last=seen[-1],
    )


def _pressure(fact: e.Fact) -> Pressure | None:
    if not isinstance(fact, e.VitalsCharted | e.RecoveryChecked) or fact.sbp_mmhg is None:
        return None
    return Pressure(sbp_mmhg=fact.sbp_mmhg, dbp_mmhg=fact.dbp_mmhg)


def _rates(state: InfusionState, entries: list[e.Logged], at: datetime) -> tuple[RateLine, ...]:
    """Touching stretches of one rate as one: whether a part of it was in doubt for a moment is for the chart."""
    lines: list[RateLine] = []
    for span in rate_spans(entries, until=at):
        line = RateLine(
            start=span.start,
            end=span.end,
            rate_ml_per_h=span.rate_ml_per_h,
            rate_mg_per_kg_per_h=shown(rate_mg_per_kg_per_h(state, span.rate_ml_per_h), decimals=2),
            is_in_doubt=span.is_in_doubt,
        )
        if lines and lines[-1].rate_ml_per_h == line.rate_ml_per_h:
            before = lines.pop()
            line = replace(line, start=before.start, is_in_doubt=before.is_in_doubt and line.is_in_doubt)
        lines.append(line)
    return tuple(lines)


def _moments(entries: Sequence[e.Logged]) -> tuple[Moment, ...]:
    moments = [
        Moment(
            at=each.occurred_at,
            awake=each.fact.awake,
            detached=each.fact.detached,
            anxious=each.fact.anxious,
            nauseous=each.fact.nauseous,
        )
        for each in entries
        if isinstance(each.fact, e.PatientWatched)
    ]
    return tuple(sorted(moments, key=lambda moment: moment.at))
