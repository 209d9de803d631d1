"""Rooms with a patient each, planned, and an order whose times of waiting a test can live through."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count

from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.patients.models import Patient
from tests.bedside.house import House, planned
from tests.cast import Cast

NAMES = ("Nora Ellery", "Tobias Quill", "Ines Marlow", "Ruth Calder", "Oskar Wynn", "Mina Farrow", "Karl Ostend")
_numbers = count(1)


def a_room(cast: Cast) -> House:
    """A new room of the clinic, and somebody's infusion in it, signed and planned; nobody asked for allergies yet."""
    number = next(_numbers)
    given, family = NAMES[number % len(NAMES)].split()
    with clinic_scope(cast.clinic.pk):
        room = Room.objects.create(clinic=cast.clinic, name=f"Room {number + 1}")
        patient = Patient.objects.create(
            clinic=cast.clinic, identifier=f"E-{number}", given_name=given, family_name=family,
            birth_date=date(1985, 5, 4),
        )  # fmt: skip
    return planned(replace(cast, room=room, patient=patient))
