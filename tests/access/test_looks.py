"""Every page that shows something of a patient to staff writes down who looked, at whom, and on which page."""

from __future__ import annotations

import io

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.http.cookie import SimpleCookie
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from stillroom.clinics.rows import clinic_scope
from stillroom.patients.models import Look
from tests.access.addresses import Address, addresses
from tests.access.asking import House
from tests.access.ids import ids_for
from tests.cast import Cast

STAFF = ("display", "nurse at display", "prescriber", "front desk", "technician", "administrator")

PAT, KIM = ("Quincy", "Zephyrine"), ("Yorick", "Xanthis")


@pytest.fixture
def house(cast: Cast) -> House:
    """Whose names no other word of a page contains."""
    house = House(cast)
    with clinic_scope(cast.clinic.pk):
        for patient, (given_name, family_name) in ((cast.patient, PAT), (cast.neighbour, KIM)):
            patient.given_name, patient.family_name = given_name, family_name
            patient.save()
    for address in addresses():
        ids_for(address, cast, house._made)  # made before anybody looks
    return house


def test_who_shows_a_patient_writes_a_look(cast: Cast, house: House) -> None:
    """Asked of every address as staff of every kind: a page with the name or initials on it leaves a row."""
    shown, unseen = set(), []
    for address in (each for each in addresses() if each.view.__module__.startswith("stillroom.")):
        for caller in STAFF:
            names, looked = _asked(house, address, caller)
            if names:
                shown.add(address.name)
            unseen += [f"{address.name} as {caller} showed {name}" for name in names - looked]
    assert {"bedside:room", "bedside:board", "bedside:chart", "office:today"} <= shown
    assert unseen == []


def _asked(house: House, address: Address, caller: str) -> tuple[set[str], set[str]]:
    """Whose names an answer holds, and at whom a look was written down for this very page."""
    cast = house.cast
    patients = {patient.given_name: patient.pk for patient in (cast.patient, cast.neighbour)}
    browser = Client(raise_request_exception=False)
    browser.cookies = SimpleCookie(house.browsers[caller].output(header="", sep=";"))
    own = ids_for(address, cast, house._made)[0]
    with transaction.atomic():
        before = _looks(cast, address)
        answer = browser.get(reverse(address.name, kwargs=own))
        new = _looks(cast, address) - before
        transaction.set_rollback(True)
    text = _text(answer) if answer.status_code == 200 else ""
    names = {given for given, family in (PAT, KIM) if _is_named(text, given, family)}
    return names, {name for name, pk in patients.items() if pk in {patient for _, patient in new}}


def _is_named(text: str, given: str, family: str) -> bool:
    return any(mark in text for mark in (given, family, f"{given[0]}. {family[0]}."))


def _looks(cast: Cast, address: Address) -> set[tuple[int, object]]:
    with clinic_scope(cast.clinic.pk):
        return set(Look.objects.filter(what=address.name).values_list("pk", "patient_id"))


def _text(answer: HttpResponse) -> str:
    if answer.streaming:
        return ""
    if answer.headers.get("Content-Type") == "application/pdf":
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return answer.content.decode(errors="replace")
