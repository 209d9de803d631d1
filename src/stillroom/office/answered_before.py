"""What a prescriber has said already to what an order would ask: offered again, to be read and signed anew.

To a "yes" of the screening that has not changed since: the word of the last signed order, else that of the signed
consultation, with whose it is.
"""

from __future__ import annotations

from stillroom.core.errors import Severity
from stillroom.core.safety.screening import judge_screening
from stillroom.infusions.models import PatientOrder
from stillroom.intake.models import ConsultationSigned
from stillroom.patients.history import history_of, screening_of
from stillroom.patients.models import Patient

LONGEST = 400


def said_before(patient: Patient) -> dict[str, str]:
    """By the keys of the findings that they answer."""
    asked = [each for each in judge_screening(screening_of(patient)) if each.severity is Severity.SOFT]
    if not asked:
        return {}
    answers = history_of(patient)
    order = PatientOrder.objects.filter(patient=patient).exclude(signed_at=None).order_by("-signed_at").first()
    related = ("text", "signed_by")
    signed = ConsultationSigned.objects.filter(consultation__patient=patient).select_related(*related)
    consultation = signed.order_by("-signed_at").first()
    found = {}
    for finding in asked:
        stated_at = answers[finding.facts["question"]].stated_at
        if order and order.signed_at and order.signed_at > stated_at and order.reasons.get(finding.key):
            found[finding.key] = order.reasons[finding.key]
        elif consultation and consultation.signed_at > stated_at and consultation.text.because:
            found[finding.key] = _in_consultation(consultation)
    return found


def _in_consultation(signed: ConsultationSigned) -> str:
    whose = f" ({signed.signed_by}, consultation of {signed.signed_at:%-d %B %Y})"
    return signed.text.because[: LONGEST - len(whose)] + whose
