"""Adverse events at the desk: what stands, what is to be reported by when, and the list of the emergency kit."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.adverse.models import AdverseEvent, EmergencyList, ReportingDays
from stillroom.adverse.reading import emergency_list, events_told, reporting_days
from stillroom.adverse.writing import write_account, write_event
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.infusions.models import Infusion
from stillroom.office.adverse_forms import AccountForm, DaysForm, EventForm, MedicineForm, as_typed
from stillroom.patients.access import note_looks, patient_for
from stillroom.patients.models import Patient
from stillroom.web.posted import posted

SETS_THE_LIST = (Role.ADMINISTRATOR, Role.PRESCRIBER)
READS = (*CLINICAL, Role.ADMINISTRATOR)


@require_safe
@allow(*READS)
def adverse_events(request: HttpRequest) -> HttpResponse:
    """Overdue first, then what is due, then the rest."""
    actor = actor_of(request)
    told = events_told(today=actor.the_clinic.today())
    note_looks(actor, Patient.objects.filter(adverse_events__isnull=False))
    days = reporting_days()
    shown = {
        "told": told,
        "overdue": sum(each.is_overdue for each in told),
        "open": sum(each.is_open for each in told),
        "serious": sum(each.is_serious for each in told),
        "days": days,
        "form": DaysForm(initial=_days_typed(days)),
        "may_treat": actor.has_role(*CLINICAL),
        "may_set": actor.has_role(*SETS_THE_LIST),
    }
    return render(request, "office/adverse_events.html", shown)


@require_http_methods(["GET", "POST"])
@allow(*CLINICAL)
def new_adverse_event(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Of one patient; `?infusion=` is the one it happened in or after."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    infusion = _infusion_of(patient, request.GET.get("infusion", ""))
    now = timezone.localtime()
    form = EventForm(posted(request), initial={"happened_on": now.date(), "happened_clock": f"{now:%H:%M}"})
    if form.is_bound and form.is_valid():
        event = write_event(actor, form.said, patient=patient, infusion=infusion, happened_at=form.happened_at)
        return redirect("office:adverse_event", event.pk)
    shown = {"form": form, "patient": patient, "infusion": infusion}
    return render(request, "office/adverse_event_new.html", shown, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(*CLINICAL)
def adverse_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """What stands of it, what was said before, and the form for what is to stand from now on."""
    actor = actor_of(request)
    event = get_object_or_404(AdverseEvent, pk=event_id)
    patient_for(actor, event.patient_id)
    (told,) = events_told(today=actor.the_clinic.today(), events=AdverseEvent.objects.filter(pk=event.pk))
    form = AccountForm(posted(request), initial=as_typed(told.account))
    if form.is_bound and form.is_valid():
        write_account(actor, form.said, event=event)
        messages.info(request, "Written. What was said before stays below it.")
        return redirect("office:adverse_event", event.pk)
    shown = {"told": told, "form": form}
    return render(request, "office/adverse_event.html", shown, status=422 if form.errors else 200)


@require_POST
@allow(*SETS_THE_LIST)
def reporting(request: HttpRequest) -> HttpResponse:
    actor, form = actor_of(request), DaysForm(request.POST)
    if not form.is_valid():
        messages.info(request, "Nothing was changed: write whole days, or leave a field empty.")
        return redirect("office:adverse_events")
    ReportingDays.objects.create(clinic=actor.the_clinic, said_by=actor.the_person, **form.cleaned_data)
    messages.info(request, "Said. It counts for what is written from now on.")
    return redirect("office:adverse_events")


@require_http_methods(["GET", "POST"])
@allow(*SETS_THE_LIST)
def emergency(request: HttpRequest) -> HttpResponse:
    """The list as it stands; one line is added, or one struck off, and either is a new list."""
    actor, lines = actor_of(request), _lines()
    form = MedicineForm(posted(request) if "struck" not in request.POST else None)
    if struck := request.POST.get("struck"):
        _say(request, [each for each in lines if _mark(each) != struck])
        return redirect("office:emergency")
    if form.is_bound and form.is_valid():
        _say(request, [*lines, form.line])
        return redirect("office:emergency")
    shown = {
        "medicines": list(zip(emergency_list(), [_mark(line) for line in lines], strict=True)),
        "form": form,
        "newest": EmergencyList.objects.filter(clinic=actor.the_clinic).select_related("said_by").first(),
    }
    return render(request, "office/emergency.html", shown, status=422 if form.errors else 200)


def _say(request: HttpRequest, lines: list[dict[str, str]]) -> None:
    actor = actor_of(request)
    EmergencyList.objects.create(clinic=actor.the_clinic, lines=lines, said_by=actor.the_person)


def _lines() -> list[dict[str, str]]:
    newest = EmergencyList.objects.first()
    return list(newest.lines) if newest else []


def _mark(line: dict[str, str]) -> str:
    """By what a line is struck off: all it says, so that another's newer list is not struck by a number."""
    return "|".join(line[name] for name in ("name", "amount", "unit", "route"))


def _infusion_of(patient: Patient, asked: str) -> Infusion | None:
    try:
        return Infusion.objects.filter(patient=patient, pk=UUID(asked)).select_related("room").first()
    except ValueError:
        return None


def _days_typed(days: ReportingDays | None) -> dict[str, object]:
    return {name: getattr(days, name) for name in DaysForm.base_fields} if days else {}
