"""The consent to infusions: which text is in force, what a patient signed, and whether it stands. Withdrawn in one act.

A text is written by one person and approved by another; from then on it never changes. What was signed and what was
taken back are both kept. A newer text of the same language asks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf.locale import LANG_INFO
from django.db import IntegrityError, transaction
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.clinics.models import Clinic, Person
from stillroom.core.errors import refuse
from stillroom.core.safety.consent import Consented
from stillroom.patients.models import Consent, ConsentText, Patient
from stillroom.web.pdf import pdf

KIND = "ketamine infusions"
HERE = Path(__file__).parent
TEMPLATE, PAPER = HERE / "data" / "consent.en.txt", HERE / "consent.typ"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the patient's consent stands, and the row that says so: the newest that stands, else the last taken back."""

    stands: Consented
    consent: Consent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who signed, how, and who was there. `by` is the author of the row."""

    name: str
    how: Consent.How
    by: str
    at: datetime
    witness: Person | None = None


def consented(patient: Patient) -> Consented:
    return standing_of(patient).stands


def standing_of(patient: Patient) -> Standing:
    rows = list(patient.consents.filter(kind=KIND).order_by("-signed_at"))
    standing = [each for each in rows if each.withdrawn_at is None]
    if not standing:
        return Standing(Consented.WITHDRAWN if rows else Consented.MISSING, rows[0] if rows else None)
    newest = texts_in_force(patient.clinic_id)
    of_now = [each for each in standing if _is_of_now(each, newest)]
    if of_now:
        return Standing(Consented.SIGNED, of_now[0])
    return Standing(Consented.OF_EARLIER_TEXT, standing[0])


def texts_in_force(clinic_id: UUID) -> dict[str, ConsentText]:
    """Language -> the text that patients sign now."""
    approved = ConsentText.objects.filter(clinic=clinic_id, approved_at__isnull=False)
    return {each.language: each for each in approved.order_by("number")}


def sign(patient: Patient, text: ConsentText, signing: Signing) -> Consent:
    """The text in force; refused when a newer one came meanwhile. Signed twice it is signed once."""
    if texts_in_force(patient.clinic_id).get(text.language) != text:
        raise refuse("consent_text_not_in_force")
    return _signed(patient, signing, text=text, version=str(text.number), language=text.language)


def note_own_paper(patient: Patient, version: str, signing: Signing) -> Consent:
    """A paper of the clinic's own, which is not kept here. Refused where a text is in force: that one counts."""
    if texts_in_force(patient.clinic_id):
        raise refuse("consent_has_a_text")
    return _signed(patient, signing, text=None, version=version, language="en")


def withdraw(patient: Patient, *, by: str) -> int:
    """All that stands, of every version: how many. Nothing is deleted."""
    standing = patient.consents.filter(kind=KIND, withdrawn_at=None)
    return standing.update(withdrawn_at=timezone.now(), withdrawn_by=by)


def write_text(actor: Actor, words: str, *, language: str) -> ConsentText:
    """A new version, not in force before somebody else approved it."""
    clinic = actor.the_clinic
    with transaction.atomic():
        Clinic.objects.select_for_update().get(pk=clinic.pk)
        newest = ConsentText.objects.filter(language=language).first()
        number = newest.number + 1 if newest else 1
        return ConsentText.objects.create(
            clinic=clinic, language=language, number=number, words=words.strip(), written_by=actor.the_person
        )


def approve_text(text: ConsentText, actor: Actor) -> None:
    """From now on patients sign this one. Refused for its author, and for a text older than the one in force."""
    if text.written_by_id == actor.the_person.pk:
        raise refuse("consent_author_approves")
    in_force = ConsentText.objects.in_force(text.language)
    if in_force and in_force.number >= text.number:
        raise refuse("consent_text_not_in_force")
    text.approved_by, text.approved_at = actor.the_person, timezone.now()
    text.save(update_fields=["approved_by", "approved_at"])


def template_words() -> str:
    """What a clinic may begin its own text with. It is in force nowhere."""
    return TEMPLATE.read_text()


def blocks(words: str) -> list[tuple[str, tuple[str, ...]]]:
    """Heading and paragraphs of each block: blocks stand apart by an empty line, a block of several lines begins with
    its heading. For the page and the paper.
    """
    found = []
    for block in words.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if lines:
            found.append((lines[0], tuple(lines[1:])) if len(lines) > 1 else ("", (lines[0],)))
    return found


def language_name(code: str) -> str:
    """As its own speakers call it."""
    return str(LANG_INFO[code]["name_local"]) if code in LANG_INFO and "name_local" in LANG_INFO[code] else code


def paper(text: ConsentText, *, patient: Patient | None, clinic: Clinic) -> bytes:
    """To read and sign by hand; with the patient's name where it is for somebody."""
    return pdf(
        PAPER,
        {
            "clinic": clinic.name,
            "zone": clinic.time_zone,
            "date": f"{clinic.today():%-d %B %Y}",
            "patient": str(patient) if patient else "",
            "born": f"{patient.birth_date:%-d %B %Y}" if patient else "",
            "version": f"{text.number}, {language_name(text.language)}",
            "language": text.language,
            "blocks": [{"heading": heading, "paragraphs": list(said)} for heading, said in blocks(text.words)],
        },
    )


def _is_of_now(consent: Consent, newest: dict[str, ConsentText]) -> bool:
    if consent.text_id is None:
        return not newest
    return consent.language in newest and newest[consent.language].pk == consent.text_id


def _signed(patient: Patient, signing: Signing, *, text: ConsentText | None, version: str, language: str) -> Consent:
    if signing.at > timezone.now():
        raise refuse("in_the_future", occurred_at=signing.at.isoformat())
    same = patient.consents.filter(kind=KIND, version=version, language=language, withdrawn_at=None)
    try:
        with transaction.atomic():
            return same.first() or Consent.objects.create(
                clinic_id=patient.clinic_id,
                patient=patient,
                kind=KIND,
                text=text,
                version=version,
                language=language,
                how=signing.how,
                signed_name=signing.name.strip(),
                signed_at=signing.at,
                witnessed_by=signing.witness,
                by=signing.by,
            )
    except IntegrityError:  # a double tap: the other press was a moment quicker
        return same.get()
