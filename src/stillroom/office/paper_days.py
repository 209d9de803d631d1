"""Days on paper, for whoever has no e-mail: four weeks to fill in by hand, and copied in here when they bring them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.core.drip.quantities import whole
from stillroom.outcomes.reading import reach_of, standing_check_in
from stillroom.outcomes.writing import Said, check_in
from stillroom.patients.access import WORKS_WITH_PATIENTS, patient_for
from stillroom.patients.models import Patient
from stillroom.web.fields import DayField, WholeField
from stillroom.web.pdf import pdf
from stillroom.web.posted import posted

TEMPLATE = Path(__file__).parent / "days.typ"
DAYS = 28
SHEET = "the sheet itself: its scales go from 0 to 10"
EMERGENCY = "your emergency number"


class DayForm(forms.Form):
    """One day off the sheet. Its words stay on it: they are the patient's own to write here, and to erase."""

    day = DayField(label="Day", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    low = WholeField(whole("low", "", 0, 10, SHEET), label="How low, 0 to 10", required=False)
    sleep_h = WholeField(
        whole("sleep_h", "h", 0, 10, SHEET), label="Hours slept", required=False, help_text="10 is ten or more."
    )

    def __init__(self, *args: object, patient: Patient, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.patient = patient

    def clean(self) -> dict[str, object]:
        typed = super().clean() or {}
        if not self.errors and typed["low"] is None and typed["sleep_h"] is None:
            self.add_error("low", "Write one of the two. A day without an answer is left out.")
        if (day := typed.get("day")) and day > self.patient.clinic.today():
            self.add_error("day", "That day has not come yet.")
        if day and standing_check_in(self.patient, day):
            self.add_error("day", "That day is written down already. The patient can put it right.")
        return typed

    @property
    def said(self) -> Said:
        return Said(low=self.cleaned_data["low"], sleep_h=self.cleaned_data["sleep_h"])


@allow(*WORKS_WITH_PATIENTS)
@require_safe
def days_sheet(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Four weeks from today, to print and hand over."""
    patient = patient_for(actor_of(request), patient_id)
    answer = HttpResponse(pdf(TEMPLATE, _contents(patient)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="days.pdf"'
    return answer


@allow(*CLINICAL)
@require_http_methods(["GET", "POST"])
def copy_days(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """One day after the other; what worries goes on the list, as if the patient had written it here."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    form = DayForm(posted(request), patient=patient, initial=_begin(request))
    if form.is_valid():
        row = check_in(patient, form.said, day=form.cleaned_data["day"], by=actor.by)
        messages.info(request, f"Kept: {row.day:%-d %B}.")
        return redirect(f"{reverse('office:copy_days', args=[patient_id])}?day={row.day + timedelta(days=1)}")
    page = {"patient": patient, "form": form}
    return render(request, "office/copy_days.html", page, status=422 if form.errors else 200)


def _begin(request: HttpRequest) -> dict[str, object]:
    try:
        return {"day": parse_date(request.GET.get("day", ""))}
    except ValueError:
        return {}


def _contents(patient: Patient) -> dict[str, object]:
    clinic, reach = patient.clinic, reach_of(patient)
    today = timezone.now().astimezone(ZoneInfo(clinic.time_zone)).date()
    return {
        "clinic": clinic.name,
        "patient": f"{patient.given_name} {patient.family_name}",
        "born": f"{patient.birth_date:%-d %B %Y}",
        "date": f"{today:%-d %B %Y}",
        "zone": clinic.time_zone,
        "phone": (reach.call_clinic if reach else "") or clinic.phone,
        "call_now": reach.call_now if reach else EMERGENCY,
        "days": [f"{today + timedelta(days=ahead):%a %-d %b}" for ahead in range(DAYS)],
    }
