"""The first day reads the truth, step by step; and a rehearsal is fenced off from what is real."""

from __future__ import annotations

import json
import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Clinic, Person, Role, Room, SecondSigner, Staff
from stillroom.clinics.rows import clinic_ids, clinic_scope, real_clinic_ids
from stillroom.infusions.append import open_infusion
from stillroom.infusions.models import Infusion
from stillroom.office.first_day import NEEDED
from stillroom.office.rehearsing import rehearsal_id
from stillroom.patients.models import ConsentText, Patient
from stillroom.protocols.library import approve, digest, draft_from_template
from stillroom.protocols.models import LibraryVersion, Protocol, ProtocolVersion
from stillroom.protocols.signing import draft, sign
from tests.cast import Cast, an_id, signed_in
from tests.examples import ORDER


@pytest.fixture
def new(db: None) -> Clinic:
    """A clinic as `stillroom init` leaves it, but for its room."""
    with clinic_scope(an_id("new")):
        clinic = Clinic.objects.create(pk=an_id("new"), name="Elm House", time_zone="Europe/Vienna")
        eve = Person.objects.create(pk=an_id("eve"), email="eve@clinic.test", display_name="Eve", password="!")
        employed(clinic, eve, Role.ADMINISTRATOR)
        draft_from_template(clinic, eve)
    return clinic


def employed(clinic: Clinic, person: Person, role: Role) -> None:
    Staff.objects.create(
        clinic=clinic, person=person, role=role, short_name=person.display_name, from_date="2020-01-01"
    )


def somebody(key: str) -> Person:
    return Person.objects.create(email=f"{key}@clinic.test", display_name=key.title(), password="!")


def done(page: str) -> list[str]:
    found = re.findall(r'id="step-(\w+)">(.*?)</li>', page, re.DOTALL)
    return [code for code, step in found if ">Done<" in step]


def test_each_step_is_done_when_it_is_so_and_not_before(new: Clinic) -> None:
    eve = Person.objects.get(email="eve@clinic.test")
    browser = signed_in(eve)
    assert browser.get("/").headers["Location"] == "/office/first-day/"

    def now_done() -> list[str]:
        return done(browser.get("/office/first-day/").text)

    assert now_done() == []
    with clinic_scope(new.pk):
        Room.objects.create(clinic=new, name="Hall", is_private=False)
    assert now_done() == []
    with clinic_scope(new.pk):
        Room.objects.create(clinic=new, name="Room 1")
        employed(new, eve, Role.PRESCRIBER)
    assert now_done() == ["rooms", "prescriber"]
    ben, sig = somebody("ben"), somebody("sig")
    with clinic_scope(new.pk):
        employed(new, ben, Role.NURSE)
    assert now_done() == ["rooms", "prescriber", "bedside"]
    with clinic_scope(new.pk):
        SecondSigner.objects.create(clinic=new, person=sig, position="pharmacist", named_by=eve)
        library = LibraryVersion.objects.get()
    assert now_done() == ["rooms", "prescriber", "bedside", "second"]
    with clinic_scope(new.pk):
        approve(library, Actor(Proof.SIGN_IN, sig, new, frozenset({"second_signer"})), seen_digest=digest(library))
        actor = Actor(Proof.SIGN_IN, eve, new, frozenset({Role.PRESCRIBER}))
        version = draft(Protocol.objects.create(clinic=new, name="Usual"), ORDER, actor)
        sign(version, actor, seen_digest=version.digest)
        ConsentText.objects.create(
            clinic=new, number=1, words="What it is.", written_by=eve, approved_by=sig, approved_at=timezone.now()
        )
    assert now_done() == [code for code in NEEDED if code != "trial"]
    browser.post("/office/rehearsal/go/")
    with clinic_scope(rehearsal_id(new)):
        a_trial_infusion(rehearsal_id(new))
    browser.post("/office/rehearsal/leave/")
    page = browser.get("/office/first-day/").text
    assert done(page) == [*NEEDED]
    assert "First day</a>" not in page
    assert browser.get("/").headers["Location"] != "/office/first-day/"


def a_trial_infusion(clinic_id: UUID) -> None:
    """Its summary row is enough here."""
    patient, room = Patient.objects.get(), Room.objects.filter(is_private=True)[0]
    infusion = an_id("trial")
    open_infusion(infusion_id=infusion, clinic_id=clinic_id, patient_id=patient.pk, room_id=room.pk)
    with connection.cursor() as cursor:
        said = {"patient_id": str(patient.pk), "status": "ended", "rate_ml_per_h": "0"}
        said["started_at"] = timezone.now().isoformat()
        summary = json.dumps(said | {"is_in_doubt": False, "open_alarms": 0})
        cursor.execute(
            "SELECT append_entries(%s, 0, %s, 'X', 'system:x', NULL, 0, '0', now(), NULL, '', '[]', NULL, %s)",
            [infusion, an_id("act"), summary],
        )


