"""Rooms with a patient each, planned now, or so long ago that the times of waiting are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.order import Order
from stillroom.patients.models import Patient
from tests.bedside.house import House, planned
from tests.cast import Cast, consents, screened
from tests.examples import ORDER

NAMES = ("Nora Ellery", "Tobias Quill", "Ines Marlow", "Ruth Calder", "Oskar Wynn", "Mina Farrow", "Karl Ostend")
_numbers = count(1)


def a_room(cast: Cast, *, ago: timedelta = timedelta(0), order: Order = ORDER) -> House:
    """A new room of the clinic, and somebody's infusion in it, signed and planned; nobody asked for allergies yet."""
    number = next(_numbers)
    given, family = NAMES[number % len(NAMES)].split()
    with clinic_scope(cast.clinic.pk):
        room = Room.objects.create(clinic=cast.clinic, name=f"Room {number + 1}")
        patient = Patient.objects.create(
            clinic=cast.clinic, identifier=f"E-{number}", given_name=given, family_name=family,
            birth_date=date(1985, 5, 4),
        )  # fmt: skip
        consents(patient, witness=cast.ben)
        screened(patient, cast.ben)
    return planned(replace(cast, room=room, patient=patient), ago=ago, order=order)


CLEAR = e.RecoveryChecked(
    awake=e.Awake.ALERT, oriented=True, breathing_steady=True, on_feet=e.OnFeet.STEADY, vomiting=False,
    on_room_air=True, effects_gone=True, sbp_mmhg=120, dbp_mmhg=76, pulse_per_min=66, spo2_percent=98,
)  # fmt: skip


def has_come_back(house: House) -> House:
    """A drip of forty minutes that ended 75 minutes ago, and one check 30 minutes ago; the rest is left to do."""
    house.start()
    house.ago = timedelta(minutes=75)
    house.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), house.ben)
    house.ago = timedelta(minutes=30)
    house.ask(c.CheckRecovery(check=CLEAR), house.ben)
    house.ago = timedelta(0)
    return house
