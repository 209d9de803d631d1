"""The form under every page. Its words of refusal are codes; guide/_critique_error_words.html says what to do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from stillroom.guide.critique import spam
from stillroom.guide.critique.plain import plain, plain_line

NAME_MOST, USERNAME_MOST, EMAIL_MOST, COMMENTS_MOST = 120, 60, 254, 10_000


class Line(forms.CharField):
    """One line. Limits are asked of what is kept, not of what was typed."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.most = most

    def to_python(self, value: Any) -> str:
        return plain_line(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.most:
            raise ValidationError("", code="too_long", params={"most": self.most, "has": len(value)})

    def run_validators(self, value: str) -> None:
        """No others: what Django would say of a nought byte is not needed, as none is left."""


class Lines(Line):
    def to_python(self, value: Any) -> str:
        return plain(forms.CharField.to_python(self, value) or "").strip()


class Email(Line):
    def validate(self, value: str) -> None:
        super().validate(value)
        try:
            if value:
                validate_email(value)
        except ValidationError:
            raise ValidationError("", code="not_an_email") from None


class CritiqueForm(forms.Form):
    name = Line(most=NAME_MOST)
    username = Line(most=USERNAME_MOST, required=False)
    email = Email(most=EMAIL_MOST, required=False)
    comments = Lines(most=COMMENTS_MOST)
    website = forms.CharField(required=False)  # seen by machines only
    stamp = forms.CharField(required=False, strip=False)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise ValidationError("", code="not_left_empty")
        return ""

    def clean_stamp(self) -> str:
        fault = spam.fault_of_stamp(self.cleaned_data["stamp"])
        if fault:
            raise ValidationError("", code=fault)
        return str(self.cleaned_data["stamp"])

    @property
    def typed(self) -> dict[str, str]:
        """Everything that was typed, to be shown again. The field nobody sees is emptied: a person may try again."""
        return {name: plain(str(self[name].value() or "")) for name in ("name", "username", "email", "comments")}

    @property
    def next_stamp(self) -> str:
        """One that came too soon is old enough a moment later; any other is made anew."""
        is_too_soon = "too_fast" in {each.code for each in self.errors.as_data().get("stamp", ())}
        return str(self["stamp"].value()) if is_too_soon else spam.stamp()
