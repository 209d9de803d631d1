"""Who is who in the invented clinic. Everything here can be told from real at a glance.

Names end with "(invented)", telephones are of the numbers kept free for fiction (555-01..), addresses are of
example.org, which is kept for examples (RFC 2606), and identifiers begin with DEMO.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from stillroom.clinics.models import Role
from stillroom.patients.models import Answer, Patient
from stillroom.rehearsal.patient import Resting, SimulatedPatient

CLINIC_NAME = "Quiet Harbour Clinic (invented)"
CLINIC_PHONE = "555-0100"
AFTER_HOURS_PHONE = "555-0199"
ROOMS = ("Room 1", "Room 2", "Room 3", "Room 4")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff. `key` is what the rest of the story calls them."""

    key: str
    display_name: str
    short_name: str
    role: Role

    @property
    def email(self) -> str:
        return f"{self.key}@example.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """A patient. `allergies` of None: nobody has asked."""

    identifier: str
    given_name: str
    family_name: str
    birth_date: date
    sex: Patient.Sex
    height_cm: Decimal
    weight_kg: Decimal
    allergies: tuple[str, ...] | None
    motion_sickness: Answer
    body: SimulatedPatient

    @property
    def email(self) -> str:
        return f"{self.given_name}.{self.family_name.split()[0]}@example.org".lower()


COLLEAGUES = (
    Colleague("varga", "Dr A. Varga (invented)", "Dr Varga", Role.PRESCRIBER),
    Colleague("osei", "R. Osei (invented)", "R. Osei", Role.NURSE),
    Colleague("lind", "T. Lind (invented)", "T. Lind", Role.NURSE),
    Colleague("desk", "P. Moss (invented)", "P. Moss", Role.FRONT_DESK),
    Colleague("technician", "K. Brandt (invented)", "K. Brandt", Role.TECHNICIAN),
    Colleague("approver", "L. Novak (invented)", "L. Novak", Role.LIBRARY_APPROVER),
    Colleague("administrator", "B. Castell (invented)", "B. Castell", Role.ADMINISTRATOR),
    Colleague("editor", "E. Winter (invented)", "E. Winter", Role.EDITOR),
    Colleague("faber", "N. Faber (invented)", "N. Faber", Role.EDITOR),
)

VALE = Invented(
    identifier="DEMO-1001",
    given_name="Jonas",
    family_name="Vale (invented)",
    birth_date=date(1979, 9, 17),
    sex=Patient.Sex.MALE,
    height_cm=Decimal(181),
    weight_kg=Decimal("78.5"),
    allergies=(),
    motion_sickness=Answer.NO,
    body=SimulatedPatient(seed=1001, resting=Resting(sbp_mmhg=124, dbp_mmhg=78, pulse_per_min=64), pressure_gain=1.2),
)
ALDER = Invented(
    identifier="DEMO-1002",
    given_name="Marta",
    family_name="Alder (invented)",
    birth_date=date(1985, 5, 4),
    sex=Patient.Sex.FEMALE,
    height_cm=Decimal(168),
    weight_kg=Decimal("70.0"),
    allergies=(),
    motion_sickness=Answer.YES,
    body=SimulatedPatient(seed=1002, resting=Resting(sbp_mmhg=117, dbp_mmhg=73, pulse_per_min=69), perception_gain=1.5),
)
PENROSE = Invented(
    identifier="DEMO-1003",
    given_name="Silas",
    family_name="Penrose (invented)",
    birth_date=date(1968, 2, 21),
    sex=Patient.Sex.MALE,
    height_cm=Decimal(176),
    weight_kg=Decimal("82.0"),
    allergies=("penicillin: rash",),
    motion_sickness=Answer.NO,
    body=SimulatedPatient(seed=1003, resting=Resting(sbp_mmhg=119, dbp_mmhg=75, pulse_per_min=66), perception_gain=1.2),
)
HALDANE = Invented(
    identifier="DEMO-1004",
    given_name="Noor",
    family_name="Haldane (invented)",
    birth_date=date(1993, 11, 30),
    sex=Patient.Sex.FEMALE,
    height_cm=Decimal(164),
    weight_kg=Decimal("61.5"),
    allergies=None,
    motion_sickness=Answer.NOT_ASKED,
    body=SimulatedPatient(seed=1004, resting=Resting(sbp_mmhg=110, dbp_mmhg=69, pulse_per_min=72)),
)
CORRAN = Invented(
    identifier="DEMO-1005",
    given_name="Ilse",
    family_name="Corran (invented)",
    birth_date=date(1974, 6, 8),
    sex=Patient.Sex.FEMALE,
    height_cm=Decimal(171),
    weight_kg=Decimal("66.0"),
    allergies=(),
    motion_sickness=Answer.NO,
    body=SimulatedPatient(seed=1005, resting=Resting(sbp_mmhg=121, dbp_mmhg=76, pulse_per_min=68)),
)
MARSH = Invented(
    identifier="DEMO-1006",
    given_name="Teo",
    family_name="Marsh (invented)",
    birth_date=date(1988, 1, 19),
    sex=Patient.Sex.MALE,
    height_cm=Decimal(184),
    weight_kg=Decimal("88.0"),
    allergies=None,
    motion_sickness=Answer.NOT_ASKED,
    body=SimulatedPatient(seed=1006, resting=Resting(sbp_mmhg=128, dbp_mmhg=80, pulse_per_min=70)),
)
PATIENTS = (VALE, ALDER, PENROSE, HALDANE, CORRAN, MARSH)
NEW_HERE = (HALDANE, MARSH)
"""They come for the first time: not asked yet, and nothing signed."""


def body_of(identifier: str) -> SimulatedPatient:
    """How a patient answers to the drug: as the story has it, or as a mean person with signs of their own."""
    told = next((each.body for each in PATIENTS if each.identifier == identifier), None)
    return told or SimulatedPatient(seed=sum(identifier.encode()))
