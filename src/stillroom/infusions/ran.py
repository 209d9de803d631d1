"""An infusion as it ran, for a forecast to look at: what reached the vein, in whom, and what the patient said of it.

Read from the log alone. What nobody asked is left out; it is neither a nought nor a guess.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from stillroom.core.drip.course import rates_reaching_patient
from stillroom.core.drip.history import History
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.timeline import drip_history, minutes_from, start_of
from stillroom.core.pharmacology import Body
from stillroom.core.pharmacology.watched import Score, Watched

DAYS_IN_A_YEAR = 365.25
LONGEST_MIN = 24 * 60.0  # looked ahead for the end of a bag, also of a drip that is slowed to a few drops

Segments = tuple[tuple[float, float, float], ...]
SIGNS = ("sbp_mmhg", "dbp_mmhg", "pulse_per_min")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """One infusion that was begun. Minutes count from its start; `rises` are over the last set before the start."""

    started_at: datetime
    ordered_mg_per_kg: Decimal
    duration_min: Decimal
    body: Body
    segments: Segments
    scores: tuple[Score, ...]
    rises: Mapping[str, int]

    @property
    def watched(self) -> Watched:
        return Watched(body=self.body, segments=self.segments, scores=self.scores)


def ran(log: Sequence[e.Logged], *, born: date) -> Ran | None:
    """None of an infusion that was never begun."""
    start, history = start_of(log), drip_history(log)
    standing = surviving(log)
    planned = next((entry.fact for entry in standing if isinstance(entry.fact, e.InfusionPlanned)), None)
    if start is None or history is None or planned is None:
        return None
    return Ran(
        started_at=start,
        ordered_mg_per_kg=planned.order.dose_mg_per_kg,
        duration_min=planned.order.duration_min,
        body=body_of(born, planned.weight_kg, at=start),
        segments=segments_of(history, shown_min=0.0),
        scores=tuple(_scores(standing, start)),
        rises=dict(_rises(standing, start)),
    )


def body_of(born: date, weight_kg: Decimal, *, at: datetime) -> Body:
    return Body(age_y=(at.date() - born).days / DAYS_IN_A_YEAR, weight_kg=float(weight_kg))


def segments_of(drip: History, *, shown_min: float) -> Segments:
    """What reaches the vein to the end of the bag, which is looked for until a day after the minutes shown."""
    reaching = rates_reaching_patient(drip, until_min=shown_min + LONGEST_MIN)
    return tuple((each.start_min, each.end_min, each.rate_mg_per_min) for each in reaching)


def _scores(standing: Iterable[e.Logged], start: datetime) -> Iterable[Score]:
    for entry in standing:
        if isinstance(entry.fact, e.PatientWatched | e.RecoveryChecked) and entry.fact.detached is not None:
            yield Score(minutes_from(start, entry.occurred_at), float(entry.fact.detached))


def _rises(standing: Iterable[e.Logged], start: datetime) -> Iterable[tuple[str, int]]:
    """The highest of each sign since the start over the last of it before; none where either was not measured."""
    sets = [(entry.occurred_at, entry.fact) for entry in standing if isinstance(entry.fact, e.VitalsCharted)]
    for sign in SIGNS:
        measured = sorted((at, value) for at, fact in sets if (value := getattr(fact, sign)) is not None)
        before = [value for at, value in measured if at <= start]
        since = [value for at, value in measured if at > start]
        if before and since:
            yield sign, max(since) - before[-1]
