"""What the record says of a patient's history: answers to what was asked, conditions, and medicines."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.core.safety.nausea import Said
from stillroom.core.safety.screening import QUESTIONS, Question
from stillroom.patients.models import HistoryAnswer, HistoryItem, Patient


def history_of(patient: Patient) -> dict[str, HistoryAnswer]:
    """The newest answer to each question that was asked."""
    rows = HistoryAnswer.objects.filter(patient=patient).order_by("question", "-stated_at").distinct("question")
    return {each.question: each for each in rows.select_related("stated_by")}


def screening_of(patient: Patient) -> Mapping[Question, Said]:
    """As `core.safety.screening` takes it: what was not asked is not there."""
    known = history_of(patient)
    return {question: Said(known[question].said) for question in QUESTIONS if question in known}


def items_of(patient: Patient) -> QuerySet[HistoryItem]:
    """Conditions and medicines that stand."""
    return HistoryItem.objects.filter(patient=patient, ended_at=None).select_related("stated_by")


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
