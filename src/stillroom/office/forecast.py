"""What this patient shows: earlier infusions as they were expected and as they were, and what their scores moved.

It informs. Nothing here is a rate, a dose or a reason for one, and no act is offered from this page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.core.errors import Finding, Refused
from stillroom.core.pharmacology import MODELS, ROOM_MODELS
from stillroom.core.pharmacology.effects import perception
from stillroom.core.pharmacology.learned import Learned
from stillroom.core.pharmacology.learning import foresee, learn
from stillroom.infusions.ran import Ran, ran
from stillroom.infusions.reading import entries_of
from stillroom.patients.access import patient_for
from stillroom.patients.models import Patient
from stillroom.web import charts

SHOWN_MIN, STEP_MIN = 120.0, 2.0
COURSE_SHOWS = 6
"""So many infusions stand side by side, the newest last. All of them are learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One infusion: as it was expected from those before it, and what was said."""

    ran: Ran
    drawing: charts.FeltDrawing
    learned_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shows:
    """What a model and the scores say of one patient. `again` is the newest infusion, believed before and after all."""

    learned: Learned
    notes: tuple[Finding, ...]
    beliefs: tuple[charts.BeliefDrawing, ...]
    course: tuple[Shown, ...]
    again: charts.FeltDrawing
    infusions_scored: int


@require_safe
@allow(*CLINICAL)
def forecast(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """By one model at a time, so that an arterial and a venous one are never mixed."""
    patient = patient_for(actor_of(request), patient_id)
    asked = request.GET.get("model", "")
    model = asked if asked in ROOM_MODELS else ROOM_MODELS[0]
    past = infusions_of(patient)
    page = {
        "patient": patient,
        "models": [MODELS[name] for name in ROOM_MODELS],
        "model": MODELS[model],
        "shows": _shows(model, past),
        "felt": _felt(past),
        "rises": charts.draw_rises([each.rises for each in past]),
    }
    return render(request, "office/forecast.html", page)


def infusions_of(patient: Patient) -> list[Ran]:
    """Those that were begun, oldest first."""
    logs = (entries_of(infusion.pk) for infusion in patient.infusions.all())
    begun = [found for log in logs if (found := ran(log, born=patient.birth_date)) is not None]
    return sorted(begun, key=lambda each: each.started_at)


def _shows(model: str, past: Sequence[Ran]) -> Shows | None:
    """None while nobody has been asked, and where no model may speak, as of a child."""
    if not any(each.scores for each in past):
        return None
    try:
        learned = learn(model, [each.watched for each in past])
        course = [_shown(model, past, place) for place in range(max(0, len(past) - COURSE_SHOWS), len(past))]
        again = _drawn(learned, past[-1])
    except Refused:
        return None
    return Shows(
        learned=learned,
        notes=learned.findings,
        beliefs=charts.draw_beliefs(learned.traits),
        course=tuple(course),
        again=again,
        infusions_scored=sum(bool(each.scores) for each in past),
    )


def _shown(model: str, past: Sequence[Ran], place: int) -> Shown:
    before = learn(model, [each.watched for each in past[:place]])
    return Shown(ran=past[place], drawing=_drawn(before, past[place]), learned_from=before.scores_used)


def _drawn(learned: Learned, infusion: Ran) -> charts.FeltDrawing:
    t_min = np.arange(0.0, SHOWN_MIN + STEP_MIN, STEP_MIN)
    outlooks = foresee(learned, infusion.segments, infusion.body, t_min)
    return charts.draw_felt(outlooks, infusion.scores, drip=_drip(infusion))


def _felt(past: Sequence[Ran]) -> charts.PerceivedDrawing | None:
    """For an infusion as the newest was."""
    if not past:
        return None
    newest, t_min = past[-1], np.arange(0.0, SHOWN_MIN + STEP_MIN, STEP_MIN)
    try:
        band = perception(newest.segments, newest.body, t_min)
    except Refused:
        return None
    return charts.draw_perceived(band, drip=_drip(newest))


def _drip(infusion: Ran) -> tuple[float, float]:
    ends_min = max((end_min for _, end_min, _ in infusion.segments), default=0.0)
    return 0.0, min(ends_min, SHOWN_MIN)
