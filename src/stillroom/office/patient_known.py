"""What is learned of a patient: the weight, the allergies, and whether they are easily sick. Each with who and when."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.core.errors import Finding, Refused
from stillroom.core.safety.allergies import substances_in
from stillroom.office.patient_forms import Allergies, HistoryOfNausea, Weighed
from stillroom.office.patients import WRITES_PATIENTS
from stillroom.patients.access import patient_for
from stillroom.patients.admitting import HISTORY, change
from stillroom.patients.known import allergies_of, state_allergies, state_none_known, weigh, weight_of
from stillroom.web.posted import posted

form_page = require_http_methods(["GET", "POST"])


@form_page
@allow(*WRITES_PATIENTS)
def weigh_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Kilograms are kept. Pounds come back as kilograms, to be looked at and kept by a second press."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    form = Weighed(posted(request))
    findings: tuple[Finding, ...] = ()
    of_pounds = form.kg_of_pounds if form.is_bound and form.is_valid() else None
    if form.is_bound and form.is_valid() and of_pounds is None:
        try:
            measured_at = form.at(actor.the_clinic, timezone.now())
            said = form.cleaned_data
            weigh(patient, str(said["weight_kg"]), actor, reason=said["reason"], measured_at=measured_at)
            return redirect("office:patient", patient.pk)
        except Refused as refused:
            findings = refused.findings
    if of_pounds is not None:
        form = Weighed(initial={**form.cleaned_data, "weight_kg": of_pounds, "weight_lb": None})
    page = {"form": form, "patient": patient, "last": weight_of(patient), "findings": findings}
    is_asked_again = bool(form.errors or findings)
    return render(request, "office/weigh.html", page | {"of_pounds": of_pounds}, status=422 if is_asked_again else 200)


@form_page
@allow(*CLINICAL)
def ask_allergies(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    known = allergies_of(patient)
    form = Allergies(posted(request), initial={"substances": "\n".join(known or ())})
    if form.is_valid():
        if form.cleaned_data["said"] == "none_known":
            state_none_known(patient, actor)
        else:
            state_allergies(patient, substances_in(form.cleaned_data["substances"]), actor)
        return redirect("office:patient", patient.pk)
    page = {"form": form, "patient": patient, "allergies": known}
    return render(request, "office/allergies.html", page, status=422 if form.errors else 200)


@form_page
@allow(*CLINICAL)
def ask_nausea(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = patient_for(actor_of(request), patient_id)
    form = HistoryOfNausea(posted(request), initial={name: getattr(patient, name) for name in HISTORY})
    if form.is_valid():
        change(patient, form.cleaned_data)
        messages.info(request, "Written down.")
        return redirect("office:patient", patient.pk)
    return render(request, "office/nausea.html", {"form": form, "patient": patient}, status=422 if form.errors else 200)
