"""What the record says of a patient's history: answers to what was asked, conditions, and medicines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.core.safety.nausea import Said
from stillroom.core.safety.screening import QUESTIONS, Question
from stillroom.patients.models import HistoryAnswer, HistoryItem, Patient


def history_of(patient: Patient, *, at: datetime | None = None) -> dict[str, HistoryAnswer]:
    """The newest answer to each question that was asked; by what was written down until `at`, if that is given."""
    rows = HistoryAnswer.objects.filter(patient=patient).order_by("question", "-stated_at").distinct("question")
    rows = rows.filter(stated_at__lte=at) if at else rows
    return {each.question: each for each in rows.select_related("stated_by")}


def screening_of(patient: Patient) -> Mapping[Question, Said]:
    """As `core.safety.screening` takes it: what was not asked is not there."""
    known = history_of(patient)
    return {question: Said(known[question].said) for question in QUESTIONS if question in known}


def items_of(patient: Patient) -> QuerySet[HistoryItem]:
    """Conditions and medicines that stand."""
    return HistoryItem.objects.filter(patient=patient, ended_at=None).select_related("stated_by")


def items_new_since(
    patient: Patient, since: datetime | None, *, as_of: datetime | None = None
) -> QuerySet[HistoryItem]:
    """Those that stand, or stood `as_of` a moment, and were taken in after `since`; all of them, where that is None."""
    of_patient = HistoryItem.objects.filter(patient=patient)
    still = Q(ended_at=None) | Q(ended_at__gt=as_of) if as_of else Q(ended_at=None)
    stood = of_patient.filter(still, **({"stated_at__lte": as_of} if as_of else {}))
    return stood.filter(stated_at__gt=since) if since else stood


def say(actor: Actor, patient: Patient, *, question: str, said: str, words: str = "", told_by: str) -> HistoryAnswer:
    return HistoryAnswer.objects.create(
        clinic=actor.the_clinic,
        patient=patient,
        question=question,
        said=said,
        words=words.strip(),
        told_by=told_by,
        stated_by=actor.the_person,
    )


def say_item(actor: Actor, patient: Patient, *, kind: str, words: str, told_by: str) -> HistoryItem:
    """Keep a condition or a medicine; one that stands in the same words already is not written twice."""
    words = " ".join(words.split())
    same = items_of(patient).filter(kind=kind, words__iexact=words).first()
    return same or HistoryItem.objects.create(
        clinic=actor.the_clinic, patient=patient, kind=kind, words=words, told_by=told_by, stated_by=actor.the_person
    )


def end_item(actor: Actor, item: HistoryItem) -> None:
    """It is no longer so, or never was: with whoever says it."""
    if item.ended_at is None:
        item.ended_at, item.ended_by = timezone.now(), actor.the_person
        item.save(update_fields=["ended_at", "ended_by"])


def lines_of(words: str) -> list[str]:
    """One thing a line, as people list them."""
    return [line.strip() for line in words.splitlines() if line.strip()]
