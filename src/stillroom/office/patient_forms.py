"""What is typed about a patient at the desk. That a number is a number is checked here; what it may be, by the core."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError

from stillroom.clinics.models import Clinic
from stillroom.core.drip.rates import kg_from_lb
from stillroom.core.safety.allergies import substances_in
from stillroom.office.reach import DIALLED
from stillroom.patients.known import POUNDS
from stillroom.patients.models import Answer, Patient
from stillroom.web.fields import ClockField, DayField, QuantityField

ALLERGIES = (("none_known", "None known, they were asked"), ("named", "These"))


class Find(forms.Form):
    typed = forms.CharField(label="Name, number or birth date", max_length=100)

    @property
    def born(self) -> date | None:
        try:
            born: date = DayField().clean(self.cleaned_data["typed"])
        except ValidationError:
            return None
        return born


class PatientDetails(forms.Form):
    """Who somebody is. `seen` is the digest of what the page showed, so that nobody overwrites a colleague unseen."""

    given_name = forms.CharField(label="Given name", max_length=80)
    family_name = forms.CharField(label="Family name", max_length=80)
    birth_date = DayField(label="Birth date", help_text="Such as 4 May 1985 or 04.05.1985, the day first.")
    sex = forms.ChoiceField(label="Sex", choices=Patient.Sex.choices, initial=Patient.Sex.UNKNOWN)
    height_cm = QuantityField("height_cm", label="Height", required=False)
    phone = forms.RegexField(
        DIALLED,
        label="Telephone",
        required=False,
        help_text="Where they can be called the day after an infusion.",
        error_messages={"invalid": "Write the number as it is dialled: figures, spaces and a plus."},
    )
    identifier = forms.CharField(
        label="Record number", max_length=40, required=False, help_text="Left empty, the next free number."
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, clinic: Clinic, patient: Patient | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic, self.patient = clinic, patient
        self.fields["identifier"].required = patient is not None

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if born > self.clinic.today():
            raise ValidationError("This day has not come yet. Look again.", code="born_in_the_future")
        if born.year < 1900:
            raise ValidationError("Write the year with four figures, as in 1985.", code="born_long_ago")
        return born

    def clean_identifier(self) -> str:
        identifier: str = self.cleaned_data["identifier"].strip()
        others = Patient.objects.filter(clinic=self.clinic, identifier=identifier)
        if self.patient:
            others = others.exclude(pk=self.patient.pk)
        if identifier and others.exists():
            raise ValidationError("Another patient has this number.", code="taken")
        return identifier

    @property
    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class HistoryOfNausea(forms.Form):
    """Four answers each: not asked, asked and not known, no, yes."""

    motion_sickness = forms.ChoiceField(
        label="Motion sickness: car, boat, swing?", choices=Answer.choices, widget=forms.RadioSelect
    )
    nausea_after_anaesthesia = forms.ChoiceField(
        label="Nausea or vomiting after an anaesthetic or an infusion?",
        choices=Answer.choices,
        widget=forms.RadioSelect,
    )
    smokes = forms.ChoiceField(label="Smokes?", choices=Answer.choices, widget=forms.RadioSelect)


class Weighed(forms.Form):
    """A weight in kilograms. A scale in pounds has a field of its own, and comes back as kilograms first."""

    weight_kg = QuantityField("weight_kg", label="Weight", required=False)
    weight_lb = QuantityField(
        POUNDS, label="Or as a scale in pounds shows it", required=False, help_text="Shown to you in kilograms first."
    )
    measured_on = DayField(label="Measured on", required=False, help_text="Left empty: today.")
    measured_at = ClockField(label="At", required=False, help_text="Left empty: now. Such as 09:05.")
    reason = forms.CharField(
        label="If it is far from the last one: why", max_length=200, required=False, help_text="It stands beside it."
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "weight_kg" not in self.errors and "weight_lb" not in self.errors and not self._is_one(typed):
            self.add_error("weight_kg", ValidationError("Write the weight, in one of the two.", code="required_one"))
        return typed

    @staticmethod
    def _is_one(typed: dict[str, Any]) -> bool:
        return (typed.get("weight_kg") is None) != (typed.get("weight_lb") is None)

    @property
    def kg_of_pounds(self) -> Decimal | None:
        weight_lb = self.cleaned_data.get("weight_lb")
        return None if weight_lb is None else kg_from_lb(weight_lb)

    def at(self, clinic: Clinic, now: datetime) -> datetime:
        """When it was measured, by the clinic's clock."""
        day, clock = self.cleaned_data["measured_on"], self.cleaned_data["measured_at"]
        if day is None and clock is None:
            return now
        local = now.astimezone(ZoneInfo(clinic.time_zone))
        day = day or local.date()
        clock = clock or (time(12) if day < local.date() else local.timetz().replace(tzinfo=None))
        return datetime.combine(day, clock, ZoneInfo(clinic.time_zone))


class Allergies(forms.Form):
    """None known is said by somebody who asked; it is not the same as nobody having asked."""

    said = forms.ChoiceField(label="Allergies", choices=ALLERGIES, widget=forms.RadioSelect)
    substances = forms.CharField(
        label="Which, and what happened",
        required=False,
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line, such as “penicillin: rash”.",
    )

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        named = substances_in(typed.get("substances", ""))
        if typed.get("said") == "named" and not named:
            self.add_error("substances", ValidationError("Name at least one.", code="no_substance_named"))
        if typed.get("said") == "none_known" and named:
            self.add_error("said", ValidationError("There is a substance below. Which of the two is so?", code="both"))
        return typed