def test_nobody_else_has_a_first_day(cast: Cast) -> None:
    assert "First day</a>" in signed_in(cast.ann).get("/office/rooms/").text
    assert "First day</a>" not in signed_in(cast.ada).get("/office/").text


@pytest.fixture
def ready(cast: Cast) -> Client:
    """Ben's clinic has an approved library and a signed protocol; he has gone to the rehearsal."""
    with clinic_scope(cast.clinic.pk):
        version = draft_from_template(cast.clinic, cast.ada)
        approve(
            version,
            Actor(Proof.SIGN_IN, cast.pia, cast.clinic, frozenset({Role.LIBRARY_APPROVER})),
            seen_digest=digest(version),
        )
        ada = Actor(Proof.SIGN_IN, cast.ada, cast.clinic, frozenset({Role.PRESCRIBER}))
        protocol = draft(Protocol.objects.create(clinic=cast.clinic, name="Usual"), ORDER, ada)
        sign(protocol, ada, seen_digest=protocol.digest)
    browser = signed_in(cast.ben)
    assert browser.post("/office/rehearsal/go/").status_code == 302
    return browser


def test_a_rehearsal_has_the_clinics_people_rooms_library_and_protocols_and_nobody_real(
    cast: Cast, ready: Client
) -> None:
    with clinic_scope(rehearsal_id(cast.clinic)):
        library = LibraryVersion.objects.in_force(timezone.now())
        assert library is not None
        assert digest(library) == library.digest
        assert (library.drafted_by, library.approved_by) == (cast.ada, cast.pia)
        assert ProtocolVersion.objects.get().signed_by == cast.ada
        assert [str(each) for each in Patient.objects.all()] == ["Trial Run"]
        assert [each.name for each in Room.objects.all()] == ["Room 1"]
    page = ready.get("/office/patients/").text
    assert "Rehearsal: nothing here is real" in page
    assert "Trial" in page
    assert "Example" not in page
    assert ready.get(f"/office/patients/{cast.patient.pk}/").status_code == 404


def test_nothing_of_it_is_in_the_clinic_and_going_back_is_one_press(cast: Cast, ready: Client) -> None:
    ready.post("/office/rehearsal/leave/")
    page = ready.get("/office/patients/").text
    assert "Rehearsal: nothing here is real" not in page
    assert "Trial" not in page
    with clinic_scope(cast.clinic.pk):
        assert not Patient.objects.filter(family_name="Run").exists()
        assert not Infusion.objects.exists()


def test_going_there_again_changes_nothing_and_brings_who_is_new(cast: Cast, ready: Client) -> None:
    ready.post("/office/rehearsal/leave/")
    with clinic_scope(cast.clinic.pk):
        Staff.objects.filter(person=cast.nan).update(until_date="2020-02-01")
        Room.objects.create(clinic=cast.clinic, name="Room 9")
    ready.post("/office/rehearsal/go/")
    with clinic_scope(rehearsal_id(cast.clinic)):
        assert Patient.objects.count() == LibraryVersion.objects.count() == ProtocolVersion.objects.count() == 1
        assert Room.objects.filter(name="Room 9").exists()
        assert str(Staff.objects.get(person=cast.nan).until_date) == "2020-02-01"


def test_who_works_in_one_clinic_and_its_rehearsal_is_not_asked_where(cast: Cast, ready: Client) -> None:
    ada = signed_in(cast.ada)
    assert ada.get("/office/patients/").status_code == 200
    assert "Example" in ada.get("/office/patients/").text


def test_a_rehearsal_is_not_counted_where_one_clinic_is_looked_for(cast: Cast, ready: Client) -> None:
    assert rehearsal_id(cast.clinic) in clinic_ids()
    assert set(real_clinic_ids()) == {cast.clinic.pk, cast.other_clinic.pk}


def test_a_nurse_elsewhere_rehearses_only_her_own_clinic(cast: Cast, ready: Client) -> None:
    cleo = signed_in(cast.cleo)
    cleo.post("/office/rehearsal/go/")
    with clinic_scope(rehearsal_id(cast.clinic)):
        assert not Staff.objects.filter(person=cast.cleo).exists()
