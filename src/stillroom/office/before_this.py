"""The infusions before this one, a line each: what was ordered, what was given, how long, and what it was like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from stillroom.core.drip.exact import shown
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.elapsed import running_time
from stillroom.core.infusion.timeline import start_of
from stillroom.core.outcomes.instruments import PHQ9
from stillroom.infusions.known import Past
from stillroom.outcomes.reading import standing_questionnaires
from stillroom.patients.models import Patient

LOOKS_BACK = timedelta(days=14)
NO_SCORES: Mapping[date, int] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """One line. None where nobody looked, or nothing ran yet: zero is another thing."""

    infusion: UUID
    at: datetime
    ordered_mg_per_kg: Decimal
    ordered_mg: Decimal
    given_mg: Decimal | None
    minutes: int | None
    most_detached: int | None
    most_pressure_rise_mmhg: int | None
    phq9_before: int | None
    is_over: bool


def lines_before(pasts: Sequence[Past], *, at: datetime, phq9: Mapping[date, int] = NO_SCORES) -> list[Before]:
    """`phq9`: the patient's totals, by the day they speak of."""
    return [line for past in pasts if (line := _line(past, at, phq9)) is not None]


def phq9_of(patient: Patient) -> dict[date, int]:
    return {each.day: each.total for each in standing_questionnaires([patient], PHQ9.code) if each.total is not None}


def newest_before(phq9: Mapping[date, int], day: date) -> int | None:
    """The last of the two weeks that end with `day`, which is how far back the form asks; None if there is none."""
    days = [each for each in phq9 if day - LOOKS_BACK <= each <= day]
    return phq9[max(days)] if days else None


def _line(past: Past, at: datetime, phq9: Mapping[date, int]) -> Before | None:
    planned, estimate = past.state.planned, past.given_by(at)
    if planned is None:
        return None
    ran = running_time(past.entries, at=at) / timedelta(minutes=1) if estimate else None
    return Before(
        infusion=past.infusion.pk,
        at=past.begins_at,
        ordered_mg_per_kg=planned.order.dose_mg_per_kg,
        ordered_mg=planned.dose_mg,
        given_mg=shown(estimate.likely_mg, decimals=0) if estimate else None,
        minutes=None if ran is None else round(ran),
        most_detached=past.most_detached,
        most_pressure_rise_mmhg=_rise_mmhg(past),
        phq9_before=newest_before(phq9, timezone.localdate(past.begins_at)),
        is_over=past.state.ended_at is not None,
    )


def _rise_mmhg(past: Past) -> int | None:
    """The highest upper pressure charted after the start, over the last one before it."""
    start = start_of(past.log)
    charted = sorted(
        (each.occurred_at, each.fact.sbp_mmhg)
        for each in past.entries
        if isinstance(each.fact, e.VitalsCharted) and each.fact.sbp_mmhg is not None
    )
    before = [sbp for when, sbp in charted if start and when <= start]
    after = [sbp for when, sbp in charted if start and when > start]
    return max(after) - before[-1] if before and after else None
