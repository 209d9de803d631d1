"""What a patient reads and signs before they come, whether by a link or in their journal: one answer for both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils import timezone

from stillroom.core.errors import Finding, Refused, refuse
from stillroom.patients.consents import Signing, blocks, language_name, sign, standing_of, texts_in_force
from stillroom.patients.models import Consent, ConsentText, Patient
from stillroom.schedule.before import coming, newest, told


class SignConsent(forms.Form):
    """`text` is which words were on the screen: newer ones that came meanwhile are shown first."""

    text = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label="Your name, in full", max_length=160, help_text="Typed here, it is your signature.")


@dataclass(frozen=True, slots=True)
class ByWhom:
    """Who is at the screen: the author of what is written; and who of the clinic is there, where somebody is."""

    by: str
    how: Consent.How = Consent.How.ALONE
    witness: Any = None


def before_page(patient: Patient) -> dict[str, Any]:
    """What the clinic tells, and when they come."""
    version = newest(patient.clinic)
    return {
        "version": version,
        "sections": told(version, patient.clinic) if version else [],
        "appointments": coming(patient),
    }


def consent_page(
    patient: Patient, posted: Mapping[str, Any] | None, whom: ByWhom, *, language: str | None
) -> tuple[dict[str, Any], Consent | None]:
    """The page, and the consent if it was signed just now."""
    form = SignConsent(posted)
    findings: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            return {}, _signed(patient, form, whom)
        except Refused as refused:
            findings = refused.findings
    in_force = texts_in_force(patient.clinic_id)
    text = in_force.get(language or "") or in_force.get("en") or next(iter(in_force.values()), None)
    if findings and text:
        form = SignConsent(initial={"text": text.pk, "name": form.cleaned_data["name"]})
    elif not form.is_bound and text:
        form = SignConsent(initial={"text": text.pk})
    languages = [(code, language_name(code)) for code in in_force if text and code != text.language]
    page = {
        "standing": standing_of(patient),
        "text": text,
        "parts": blocks(text.words) if text else [],
        "languages": languages,
        "form": form,
        "findings": findings,
    }
    return page, None


def _signed(patient: Patient, form: SignConsent, whom: ByWhom) -> Consent:
    text = ConsentText.objects.filter(pk=form.cleaned_data["text"]).first()
    if text is None:
        raise refuse("consent_text_not_in_force")
    said = Signing(name=form.cleaned_data["name"], how=whom.how, by=whom.by, at=timezone.now(), witness=whom.witness)
    return sign(patient, text, said)
