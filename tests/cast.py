"""The people of every test: Dr Ada prescribes, nurse Ben monitors, Cleo of another clinic is refused.

    def test_something(cast):
        client = signed_in(cast.ben)               # a browser of Ben's, who proved himself a moment ago
        client = at_display(cast)                  # the enrolled display of the room, nobody's
        client = at_display(cast, taken_by=cast.ben)
        with clinic_scope(cast.clinic.pk):         # rows are seen only inside a scope
            ...

In a test of real commits call `make_cast()` inside `committed_db`.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from uuid import UUID, uuid5

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from stillroom.clinics.displays import DISPLAY_COOKIE, TAKEN_OVER
from stillroom.clinics.models import Clinic, Display, Person, Role, Room, SecondSigner, Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.core.safety.screening import QUESTIONS
from stillroom.patients.consents import Signing, note_own_paper, sign, texts_in_force
from stillroom.patients.models import AllergyStatement, Answer, Consent, HistoryAnswer, Patient, Weight

SPACE = UUID("8a3f4c1e-5b0d-4e57-9a5c-6f1f0c2b7e11")
PASSWORD = "five quiet rooms by the river"
DISPLAY_KEY = "the key of the display in room 1"
LONG_AGO = date(2020, 1, 1)


@dataclass(frozen=True)
class Cast:
    """Two clinics and everybody in them. Names are invented, and so are the addresses: `.test` never resolves."""

    clinic: Clinic
    room: Room
    display: Display
    ada: Person  # prescriber
    nan: Person  # nurse anaesthetist
    ben: Person  # nurse
    fay: Person  # front desk
    tom: Person  # technician
    pia: Person  # library approver
    ann: Person  # administrator
    edi: Person  # editor
    sig: Person  # second signer, a colleague outside
    lea: Person  # was a nurse here, and left
    pat: Person  # a patient
    kim: Person  # another patient of the same clinic
    patient: Patient  # who Pat is here
    neighbour: Patient  # who Kim is here
    other_clinic: Clinic
    other_room: Room
    cleo: Person  # nurse, and only in the other clinic
    other_patient: Patient


STAFF = {
    "ada": Role.PRESCRIBER,
    "nan": Role.NURSE_ANAESTHETIST,
    "ben": Role.NURSE,
    "fay": Role.FRONT_DESK,
    "tom": Role.TECHNICIAN,
    "pia": Role.LIBRARY_APPROVER,
    "ann": Role.ADMINISTRATOR,
    "edi": Role.EDITOR,
}
NAMES = {
    "ada": "Ada Okafor",
    "nan": "Nan Lindqvist",
    "ben": "Ben Osei",
    "fay": "Fay Moreau",
    "tom": "Tom Reyes",
    "pia": "Pia Novak",
    "ann": "Ann Castellan",
    "edi": "Edi Brandt",
    "sig": "Sig Halloran",
    "lea": "Lea Winter",
    "pat": "Pat Example",
    "kim": "Kim Example",
    "cleo": "Cleo Farrow",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def make_cast() -> Cast:
    people = {key: _join(key, name) for key, name in NAMES.items()}
    return Cast(**people, **_own_clinic(people), **_other_clinic(people))


def signed_in(person: Person, *, recently: bool = True) -> Client:
    """A browser in which a person signed in: just now, or hours ago, when signing asks for more."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.session
    at = time.time() - (0 if recently else 6 * 3600)
    session["account_authentication_methods_user"] = str(person.pk)
    session["account_authentication_methods"] = [{"method": "password", "at": at, "reauthenticated": True}]
    session.save()
    return client


def at_display(cast: Cast, *, taken_by: Person | None = None) -> Client:
    """The browser of the enrolled display in the room, and perhaps who took it over with a PIN."""
    client = Client()
    client.cookies[DISPLAY_COOKIE] = f"{cast.clinic.pk}.{cast.display.pk}.{DISPLAY_KEY}"
    if taken_by:
        with clinic_scope(cast.clinic.pk):
            staff = Staff.objects.get(person=taken_by)
        session = client.session
        session[TAKEN_OVER] = {"staff": str(staff.pk), "display": str(cast.display.pk), "at": time.time()}
        session.save()
    return client


def consents(patient: Patient, *, witness: Person) -> None:
    """Signed long ago, the text in force or a paper of the clinic's own: what every start asks for. In a scope."""
    long_ago = datetime(2026, 1, 5, 9, tzinfo=UTC)
    signing = Signing(name=str(patient), how=Consent.How.PAPER, by=f"person:{witness.pk}", at=long_ago, witness=witness)
    text = texts_in_force(patient.clinic_id).get("en")
    if text:
        sign(patient, text, signing)
    else:
        note_own_paper(patient, "of January 2026", signing)


