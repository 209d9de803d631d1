"""A course of appointments: the days by a rule, each looked at by itself, and all booked together or none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import allow
from stillroom.clinics.actor import Actor, actor_of
from stillroom.core.errors import Finding, Refused
from stillroom.office.course_forms import Course, Times, as_posted
from stillroom.office.patients import WRITES_PATIENTS
from stillroom.patients.access import patient_for
from stillroom.patients.models import Patient
from stillroom.schedule.booking import Judged, book_course
from stillroom.web.posted import posted

FIRST, BOOK = "plan", "book"


@require_http_methods(["GET", "POST"])
@allow(*WRITES_PATIENTS)
def new_course(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """First the rule; then every time it gives, with what stands against it, until all can be booked."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    if request.method == "POST" and FIRST not in request.POST:
        return _times(request, actor, patient, request.POST, is_trial=BOOK not in request.POST)
    form = Course(posted(request))
    if form.is_valid():
        return _times(request, actor, patient, as_posted(form.rows), is_trial=True)
    page = {"form": form, "patient": patient}
    return render(request, "office/course.html", page, status=422 if form.errors else 200)


def _times(
    request: HttpRequest, actor: Actor, patient: Patient, data: Mapping[str, Any], *, is_trial: bool
) -> HttpResponse:
    times = Times(data)
    judged: list[Judged] = []
    findings: tuple[Finding, ...] = ()
    wanted = []
    if times.is_valid():
        wanted = [form for form in times if not form.cleaned_data["leave_out"]]
        try:
            chosen = [form.slot(actor.the_clinic) for form in wanted]
            judged = book_course(actor, patient=patient, slots=chosen, is_trial=is_trial)
        except Refused as refused:
            findings = refused.findings
    is_free = bool(judged) and not any(each.findings for each in judged)
    if is_free and not is_trial:
        messages.info(request, f"{len(judged)} appointments made for {patient}.")
        return redirect("office:patient", patient.pk)
    found = {id(form): each.findings for form, each in zip(wanted, judged, strict=False)}
    rows = [(form, found.get(id(form), ())) for form in times]
    page = {"patient": patient, "times": times, "rows": rows, "is_free": is_free, "findings": findings}
    page["clashes"] = sum(bool(each.findings) for each in judged)
    page["how_many"] = len(judged)
    return render(request, "office/course_times.html", page, status=200 if is_free else 422)
