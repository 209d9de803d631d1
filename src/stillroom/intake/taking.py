"""From one thing that was sent to what the record says: by a named clinician, with who told it, and when it was so."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from stillroom.clinics.actor import Actor
from stillroom.exchange.fhir import sent as fhir
from stillroom.intake.models import SentItem
from stillroom.patients.history import say_item
from stillroom.patients.known import allergies_of, keep_told_weight, shortened, state_allergies, state_none_known
from stillroom.patients.models import HistoryItem, Patient

TAKEN_AS = {
    fhir.CONDITION: HistoryItem.Kind.CONDITION,
    fhir.MEDICINE: HistoryItem.Kind.MEDICINE,
    fhir.VITAL: HistoryItem.Kind.MEASURED,
    fhir.DOCUMENT: HistoryItem.Kind.DOCUMENT,
}


def take(actor: Actor, patient: Patient, item: SentItem) -> None:
    if item.weight_kg is not None and item.measured_on is not None:
        at = _noon(item.measured_on, patient)
        keep_told_weight(patient, item.weight_kg, actor, measured_at=at, told_by=_told_by(item))
    elif item.kind in TAKEN_AS:
        say_item(actor, patient, kind=TAKEN_AS[item.kind], words=_in_words(item), told_by=_told_by(item))
    else:
        _take_allergy(actor, patient, item)


def _take_allergy(actor: Actor, patient: Patient, item: SentItem) -> None:
    known = allergies_of(patient)
    if item.kind == fhir.ALLERGY:
        words = f"{item.words}: {item.more}" if item.more else item.words
        state_allergies(patient, list(dict.fromkeys([*(known or ()), shortened(words)])), actor)
    elif not known:  # what is on record is not answered away by a letter
        state_none_known(patient, actor)


def _in_words(item: SentItem) -> str:
    if item.kind == fhir.VITAL:
        return f"{item.words}, {f'{item.measured_on:%-d %B %Y}' if item.measured_on else 'day not said'}"
    return f"{item.words}, {item.more}" if item.more else item.words


def _told_by(item: SentItem) -> str:
    sent = item.file.sent
    return "the patient, by the page of the clinic" if sent.is_by_themself else f"{sent.sender[:100]}, by letter"


def _noon(day: date, patient: Patient) -> datetime:
    """At which hour of the day that was written, nobody said."""
    return datetime.combine(day, time(12), ZoneInfo(patient.clinic.time_zone))
