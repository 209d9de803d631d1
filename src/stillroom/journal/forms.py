"""What patients fill in: a day, the longer questionnaire, their wishes, a note, and when to be reminded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from stillroom.outcomes.asking import InstrumentFields, WishesFields
from stillroom.outcomes.writing import Said
from stillroom.patients.models import Patient
from stillroom.web.fields import DotsField


class ForClinic(forms.Form):
    """Whose clinic it is for. Who is treated in one place only is not asked."""

    patient = forms.ModelChoiceField(queryset=Patient.objects.none(), label="For which clinic?", required=False)

    def __init__(self, *args: Any, patients: Sequence[Patient], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patients = patients
        field = self.fields["patient"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Patient.objects.filter(pk__in=[each.pk for each in patients])
        field.label_from_instance = lambda patient: patient.clinic.name  # type: ignore[assignment]
        field.initial = patients[0].pk

    @property
    def is_for_one_of_several(self) -> bool:
        return len(self.patients) > 1

    @property
    def the_patient(self) -> Patient:
        chosen = self.cleaned_data.get("patient")
        return chosen if isinstance(chosen, Patient) else self.patients[0]


class CheckInForm(ForClinic):
    low = DotsField(required=False)
    sleep_h = DotsField(required=False)
    words = forms.CharField(required=False, max_length=2000, widget=forms.Textarea)
    wants_call = forms.BooleanField(required=False)

    @property
    def said(self) -> Said:
        return Said(**{name: self.cleaned_data[name] for name in ("low", "sleep_h", "words", "wants_call")})

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if (
            not self.errors
            and Said(**{name: typed[name] for name in ("low", "sleep_h", "words", "wants_call")}).is_empty
        ):
            self.add_error(None, forms.ValidationError("", code="nothing_said"))
        return typed


class Phq9Form(ForClinic, InstrumentFields):
    pass


class WishesForm(ForClinic, WishesFields):
    pass


class NoteForm(ForClinic):
    words = forms.CharField(max_length=4000, widget=forms.Textarea)


class AskForm(forms.Form):
    because = forms.CharField(required=False, max_length=1000, widget=forms.Textarea)


class ReminderForm(ForClinic):
    at_hour = forms.TypedChoiceField(coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(6, 23)])