def an_id(name: str) -> UUID:
    """The same name is the same id in every run: tables and messages stay readable."""
    return uuid5(SPACE, name)


def _join(key: str, name: str) -> Person:
    return Person.objects.create(
        pk=an_id(key), email=f"{key}@clinic.test", display_name=name, password=_hashed_password()
    )


@cache
def _hashed_password() -> str:
    return make_password(PASSWORD)


def _own_clinic(people: dict[str, Person]) -> dict[str, object]:
    clinic_id = an_id("clinic")
    with clinic_scope(clinic_id):
        clinic = Clinic.objects.create(
            pk=clinic_id,
            name="Alder Clinic",
            time_zone="Europe/Dublin",
            phone="+000 1",
            opens_door_stay_until_clear=True,
        )
        room = Room.objects.create(pk=an_id("room"), clinic=clinic, name="Room 1")
        for key, role in STAFF.items():
            _employ(clinic, people[key], role)
        _employ(clinic, people["lea"], Role.NURSE, until=timezone.localdate() - timedelta(days=2))
        SecondSigner.objects.create(
            clinic=clinic,
            person=people["sig"],
            position=SecondSigner.Position.COLLEAGUE_OUTSIDE,
            named_by=people["ann"],
        )
        digest = hashlib.sha256(DISPLAY_KEY.encode()).hexdigest()
        display = Display.objects.create(
            pk=an_id("display"), clinic=clinic, room=room, name="Tablet 1", key_digest=digest, enrolled_by=people["tom"]
        )
        patient = _admit(clinic, "patient", people["pat"])
        neighbour = _admit(clinic, "neighbour", people["kim"])
        for each in (patient, neighbour):
            screened(each, people["ben"])
        Weight.objects.create(clinic=clinic, patient=patient, weight_kg="70.00", measured_by=people["ben"])
        AllergyStatement.objects.create(clinic=clinic, patient=patient, is_none_known=True, stated_by=people["ben"])
        for each in (patient, neighbour):
            consents(each, witness=people["ben"])
    return {"clinic": clinic, "room": room, "display": display, "patient": patient, "neighbour": neighbour}


def _other_clinic(people: dict[str, Person]) -> dict[str, object]:
    clinic_id = an_id("other clinic")
    with clinic_scope(clinic_id):
        clinic = Clinic.objects.create(pk=clinic_id, name="Birch Clinic", time_zone="Europe/Lisbon")
        room = Room.objects.create(pk=an_id("other room"), clinic=clinic, name="Room 1")
        _employ(clinic, people["cleo"], Role.NURSE)
        patient = _admit(clinic, "other patient", None)
        screened(patient, people["cleo"])
    return {"other_clinic": clinic, "other_room": room, "other_patient": patient}


def _employ(clinic: Clinic, person: Person, role: Role, until: date | None = None) -> None:
    given, family = person.display_name.split()
    short_name = f"{given[0]}. {family}"
    Staff.objects.create(
        pk=an_id(f"{person} {role}"), clinic=clinic, person=person, role=role, short_name=short_name,
        from_date=LONG_AGO, until_date=until,
    )  # fmt: skip


def screened(patient: Patient, by: Person, **said: str) -> None:
    """Everything that speaks against ketamine was asked, with a no where `said` says nothing else."""
    HistoryAnswer.objects.bulk_create(
        HistoryAnswer(
            clinic=patient.clinic, patient=patient, question=question, said=said.get(question, Answer.NO),
            told_by="the patient", stated_by=by,
        )
        for question in QUESTIONS
    )  # fmt: skip


def nobody_asked(cast: Cast) -> Cast:
    """The same people with another patient, of whom the record knows nothing yet."""
    with clinic_scope(cast.clinic.pk):
        return replace(cast, patient=_admit(cast.clinic, "new patient", None))


def _admit(clinic: Clinic, key: str, person: Person | None) -> Patient:
    given_name = person.display_name[:3] if person else "Otto"
    return Patient.objects.create(
        pk=an_id(key), clinic=clinic, person=person, identifier=f"T-{key}", given_name=given_name,
        family_name="Example", birth_date=date(1984, 5, 17), sex=Patient.Sex.FEMALE, height_cm="168.0",
    )  # fmt: skip
