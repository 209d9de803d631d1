"""What patients are told before they come: the clinic's own facts and words, kept as versions. The newest is read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic, Role
from stillroom.core.drip.quantities import Quantity
from stillroom.office.patients import WRITES_PATIENTS
from stillroom.patients.access import patient_for
from stillroom.schedule.before import HOURS, newest, paper, template_words, told, write
from stillroom.schedule.models import BeforeYouCome
from stillroom.web.fields import WholeField
from stillroom.web.files import as_pdf
from stillroom.web.posted import posted

FASTING = Quantity(
    name="fasting_h",
    unit="h",
    decimals=0,
    lowest=Decimal(0),
    highest=Decimal(24),
    source="own decision: from nothing asked to a whole day",
)
DOORS = ("opens_door_with_adult", "opens_door_stay_until_clear")


def _words(label: str, help_text: str = "") -> forms.CharField:
    rows = forms.Textarea(attrs={"rows": 5})
    return forms.CharField(label=label, max_length=4000, required=False, widget=rows, help_text=help_text)


class ToldForm(forms.Form):
    """Hours are whole; the heavier the food, the earlier. A clinic opens one way home, or both."""

    full_meal_h = WholeField(FASTING, label="No full meal for")
    light_meal_h = WholeField(FASTING, label="No light meal, no milk for")
    clear_fluids_h = WholeField(FASTING, label="No clear drink for")
    fasting_source = forms.CharField(
        label="Where you have these hours from",
        max_length=300,
        help_text="Patients read it. A clinician of yours confirms the hours; those to begin with are not confirmed.",
    )
    medicines = _words("Medicines", "No advice to change a dose: that is for the doctor who prescribed it.")
    opens_door_with_adult = forms.BooleanField(label="Home with an adult who signs them out", required=False)
    opens_door_stay_until_clear = forms.BooleanField(label="Staying here until every effect is gone", required=False)
    room = _words("The room")
    monitors = _words("What is connected to them, and who watches")
    music = _words("Music, and what to bring")
    feeling = _words("What it may feel like")
    price = forms.CharField(label="Price of one infusion", max_length=200, help_text="With the currency.")
    price_covers = _words("What it covers, and what it does not")
    arriving = _words("Address, entrance, parking, bus")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        hours = [said.get(name) for name in HOURS]
        if None not in hours and hours != sorted(hours):  # type: ignore[type-var]
            self.add_error("full_meal_h", ValidationError("The heavier the food, the longer.", code="order"))
        if not any(said.get(door) for door in DOORS):
            words = "Open at least one way home: without any, nobody could leave."
            self.add_error("opens_door_with_adult", ValidationError(words, code="no_door"))
        return said


@require_http_methods(["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def before_you_come(request: HttpRequest) -> HttpResponse:
    """Beginning with the version that patients read, or with the words that come with Stillroom."""
    actor = actor_of(request)
    clinic = actor.the_clinic
    version = newest(clinic)
    form = ToldForm(posted(request), initial=_standing(version) | {door: getattr(clinic, door) for door in DOORS})
    if form.is_valid():
        said = dict(form.cleaned_data)
        _open_doors(clinic, {door: said.pop(door) for door in DOORS})
        made = write(actor, said)
        messages.info(request, f"Version {made.number}. Patients read it from now on.")
        return redirect("office:before_you_come")
    page = {
        "form": form,
        "version": version,
        "sections": told(version, clinic) if version else [],
        "earlier": BeforeYouCome.objects.select_related("written_by")[1:],
    }
    return render(request, "office/before_you_come.html", page, status=422 if form.errors else 200)


@require_safe
@allow(*WRITES_PATIENTS)
def before_paper(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """For whoever has no e-mail: the same on paper."""
    patient = patient_for(actor_of(request), patient_id)
    version = newest(patient.clinic)
    if version is None:
        messages.error(request, "The page “Before you come” has not been written yet. The administrator writes it.")
        return redirect("office:patient", patient.pk)
    return as_pdf(paper(patient, version, at=timezone.now()), "before-you-come.pdf")


def _standing(version: BeforeYouCome | None) -> dict[str, Any]:
    if version is None:
        return template_words()
    return {name: getattr(version, name) for name in ToldForm.base_fields if name not in DOORS}


def _open_doors(clinic: Clinic, doors: dict[str, bool]) -> None:
    """Whose history says who changed them. An infusion that is planned keeps the doors of its order."""
    if any(getattr(clinic, door) != is_open for door, is_open in doors.items()):
        Clinic.objects.filter(pk=clinic.pk).update(**doors)
