"""Before I come: what each clinic of mine tells me, on page, paper and in my calendar; and my consent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.actor import actor_of
from stillroom.intake.coming import ByWhom, before_page, consent_page
from stillroom.journal.checkins import own_patients
from stillroom.patients.access import patient_for
from stillroom.patients.consents import standing_of, withdraw
from stillroom.patients.models import Patient
from stillroom.schedule.before import coming as expected
from stillroom.schedule.before import newest, paper
from stillroom.schedule.calendar import for_patient
from stillroom.web.files import as_calendar, as_pdf
from stillroom.web.posted import posted


@allow(PATIENT)
@require_safe
def coming(request: HttpRequest) -> HttpResponse:
    return render(request, "journal/coming.html", {"told": [_told(each) for each in own_patients(request)]})


@allow(PATIENT)
@require_safe
def coming_paper(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = patient_for(actor_of(request), patient_id)
    version = newest(patient.clinic)
    if version is None:
        return redirect("journal:coming")
    return as_pdf(paper(patient, version, at=timezone.now()), "before-you-come.pdf")


@allow(PATIENT)
@require_safe
def calendar(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    return as_calendar(for_patient(expected(patient_for(actor_of(request), patient_id))))


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    page, signed = consent_page(patient, posted(request), ByWhom(actor.by), language=request.GET.get("language"))
    if signed:
        return redirect("journal:consent", patient.pk)
    page |= {"patient": patient}
    is_asked_again = page["findings"] or page["form"].errors
    with timezone.override(patient.clinic.time_zone):
        return render(request, "journal/consent.html", page, status=422 if is_asked_again else 200)


@allow(PATIENT)
@require_POST
def take_back(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """In one act, and no reason is asked for."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    withdraw(patient, by=actor.by)
    return redirect("journal:consent", patient.pk)


def _told(patient: Patient) -> dict[str, object]:
    return before_page(patient) | {
        "patient": patient,
        "zone": patient.clinic.time_zone,
        "consent": standing_of(patient).stands,
        "paper_href": reverse("journal:coming_paper", args=[patient.pk]),
        "calendar_href": reverse("journal:calendar", args=[patient.pk]),
    }
