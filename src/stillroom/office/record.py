"""The patient's own record on paper, for whoever has no e-mail or wants it in the hand: the desk prints it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.exchange.gather import gather
from stillroom.exchange.making import paper_of
from stillroom.patients.access import WORKS_WITH_PATIENTS, patient_for


@allow(*WORKS_WITH_PATIENTS)
@require_safe
def record_paper(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Everything this clinic keeps of a patient, to read; what they wrote for themselves alone is not in it."""
    patient = patient_for(actor_of(request), patient_id)
    paper = paper_of(gather(patient, at=timezone.now()), keys=settings.SIGNING_KEYS)
    answer = HttpResponse(paper, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="record.pdf"'
    return answer
