"""Records from elsewhere: taken in as they came, shown as far as they are understood, and read by a named clinician."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.core.safety.same_person import letters_of
from stillroom.exchange.content import is_as_named, kind_of
from stillroom.exchange.fhir import sent as fhir
from stillroom.intake.models import AnswerReview, ItemReview, Link, Sent, SentFile, SentItem, SentReview
from stillroom.patients.history import say_item
from stillroom.patients.known import allergies_of, shortened, state_allergies, state_none_known
from stillroom.patients.models import HistoryItem, Patient
from stillroom.schedule.models import Appointment
from stillroom.web.by_link import digest_of as digest_of_token
from stillroom.web.by_link import new_token

MOST_BYTES, MOST_FILES = 20 * 1024 * 1024, 20
TAKEN_AS = {fhir.CONDITION: HistoryItem.Kind.CONDITION, fhir.MEDICINE: HistoryItem.Kind.MEDICINE}
CAN_BE_TAKEN = (*TAKEN_AS, fhir.ALLERGY, fhir.NONE_KNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a sender wrote beside the files."""

    sender: str
    reached_at: str
    about_name: str
    about_born: date
    words: str


def make_records_link(actor: Actor, *, for_whom: str, days: int, patient: Patient | None = None) -> str:
    """A link for one sending; its secret, said this once."""
    token, now = new_token(), timezone.now()
    Link.objects.create(
        clinic=actor.the_clinic,
        kind=Link.Kind.RECORDS,
        patient=patient,
        for_whom=for_whom,
        token_digest=digest_of_token(token),
        made_by=actor.the_person,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token


def is_used(link: Link) -> bool:
    return Sent.objects.filter(link=link).exists()


def receive(link: Link, said: Said, files: Sequence[UploadedFile[Any]]) -> bool:
    """Keep it all, once. False where something was sent by this link before."""
    try:
        with transaction.atomic():
            row = Sent.objects.create(
                clinic_id=link.clinic_id,
                link=link,
                sender=said.sender,
                reached_at=said.reached_at,
                about_name=said.about_name,
                about_born=said.about_born,
                words=said.words,
            )
            for file in files:
                _keep(row, file)
    except IntegrityError:
        return False
    return True


def unread() -> QuerySet[Sent]:
    return Sent.objects.filter(review=None).select_related("link__patient").order_by("sent_at")


def coming_unread(clinic_patients: QuerySet[Patient], *, today: date) -> list[tuple[Patient, Sent]]:
    """Who comes today or tomorrow and has records that nobody has read."""
    expected = Appointment.objects.standing().filter(starts_at__date__range=(today, today + timedelta(days=1)))
    patients = clinic_patients.filter(pk__in=expected.values("patient"))
    waiting = list(unread())
    return [(patient, row) for patient in patients for row in waiting if may_be_about(row, patient)]


def may_be_about(row: Sent, patient: Patient) -> bool:
    """The link was for them; or the birth date is theirs and a part of the name."""
    if row.link.patient_id:
        return row.link.patient_id == patient.pk
    named = {letters_of(word) for word in row.about_name.split()}
    theirs = {letters_of(word) for word in f"{patient.given_name} {patient.family_name}".split()} - {""}
    return row.about_born == patient.birth_date and bool(named & theirs)


def read(actor: Actor, row: Sent, patient: Patient, decided: Iterable[tuple[SentItem, AnswerReview.What]]) -> bool:
    """Decide about some items, and say that it was read. False where a colleague was first with one of them."""
    try:
        with transaction.atomic():
            for item, what in decided:
                ItemReview.objects.create(
                    clinic=actor.the_clinic, item=item, patient=patient, what=what, reviewed_by=actor.the_person
                )
                if what == AnswerReview.What.TAKEN:
                    _take(actor, patient, row, item)
            SentReview.objects.get_or_create(
                sent=row, defaults={"clinic": actor.the_clinic, "patient": patient, "reviewed_by": actor.the_person}
            )
    except IntegrityError:
        return False
    return True


def _take(actor: Actor, patient: Patient, row: Sent, item: SentItem) -> None:
    if item.kind in TAKEN_AS:
        words = f"{item.words}, {item.more}" if item.more else item.words
        say_item(actor, patient, kind=TAKEN_AS[item.kind], words=words, told_by=f"{row.sender}, by letter"[:120])
        return
    known = allergies_of(patient)
    if item.kind == fhir.ALLERGY:
        words = f"{item.words}: {item.more}" if item.more else item.words
        state_allergies(patient, list(dict.fromkeys([*(known or ()), shortened(words)])), actor)
    elif not known:  # what is on record is not answered away by a letter
        state_none_known(patient, actor)


def _keep(row: Sent, file: UploadedFile[Any]) -> None:
    content = file.read()
    kind, name = kind_of(content), " ".join(str(file.name).split())[-160:]
    understood = _understood(content) if kind == "fhir" else fhir.Understood()
    kept = SentFile.objects.create(
        clinic_id=row.clinic_id,
        sent=row,
        name=name,
        kind=kind,
        is_as_named=is_as_named(kind, name),
        content=content,
        size_bytes=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        about=[{"name": each.name, "born": each.born.isoformat() if each.born else ""} for each in understood.about],
        left=list(understood.left),
    )
    SentItem.objects.bulk_create(
        SentItem(
            clinic_id=row.clinic_id, file=kept, kind=each.kind, words=each.words[:2000], more=each.more[:2000], place=n
        )
        for n, each in enumerate(understood.items)
    )


def _understood(content: bytes) -> fhir.Understood:
    try:
        return fhir.understand(content)
    except fhir.NotFhir:
        return fhir.Understood()
