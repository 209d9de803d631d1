"""What is typed about consents at the desk: a paper that was signed, and the text of a new version."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf.locale import LANG_INFO

from stillroom.clinics.models import Clinic
from stillroom.patients.consents import language_name
from stillroom.patients.models import ConsentText
from stillroom.web.fields import DayField

LANGUAGES = sorted((code, language_name(code)) for code in LANG_INFO if len(code) == 2)


def _named(text: ConsentText) -> str:
    return f"Version {text.number}, {language_name(text.language)}"


class NotePaper(forms.Form):
    """A paper in the hand: of a text in force, or of the clinic's own where there is none."""

    version = forms.CharField(label="Version, as it stands on the paper", max_length=20)
    text = forms.ModelChoiceField(queryset=ConsentText.objects.none(), label="Which text", empty_label=None)
    name = forms.CharField(label="Signed by", max_length=160, help_text="The name as it is written there.")
    signed_on = DayField(label="On", help_text="The day beside the signature, such as 4 May 2026.")

    def __init__(self, *args: Any, clinic: Clinic, in_force: dict[str, ConsentText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clinic = clinic
        if in_force:
            del self.fields["version"]
            texts = ConsentText.objects.filter(pk__in=[each.pk for each in in_force.values()])
            self.fields["text"].queryset = texts  # type: ignore[attr-defined]
            self.fields["text"].label_from_instance = _named  # type: ignore[attr-defined]
            self.fields["text"].initial = texts[0].pk
        else:
            del self.fields["text"]

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day > self.clinic.today():
            raise forms.ValidationError("This day has not come yet. Look again.", code="not_yet")
        return day

    def signed_at(self, now: datetime) -> datetime:
        """A paper has a day and no hour: noon of it, by the clinic's clock; now, when that has not come yet."""
        noon = datetime.combine(self.cleaned_data["signed_on"], time(12), ZoneInfo(self.clinic.time_zone))
        return min(noon, now)


class WriteText(forms.Form):
    language = forms.ChoiceField(label="Language", choices=LANGUAGES, initial="en")
    words = forms.CharField(
        label="What patients read and sign",
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text="An empty line begins a new part; the first line of a part of several is its heading.",
    )
