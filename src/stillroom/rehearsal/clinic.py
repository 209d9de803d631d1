"""The invented clinic: rooms, people, monitors, an approved drug library and signed protocols, made as any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Clinic, Person, Room, Staff
from stillroom.core.infusion.commands import Author
from stillroom.core.order import (
    UNSIGNED_OBSERVATION,
    Antiemetic,
    BagOrder,
    Delivery,
    Door,
    Intervals,
    Order,
    StartLimits,
    WatchLimits,
)
from stillroom.core.safety import Limits
from stillroom.core.safety.screening import QUESTIONS
from stillroom.devices.assignments import assign
from stillroom.devices.models import Monitor
from stillroom.exchange.signing import make_key
from stillroom.patients.consents import Signing, template_words, texts_in_force
from stillroom.patients.consents import sign as sign_consent
from stillroom.patients.models import AllergyStatement, Answer, Consent, ConsentText, HistoryAnswer, Patient
from stillroom.protocols.library import approve, digest, draft_from_template, limits_in_force
from stillroom.protocols.models import Protocol, ProtocolVersion
from stillroom.protocols.signing import draft, sign
from stillroom.rehearsal.dialects import DIALECTS
from stillroom.rehearsal.people import (
    AFTER_HOURS_PHONE,
    CLINIC_NAME,
    CLINIC_PHONE,
    COLLEAGUES,
    NEW_HERE,
    PATIENTS,
    ROOMS,
    Colleague,
    Invented,
)

OPENED = timedelta(days=200)
SCREENED = (timedelta(days=86), timedelta(days=20))
HERE = "127.0.0.1"
MONITORS_IN = ("Room 2", "Room 3")

ORDER = Order(
    dose_mg_per_kg=Decimal("0.5"),
    duration_min=Decimal(40),
    bag=BagOrder(
        vial_mg_per_ml=Decimal(50),
        fluid_volume_ml=Decimal(100),
        overfill_ml=Decimal(0),
        makes_room=True,
        syringe_step_ml=Decimal("0.01"),
    ),
    delivery=Delivery(line_volume_ml=Decimal(15), drops_per_ml=20),
    highest_rate_mg_per_kg_per_h=Decimal("0.9"),
    start_limits=StartLimits(hold_sbp_mmhg=160, hold_dbp_mmhg=100, no_start_sbp_mmhg=180, no_start_dbp_mmhg=110),
    watch_limits=WatchLimits(
        spo2_low_percent=92,
        sbp_high_mmhg=180,
        dbp_high_mmhg=110,
        sbp_low_mmhg=90,
        pulse_high_per_min=130,
        pulse_low_per_min=45,
        resp_low_per_min=10,
    ),
    intervals=Intervals(
        pressure_every_min=5,
        watched_every_min=10,
        recovery_check_every_min=15,
        clear_checks_apart_min=15,
        stay_at_least_min=60,
        preflight_good_for_min=60,
        vitals_good_for_min=15,
    ),
    doors=(Door.WITH_ADULT, Door.WHEN_CLEAR),
    second_check=True,
    may_start=("prescriber", "nurse"),
    antiemetic=Antiemetic(name="Ondansetron", dose_mg=Decimal(4), before_start=False),
    observation=UNSIGNED_OBSERVATION,
)
"""The usual infusion, 0.5 mg/kg over 40 min (Sanacora G et al. JAMA Psychiatry 2017;74:399). The rest is invented."""

USUAL = (Decimal("0.5"), Decimal(40))
LITTLE_MORE = (Decimal("0.55"), Decimal(44))
LONGER = (Decimal("0.6"), Decimal(50))
DOSES = {"Usual infusion": USUAL, "A little more": LITTLE_MORE, "Longer infusion": LONGER}


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the story needs to hand."""

    clinic: Clinic
    rooms: Mapping[str, Room]
    people: Mapping[str, Person]
    patients: Mapping[str, Patient]
    monitors: Mapping[str, Monitor]
    protocols: Mapping[tuple[Decimal, Decimal], ProtocolVersion]
    limits: Limits

    def author(self, key: str) -> Author:
        person = self.people[key].pk
        role = next(colleague.role for colleague in COLLEAGUES if colleague.key == key)
        return Author(by=f"person:{person}", role=role.value, person=person)


def open_clinic(clinic_id: UUID, *, now: datetime) -> House:
    """All of it, in a `clinic_scope` of `clinic_id`. Patients are weighed at their visits."""
    since = (now - OPENED).date()
    clinic = Clinic.objects.create(
        pk=clinic_id,
        name=CLINIC_NAME,
        time_zone=settings.TIME_ZONE,
        phone=CLINIC_PHONE,
        after_hours_phone=AFTER_HOURS_PHONE,
        opens_door_stay_until_clear=True,
    )
    make_key(settings.SIGNING_KEYS, clinic_id)
    rooms = {name: Room.objects.create(clinic=clinic, name=name) for name in ROOMS}
    people = {colleague.key: _employed(clinic, colleague, since) for colleague in COLLEAGUES}
    _approve_library(clinic, people)
    _approve_consent(clinic, people, now)
    return House(
        clinic=clinic,
        rooms=rooms,
        people=people,
        patients={each.identifier: _admitted(clinic, each, people["osei"], now) for each in PATIENTS},
        monitors=_placed_monitors(clinic, rooms, people["technician"], now),
        protocols=_signed_protocols(clinic, people["varga"]),
        limits=limits_in_force(drug="ketamine", vial_mg_per_ml=ORDER.bag.vial_mg_per_ml, at=_just_after(clinic)),
    )


