"""The clinic's patients: who they are, finding one, taking a new one in, and changing what is written of one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.adverse.reading import events_of_patient
from stillroom.aftercare.reading import calls_of
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import Actor, actor_of
from stillroom.clinics.models import Role
from stillroom.core.safety.same_person import Named
from stillroom.infusions.models import Infusion
from stillroom.infusions.reassigned import reassigned_of
from stillroom.intake.reviewing import waiting_answers
from stillroom.office.importing import IMPORTS
from stillroom.office.merging import MERGES
from stillroom.office.patient_forms import Find, PatientDetails
from stillroom.patients.access import WORKS_WITH_PATIENTS, note_looks, patient_for, patients_for, records_for
from stillroom.patients.admitting import SAID, admit, change, digest, found, like
from stillroom.patients.known import allergies_of, weight_of
from stillroom.patients.merging import kept_of, standing
from stillroom.patients.models import Patient
from stillroom.web.posted import posted

WRITES_PATIENTS = (*CLINICAL, Role.FRONT_DESK)
SHOWN = 100


@require_http_methods(["GET", "POST"])
@allow(*WORKS_WITH_PATIENTS)
def patients(request: HttpRequest) -> HttpResponse:
    """All, or those who were looked for. What was typed comes by POST: a name never stands in an address."""
    actor = actor_of(request)
    form = Find(posted(request))
    everybody = patients_for(actor)
    looked_for = form.is_bound and form.is_valid()
    seen = _found(form, actor) if looked_for else list(everybody[:SHOWN])
    note_looks(actor, everybody.filter(pk__in=[each.pk for each in seen]))
    page = {"form": form, "patients": seen, "looked_for": looked_for, "in_all": everybody.count()}
    return render(request, "office/patients.html", page | _may(actor))


@require_http_methods(["GET", "POST"])
@allow(*WRITES_PATIENTS)
def new_patient(request: HttpRequest) -> HttpResponse:
    """A new record, after whoever may be the same person was shown."""
    actor = actor_of(request)
    form = PatientDetails(posted(request), clinic=actor.the_clinic)
    alike: list[Patient] = []
    if form.is_valid():
        alike = _alike(form, actor)
        note_looks(actor, patients_for(actor).filter(pk__in=[each.pk for each in alike]))
        if not alike or "is_somebody_else" in request.POST:
            patient = admit(actor, form.said)
            messages.info(request, f"{patient} has a record now.")
            return redirect("office:patient", patient.pk)
    return render(request, "office/patient_details.html", {"form": form, "alike": alike}, status=_status(form, alike))


@require_http_methods(["GET", "POST"])
@allow(*WRITES_PATIENTS)
def edit_patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Changed by two at once, the second is shown what the first wrote and asked again."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    as_it_is = {name: getattr(patient, name) for name in SAID} | {"seen": digest(patient)}
    form = PatientDetails(posted(request), clinic=actor.the_clinic, patient=patient, initial=as_it_is)
    is_overtaken = form.is_bound and form.is_valid() and form.cleaned_data["seen"] != digest(patient)
    if form.is_bound and form.is_valid() and not is_overtaken:
        change(patient, form.said)
        messages.info(request, "Changed.")
        return redirect("office:patient", patient.pk)
    if is_overtaken:
        typed = request.POST.copy()
        typed["seen"] = digest(patient)
        form = PatientDetails(typed, clinic=actor.the_clinic, patient=patient)
    page = {"form": form, "patient": patient, "is_overtaken": is_overtaken}
    return render(request, "office/patient_details.html", page, status=409 if is_overtaken else _status(form))


@require_safe
@allow(*WORKS_WITH_PATIENTS)
def patient(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One patient: what is known, what is coming, what was."""
    actor = actor_of(request)
    seen = patient_for(actor, patient_id)
    return render(request, "office/patient.html", about(seen, actor))


def about(patient: Patient, actor: Actor) -> dict[str, object]:
    return {
        "patient": patient,
        "age_y": age_in_years(patient, actor),
        "weight": weight_of(patient),
        "allergies": allergies_of(patient),
        "stated": patient.allergy_statements.select_related("stated_by").first(),
        "infusions": _infusions(patient),
        "reassigned": reassigned_of(patient),
        "appointments": patient.appointments.standing().filter(ends_at__gt=timezone.now()).select_related("room"),
        "merged": standing(patient),
        "may_write": actor.has_role(*WRITES_PATIENTS),
        "may_merge": actor.has_role(*MERGES),
        "may_treat": actor.has_role(*CLINICAL),
        "may_order": actor.has_role(Role.PRESCRIBER),
        "now": timezone.now(),
        "adverse": events_of_patient(patient, today=actor.the_clinic.today()) if actor.has_role(*CLINICAL) else [],
        "calls": calls_of(patient) if actor.has_role(*CLINICAL) else [],
        "waiting": len(waiting_answers(patient)) if actor.has_role(*CLINICAL) else 0,
    }


def age_in_years(patient: Patient, actor: Actor) -> int:
    today, born = actor.the_clinic.today(), patient.birth_date
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _infusions(patient: Patient) -> QuerySet[Infusion]:
    return patient.infusions.select_related("room").order_by("-created_at")


def _may(actor: Actor) -> dict[str, bool]:
    return {"may_write": actor.has_role(*WRITES_PATIENTS), "may_import": actor.has_role(*IMPORTS)}


def _found(form: Find, actor: Actor) -> list[Patient]:
    """By any name or number they have had here: a record that was merged leads to the one it is part of."""
    return kept_of(found(form.cleaned_data["typed"], records_for(actor), born=form.born))


def _alike(form: PatientDetails, actor: Actor) -> list[Patient]:
    said = form.cleaned_data
    named = Named(given_name=said["given_name"], family_name=said["family_name"], born=said["birth_date"])
    return kept_of(like(named, records_for(actor)))


def _status(form: PatientDetails, alike: list[Patient] | None = None) -> int:
    return 422 if form.errors else 409 if alike else 200
