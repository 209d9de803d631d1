"""Does the patient's signed consent stand, for the text that is in force? Nobody's signature is assumed."""

from __future__ import annotations

from enum import StrEnum

from stillroom.core.errors import Finding, Severity

SOURCE = "safety.md 2.1: consent, indication, prior trials"


class Consented(StrEnum):
    """What the record says of a patient's consent. Of an earlier text: it was signed before the words changed."""

    SIGNED = "signed"
    OF_EARLIER_TEXT = "of_earlier_text"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"


def _finding(code: str) -> tuple[Finding, ...]:
    return (Finding(code, Severity.SOFT, source=SOURCE),)


FOUND: dict[Consented, tuple[Finding, ...]] = {
    Consented.SIGNED: (),
    Consented.OF_EARLIER_TEXT: _finding("consent_of_earlier_text"),
    Consented.WITHDRAWN: _finding("consent_withdrawn"),
    Consented.MISSING: _finding("consent_missing"),
}


def judge_consent(stands: Consented) -> tuple[Finding, ...]:
    """A start without a consent that stands is a prescriber's decision, with a name and a reason."""
    return FOUND[stands]