def let_in(house: House, invented: Invented) -> None:
    """From now on this patient has an account, and reads their own record."""
    patient = house.patients[invented.identifier]
    patient.person = Person.objects.create_user(invented.email, display_name=str(patient))
    patient.save(update_fields=["person"])


def order_of(dose_mg_per_kg: Decimal, duration_min: Decimal) -> Order:
    return replace(ORDER, dose_mg_per_kg=dose_mg_per_kg, duration_min=duration_min)


def _employed(clinic: Clinic, colleague: Colleague, since: date) -> Person:
    person = Person.objects.create_user(colleague.email, display_name=colleague.display_name)
    Staff.objects.create(
        clinic=clinic, person=person, role=colleague.role, short_name=colleague.short_name, from_date=since
    )
    return person


def _admitted(clinic: Clinic, invented: Invented, nurse: Person, now: datetime) -> Patient:
    patient = Patient.objects.create(
        clinic=clinic,
        identifier=invented.identifier,
        given_name=invented.given_name,
        family_name=invented.family_name,
        birth_date=invented.birth_date,
        sex=invented.sex,
        height_cm=invented.height_cm,
        motion_sickness=invented.motion_sickness,
    )
    if invented.allergies is not None:
        AllergyStatement.objects.create(
            clinic=clinic,
            patient=patient,
            is_none_known=not invented.allergies,
            substances=list(invented.allergies),
            stated_at=now - OPENED / 2,
            stated_by=nurse,
        )
    if invented not in NEW_HERE:
        _consented(patient, nurse, now)
        _screened(patient, nurse, now)
    return patient


def _consented(patient: Patient, nurse: Person, now: datetime) -> None:
    """Who comes for the first time has not signed yet; the others did, on the clinic's tablet."""
    by, signed_at = f"person:{nurse.pk}", now - OPENED / 2
    signing = Signing(name=str(patient), how=Consent.How.TABLET, by=by, at=signed_at, witness=nurse)
    sign_consent(patient, texts_in_force(patient.clinic_id)["en"], signing)


def _approve_consent(clinic: Clinic, people: Mapping[str, Person], now: datetime) -> None:
    since = now - OPENED
    words = {"words": template_words().strip(), "written_by": people["varga"], "written_at": since}
    approved = {"approved_by": people["administrator"], "approved_at": since}
    ConsentText.objects.create(clinic=clinic, number=1, **words, **approved)


def _screened(patient: Patient, nurse: Person, now: datetime) -> None:
    """Asked twice, and every answer a no. Noor Haldane's answers are with her own part, which nobody has read."""
    HistoryAnswer.objects.bulk_create(
        HistoryAnswer(
            clinic=patient.clinic,
            patient=patient,
            question=question,
            said=Answer.NO,
            told_by="the patient, on the telephone",
            stated_at=now - ago,
            stated_by=nurse,
        )
        for ago in SCREENED
        for question in QUESTIONS
    )


def _placed_monitors(
    clinic: Clinic, rooms: Mapping[str, Room], technician: Person, now: datetime
) -> dict[str, Monitor]:
    """One for each dialect, each known by what it calls itself."""
    monitors = {}
    for dialect, room in zip(DIALECTS.values(), MONITORS_IN, strict=True):
        monitor = Monitor.objects.create(
            clinic=clinic,
            name=dialect.name,
            peers=[HERE],
            sending_application=dialect.sending_application,
            time_zone="" if dialect.says_offset else str(dialect.zone),
            interval_s=dialect.interval_s,
            cuff_interval_s=dialect.cuff_interval_s,
        )
        assign(monitor, rooms[room], at=now - OPENED, by=technician)
        monitors[room] = monitor
    return monitors


def _approve_library(clinic: Clinic, people: Mapping[str, Person]) -> None:
    version = draft_from_template(clinic, people["administrator"])
    approver = Actor(Proof.SIGN_IN, people["approver"], clinic, frozenset({"library_approver"}))
    approve(version, approver, seen_digest=digest(version))


def _just_after(clinic: Clinic) -> datetime:
    """The library counts from the moment it was approved."""
    effective_at = clinic.libraryversion_set.get().effective_at
    assert effective_at is not None
    return effective_at


def _signed_protocols(clinic: Clinic, prescriber: Person) -> dict[tuple[Decimal, Decimal], ProtocolVersion]:
    actor = Actor(Proof.SIGN_IN, prescriber, clinic, frozenset({"prescriber"}))
    signed = {}
    for name, amounts in DOSES.items():
        version = draft(Protocol.objects.create(clinic=clinic, name=name), order_of(*amounts), actor)
        signed[amounts] = sign(version, actor, seen_digest=version.digest)
    return signed
