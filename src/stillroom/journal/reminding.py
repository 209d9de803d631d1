"""When to be reminded: my choice, and links in a letter that make it less without signing in."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import PATIENT, allow, public
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import open_clinic
from stillroom.journal.checkins import own_patients
from stillroom.journal.forms import ReminderForm
from stillroom.outcomes.models import ReminderChoice
from stillroom.outcomes.reading import reminder_choice_of
from stillroom.outcomes.reminders import BY_LINK, Reminded, read_token
from stillroom.outcomes.reminders import snooze as snooze_for
from stillroom.outcomes.reminders import stop as stop_for
from stillroom.patients.models import Patient
from stillroom.web.posted import posted


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    patients, by = own_patients(request), actor_of(request).by
    if request.method == "POST" and {"stop", "snooze"} & request.POST.keys():
        _less(patients, by, is_stop="stop" in request.POST)
        messages.info(request, "No more reminders." if "stop" in request.POST else "No reminders for a week.")
        return redirect("journal:reminders")
    standing = reminder_choice_of(patients[0])
    form = ReminderForm(posted(request), patients=patients, initial={"at_hour": standing.at_hour if standing else 18})
    if form.is_valid():
        patient = form.the_patient
        ReminderChoice.objects.create(
            clinic_id=patient.clinic_id,
            patient=patient,
            by=by,
            is_wanted=True,
            at_hour=form.cleaned_data["at_hour"],
        )
        messages.info(request, "You will be reminded on days without an answer.")
        return redirect("journal:reminders")
    page = {"form": form, "standing": standing if standing and standing.is_wanted else None}
    return render(request, "journal/reminders.html", page, status=422 if form.errors else 200)


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Looking changes nothing, as mail programs look too; the button, or the mail program's own (RFC 8058), stops."""
    reminded = _reminded(token)
    if request.method == "POST":
        open_clinic(reminded.clinic_id, by=BY_LINK)
        stop_for(reminded)
    return render(request, "journal/reminders_by_link.html", {"is_done": request.method == "POST", "what": "stop"})


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
def snooze(request: HttpRequest, token: str) -> HttpResponse:
    reminded, is_done = _reminded(token), False
    if request.method == "POST":
        open_clinic(reminded.clinic_id, by=BY_LINK)
        snooze_for(reminded, today=Clinic.objects.get().today())
        is_done = True
    return render(request, "journal/reminders_by_link.html", {"is_done": is_done, "what": "snooze"})


def _less(patients: Sequence[Patient], by: str, *, is_stop: bool) -> None:
    """Of every clinic: who does not want to be reminded now means all of it."""
    for patient in patients:
        reminded = Reminded(patient.clinic_id, patient.pk)
        if is_stop:
            stop_for(reminded, by=by)
        else:
            snooze_for(reminded, today=patient.clinic.today(), by=by)


def _reminded(token: str) -> Reminded:
    reminded = read_token(token)
    if reminded is None:
        raise Http404("no such link")
    return reminded
