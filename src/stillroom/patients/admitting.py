"""Taking a new patient in, and changing what is written of one: with whoever is like them shown first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.forms.models import model_to_dict

from stillroom.clinics.actor import Actor
from stillroom.clinics.models import Clinic
from stillroom.core.safety.same_person import Named, letters_of, may_be_the_same
from stillroom.patients.models import Patient

SAID = ("identifier", "given_name", "family_name", "birth_date", "sex", "height_cm", "phone")
HISTORY = ("motion_sickness", "nausea_after_anaesthesia", "smokes")


def admit(actor: Actor, said: Mapping[str, Any]) -> Patient:
    """A new patient of the actor's clinic; without a number of their own they get the next free one."""
    clinic = actor.the_clinic
    with transaction.atomic():
        Clinic.objects.select_for_update().get(pk=clinic.pk)
        identifier = said["identifier"] or next_number(clinic)
        return Patient.objects.create(clinic=clinic, **{**said, "identifier": identifier})


def next_number(clinic: Clinic) -> str:
    """The next number that nobody here has: one more than there are patients, or the first free after it."""
    taken = set(Patient.objects.filter(clinic=clinic).values_list("identifier", flat=True))
    number = len(taken) + 1
    while str(number) in taken:
        number += 1
    return str(number)


def like(named: Named, patients: QuerySet[Patient], *, besides: Patient | None = None) -> list[Patient]:
    """Those who may be the same person."""
    others = patients.exclude(pk=besides.pk) if besides else patients
    return [each for each in others if may_be_the_same(named, named_of(each))]


def named_of(patient: Patient) -> Named:
    return Named(given_name=patient.given_name, family_name=patient.family_name, born=patient.birth_date)


def found(typed: str, patients: QuerySet[Patient], *, born: date | None) -> list[Patient]:
    """Those whose name begins like each word typed, whose number it is, or who were born on that day."""
    if born:
        return list(patients.filter(birth_date=born))
    words = [letters for word in typed.split() if (letters := letters_of(word))]
    by_number = Q(identifier__iexact=typed.strip())
    named = [each for each in patients if words and all(_has(each, word) for word in words)]
    return list(dict.fromkeys([*patients.filter(by_number), *named]))


def _has(patient: Patient, word: str) -> bool:
    names = [*patient.given_name.split(), *patient.family_name.split()]
    whole = letters_of(patient.given_name), letters_of(patient.family_name)
    return any(letters.startswith(word) for letters in (*map(letters_of, names), *whole))


def digest(patient: Patient) -> str:
    """Of what is written of a patient now: a form brings back the one it was drawn with."""
    said = model_to_dict(patient, fields=[*SAID, *HISTORY])
    return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()


def change(patient: Patient, said: Mapping[str, Any]) -> None:
    for name, value in said.items():
        setattr(patient, name, value)
    patient.save(update_fields=list(said))
