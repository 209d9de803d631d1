"""What is typed on the pages about displays and PINs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from stillroom.clinics.displays import PIN_FIGURES
from stillroom.clinics.models import Clinic, Display, Room, Staff

six_figures = RegexValidator(rf"^[0-9]{{{PIN_FIGURES}}}\Z", f"A PIN has {PIN_FIGURES} figures.")
PIN_WIDGET = forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": PIN_FIGURES})


class ClinicChoice(forms.Form):
    clinic = forms.ModelChoiceField(queryset=Clinic.objects.none(), widget=forms.RadioSelect, empty_label=None)

    def __init__(self, *args: Any, clinics: list[Clinic], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinic"].queryset = Clinic.objects.filter(pk__in=[clinic.pk for clinic in clinics])  # type: ignore[attr-defined]


class TakeOver(forms.Form):
    staff = forms.ModelChoiceField(
        queryset=Staff.objects.none(), label="Who are you?", widget=forms.RadioSelect, empty_label=None
    )
    pin = forms.CharField(label="PIN", max_length=PIN_FIGURES, widget=PIN_WIDGET)

    def __init__(self, *args: Any, staff: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = Staff.objects.filter(pk__in=[row.pk for row in staff])  # type: ignore[attr-defined]
        self.fields["staff"].label_from_instance = lambda row: row.short_name  # type: ignore[attr-defined]


class NewPin(forms.Form):
    pin = forms.CharField(
        label="New PIN",
        help_text="Six figures. It opens displays in the clinic and signs nothing.",
        validators=[six_figures],
        widget=PIN_WIDGET,
    )
    again = forms.CharField(label="The same again", widget=PIN_WIDGET)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "pin" in typed and typed["pin"] != typed.get("again"):
            self.add_error("again", "The two are not the same.")
        return typed


class NewDisplay(forms.Form):
    name = forms.CharField(
        label="What is it called?", max_length=60, help_text="As it is spoken of, such as “tablet by the window”."
    )
    room = forms.ModelChoiceField(
        queryset=Room.objects.none(), label="Which room does it show?", required=False, empty_label="All rooms"
    )
    side = forms.ChoiceField(
        choices=Display.Side.choices,
        label="Where will it stand?",
        widget=forms.RadioSelect,
        help_text="Whatever a patient can see or hear is with the patient, though the staff use it too.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["room"].queryset = Room.objects.all()  # type: ignore[attr-defined]
