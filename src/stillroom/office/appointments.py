"""Appointments: making one for a patient, cancelling one, and what is coming in the next days."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.core.errors import Finding, Refused
from stillroom.intake.records import coming_records
from stillroom.office.appointment_forms import Cancel, NewAppointment
from stillroom.office.patients import WRITES_PATIENTS
from stillroom.patients.access import note_look, note_looks, patient_for, patients_for
from stillroom.patients.models import Patient
from stillroom.schedule.booking import book, cancel
from stillroom.schedule.models import Appointment, Appointments
from stillroom.web.posted import posted

SHOWN = timedelta(days=60)


@require_safe
@allow(*CLINICAL, Role.FRONT_DESK)
def coming(request: HttpRequest) -> HttpResponse:
    """From now on, day by day."""
    now, actor = timezone.now(), actor_of(request)
    expected = standing_from(now, now + SHOWN)
    note_looks(actor, Patient.objects.filter(appointments__in=expected))
    coming = coming_records(patients_for(actor), today=actor.the_clinic.today())
    page = {"appointments": expected, "coming": coming, "may_read": actor.has_role(*CLINICAL)}
    return render(request, "office/coming.html", page)


@require_http_methods(["GET", "POST"])
@allow(*WRITES_PATIENTS)
def new_appointment(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    form = NewAppointment(posted(request))
    findings: tuple[Finding, ...] = ()
    if form.is_valid():
        starts_at, ends_at = form.span(actor.the_clinic)
        try:
            made = book(actor, patient=patient, room=form.cleaned_data["room"], starts_at=starts_at, ends_at=ends_at)
        except Refused as refused:
            findings = refused.findings
        else:
            when = timezone.localtime(made.starts_at)
            messages.info(request, f"{patient} comes on {when:%-d %B} at {when:%H:%M}, {made.room}.")
            return redirect("office:patient", patient.pk)
    page = {"form": form, "patient": patient, "findings": findings}
    return render(request, "office/appointment.html", page, status=422 if form.errors or findings else 200)


@require_http_methods(["GET", "POST"])
@allow(*WRITES_PATIENTS)
def cancel_appointment(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    appointment = get_object_or_404(Appointment.objects.standing().select_related("patient", "room"), pk=appointment_id)
    note_look(actor_of(request), appointment.patient_id)
    form = Cancel(posted(request))
    if form.is_valid():
        cancel(appointment, because=form.cleaned_data["because"])
        messages.info(request, "Cancelled. The room is free again at that time.")
        return redirect("office:patient", appointment.patient_id)
    page = {"form": form, "appointment": appointment}
    return render(request, "office/cancel.html", page, status=422 if form.errors else 200)


def standing_from(start: object, end: object) -> Appointments:
    return Appointment.objects.standing().between(start, end).select_related("patient", "room")  # type: ignore[arg-type]
