"""A consultation as it is written and signed: nobody's words are lost, and what is signed stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from stillroom.clinics.actor import Actor
from stillroom.core.errors import Severity
from stillroom.core.safety.screening import judge_screening
from stillroom.intake.models import Consultation, ConsultationSigned, ConsultationText
from stillroom.patients.history import say, screening_of
from stillroom.patients.models import Patient

SAYS = ("review", "examination", "assessment", "decision", "because")
TOLD_BY = "the patient, in the consultation"


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing. Overtaken: a colleague wrote since, and these words are kept beside theirs."""

    text: ConsultationText
    is_overtaken: bool


def open_consultation(patient: Patient) -> Consultation | None:
    """The one that is not signed yet."""
    return Consultation.objects.filter(patient=patient, signed=None).first()


def standing_text(consultation: Consultation | None) -> ConsultationText | None:
    if consultation is None:
        return None
    return consultation.texts.filter(set_aside=False, replaced_by=None).select_related("written_by").first()


def seen_mark(text: ConsultationText | None) -> str:
    """What a page carries, to say which text its writer had before them."""
    return str(text.pk) if text else ""


def write(actor: Actor, patient: Patient, said: Mapping[str, str], *, seen: str) -> Written:
    """Keep these words: in place of the ones that were seen, or beside those of a colleague who was quicker."""
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=patient.pk)
        consultation = open_consultation(patient) or Consultation.objects.create(
            clinic=actor.the_clinic, patient=patient, begun_by=actor.the_person
        )
        standing = standing_text(consultation)
        if standing and all(getattr(standing, name) == said[name] for name in SAYS):
            return Written(standing, is_overtaken=False)
        is_overtaken = seen_mark(standing) != seen
        text = ConsultationText.objects.create(
            clinic=actor.the_clinic,
            consultation=consultation,
            replaces=None if is_overtaken else standing,
            set_aside=is_overtaken,
            written_by=actor.the_person,
            **{name: said[name] for name in SAYS},
        )
    return Written(text, is_overtaken)


def screen(actor: Actor, patient: Patient, answers: Mapping[str, str]) -> None:
    """Keep what was answered to questions of the screening, each with who asked."""
    for question, said in answers.items():
        say(actor, patient, question=question, said=said, told_by=TOLD_BY)


def lacking(patient: Patient, text: ConsultationText | None) -> list[str]:
    """What is missing before it can be signed: `words`, `decision`, `not_asked` or `because`."""
    if text is None:
        return ["words"]
    found = judge_screening(screening_of(patient))
    missing = {
        "decision": text.decision == ConsultationText.Decision.OPEN,
        "not_asked": _treats(text) and any(finding.code == "screening_not_asked" for finding in found),
        "because": _treats(text)
        and any(finding.severity is Severity.SOFT for finding in found)
        and not text.because.strip(),
    }
    return [what for what, is_so in missing.items() if is_so]


def sign(actor: Actor, consultation: Consultation, *, seen: str) -> bool:
    """Sign what was seen. False where something is lacking, or a colleague wrote or signed since."""
    with transaction.atomic():
        Patient.objects.select_for_update().get(pk=consultation.patient_id)
        text = standing_text(consultation)
        is_signed = ConsultationSigned.objects.filter(consultation=consultation).exists()
        if text is None or is_signed or seen_mark(text) != seen or lacking(consultation.patient, text):
            return False
        ConsultationSigned.objects.create(
            clinic=actor.the_clinic, consultation=consultation, text=text, signed_by=actor.the_person
        )
    return True


def _treats(text: ConsultationText) -> bool:
    return text.decision == ConsultationText.Decision.TREAT
