"""Keeping machines out of forms that anybody may send, without asking anybody else about who sends them.

Three signs: a signed time (a form filled in within seconds, or kept for days), a field that nobody sees, and a count of
what comes from one place. None of them loses what was typed: the page shows its form again with every word in it.
`SALT` names the form, so that the time of one is no use for another.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from allauth.core.ratelimit import consume
from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

FASTEST_S = 3
LASTS_S = 2 * 24 * 3600
WORDS = {
    "too_fast": _("That was very quick, as machines are. Wait a moment, then send it once more. Nothing is lost."),
    "too_old": _("This page was open for very long. Send it once more. Nothing is lost."),
}
NOT_EMPTY = _("One field, which nobody sees, was filled in. Send it once more. Nothing is lost.")


def stamp(salt: str) -> str:
    """Goes out with a form: when its page was drawn, signed, so that nobody can set it back."""
    return _signed(salt, int(timezone.now().timestamp()))


def fault_of_stamp(given: str, salt: str) -> str | None:
    """Why a form may not be taken yet: `too_fast`, or `too_old` (or never ours); None when it may."""
    try:
        age_s = timezone.now().timestamp() - int(Signer(salt=salt).unsign(given))
    except (BadSignature, ValueError):
        return "too_old"
    if age_s < FASTEST_S:
        return "too_fast"
    return "too_old" if age_s > LASTS_S else None


def came_too_often(request: HttpRequest, action: str) -> bool:
    """Counts this one. How many may come from one place is said by ACCOUNT_RATE_LIMITS, beside those of sign-in."""
    return not consume(request, action=action)


@lru_cache(maxsize=8)
def _signed(salt: str, at_s: int) -> str:
    """Many pages may go out within a second."""
    return Signer(salt=salt).sign(str(at_s))


class Guard(forms.Form):
    """Drawn beside the form it guards, by web/forms/_guard.html."""

    fax = forms.CharField(required=False)
    stamp = forms.CharField(required=False)

    def __init__(self, *args: Any, salt: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.salt = salt

    @property
    def next_stamp(self) -> str:
        """One that came too soon is old enough a moment later; any other is made anew."""
        is_too_soon = "too_fast" in {each.code for each in self.errors.as_data().get("stamp", ())}
        return str(self["stamp"].value()) if is_too_soon else stamp(self.salt)

    def clean_fax(self) -> str:
        if self.cleaned_data["fax"]:
            raise ValidationError(NOT_EMPTY, code="not_left_empty")
        return ""

    def clean_stamp(self) -> str:
        fault = fault_of_stamp(self.cleaned_data["stamp"], self.salt)
        if fault:
            raise ValidationError(WORDS[fault], code=fault)
        return str(self.cleaned_data["stamp"])
