"""What patients fill in about their record: to take it along, to bring one, to share it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from stillroom.exchange.archive import MOST_PACKED_BYTES
from stillroom.exchange.sealing import LEAST_LENGTH


class TakeAlong(forms.Form):
    passphrase = forms.CharField(
        required=False,
        max_length=200,
        label="Passphrase, if you want one",
        help_text=f"At least {LEAST_LENGTH} characters. Without it nobody can open the file, we neither.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_passphrase(self) -> str:
        passphrase = str(self.cleaned_data["passphrase"]).strip()
        if passphrase and len(passphrase) < LEAST_LENGTH:
            raise ValidationError(f"Make it at least {LEAST_LENGTH} characters long, or leave it empty.")
        return passphrase


class Bring(forms.Form):
    record = forms.FileField(
        label="The file you were given",
        help_text=f"The whole file, as it is; at most {MOST_PACKED_BYTES // 1024**2} MB.",
        error_messages={
            "required": "Choose the file you were given.",
            "empty": "This file is empty. Choose the one you were given.",
        },
    )
    passphrase = forms.CharField(
        required=False,
        max_length=200,
        label="Its passphrase, if it has one",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )

    def clean_record(self) -> Any:
        record = self.cleaned_data["record"]
        if record.size > MOST_PACKED_BYTES:
            raise ValidationError(f"This file is larger than {MOST_PACKED_BYTES // 1024**2} MB, and no record is.")
        return record


class ShareForm(forms.Form):
    for_whom = forms.CharField(max_length=120)
    days = forms.TypedChoiceField(coerce=int, choices=[("1", "a day"), ("7", "a week"), ("30", "a month")], initial="7")
    with_weeks = forms.BooleanField(required=False)


class WhoAreYou(forms.Form):
    name = forms.CharField(
        max_length=120,
        label="Your name, and where you work",
        error_messages={"required": "Write who you are: the patient sees who opened their record."},
    )

    def clean_name(self) -> str:
        return " ".join(str(self.cleaned_data["name"]).split())
