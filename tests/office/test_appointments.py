"""Appointments at the desk: made, refused with the reason on the page, cancelled; and which rooms are private."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from stillroom.clinics.models import Room, SecondSigner
from stillroom.clinics.rows import clinic_scope
from stillroom.schedule.models import Appointment
from tests.cast import Cast, signed_in

IN_A_WEEK = timezone.localdate() + timedelta(days=7)


@pytest.fixture
def fay(cast: Cast) -> Client:
    return signed_in(cast.fay)


def asked(cast: Cast, **other: object) -> dict[str, object]:
    return {"day": f"{IN_A_WEEK:%d.%m.%Y}", "clock": "09:30", "length_min": "120", "room": cast.room.pk, **other}


def appointments(cast: Cast) -> list[Appointment]:
    with clinic_scope(cast.clinic.pk):
        return list(Appointment.objects.standing())


def shared_room(cast: Cast) -> Room:
    with clinic_scope(cast.clinic.pk):
        return Room.objects.create(clinic=cast.clinic, name="Hall", is_private=False)


def test_the_front_desk_makes_an_appointment_by_the_clinics_clock(cast: Cast, fay: Client) -> None:
    fay.post(f"/office/patients/{cast.patient.pk}/appointment/", asked(cast))
    (made,) = appointments(cast)
    assert made.starts_at == datetime.combine(IN_A_WEEK, time(9, 30), ZoneInfo("Europe/Dublin"))
    assert made.ends_at - made.starts_at == timedelta(hours=2)
    assert "09:30" in fay.get(f"/office/patients/{cast.patient.pk}/").content.decode()
    assert str(cast.patient) in fay.get("/office/coming/").content.decode()


def test_why_a_room_cannot_hold_an_infusion_stands_on_the_page(cast: Cast, fay: Client) -> None:
    hall = shared_room(cast)
    address = f"/office/patients/{cast.patient.pk}/appointment/"
    assert "Hall: not private, so no infusion can be held there" in fay.get(address).content.decode()
    answer = fay.post(address, asked(cast, room=hall.pk))
    assert answer.status_code == 422
    assert "another patient could see or hear" in answer.content.decode()
    assert appointments(cast) == []


def test_a_taken_room_is_said_without_a_name(cast: Cast, fay: Client) -> None:
    fay.post(f"/office/patients/{cast.patient.pk}/appointment/", asked(cast), follow=True)
    page = fay.post(f"/office/patients/{cast.neighbour.pk}/appointment/", asked(cast, clock="10:00")).content.decode()
    assert "Room 1 is taken from 09:30 to 11:30" in page
    assert str(cast.patient) not in page


@pytest.mark.parametrize(
    "typed", [{"day": "1 January 2020"}, {"clock": "25:00"}, {"clock": "9"}, {"length_min": "1,5"}, {"room": ""}]
)
def test_what_cannot_be_is_asked_again(cast: Cast, fay: Client, typed: dict[str, object]) -> None:
    assert fay.post(f"/office/patients/{cast.patient.pk}/appointment/", asked(cast, **typed)).status_code == 422
    assert appointments(cast) == []


def test_a_cancelled_appointment_says_why_and_frees_the_room(cast: Cast, fay: Client) -> None:
    fay.post(f"/office/patients/{cast.patient.pk}/appointment/", asked(cast))
    address = f"/office/appointments/{appointments(cast)[0].pk}/cancel/"
    assert fay.post(address, {"because": ""}).status_code == 422
    fay.post(address, {"because": "has a cold"})
    assert appointments(cast) == []
    assert fay.post(f"/office/patients/{cast.neighbour.pk}/appointment/", asked(cast)).status_code == 302


def test_a_room_in_which_somebody_is_expected_stays_private(cast: Cast, fay: Client) -> None:
    ann = signed_in(cast.ann)
    fay.post(f"/office/patients/{cast.patient.pk}/appointment/", asked(cast))
    answer = ann.post(f"/office/rooms/{cast.room.pk}/privacy/", follow=True)
    assert "Patients are expected in Room 1" in answer.content.decode()
    with clinic_scope(cast.clinic.pk):
        assert Room.objects.get(pk=cast.room.pk).is_private


def test_the_administrator_adds_a_room_and_says_whether_it_is_private(cast: Cast) -> None:
    ann = signed_in(cast.ann)
    ann.post("/office/rooms/", {"name": "Hall"})
    ann.post("/office/rooms/", {"name": "Room 9", "is_private": "on"})
    assert ann.post("/office/rooms/", {"name": "Room 9"}).status_code == 422
    with clinic_scope(cast.clinic.pk):
        hall, nine = Room.objects.get(name="Hall"), Room.objects.get(name="Room 9")
    assert (hall.is_private, nine.is_private) == (False, True)
    ann.post(f"/office/rooms/{nine.pk}/privacy/")
    with clinic_scope(cast.clinic.pk):
        assert not Room.objects.get(name="Room 9").is_private


SECOND = {"email": "ray@clinic.test", "display_name": "Ray Quill", "position": "pharmacist"}


def test_a_second_signer_is_named_and_ended_on_the_page(cast: Cast) -> None:
    ann = signed_in(cast.ann)
    ann.post("/office/staff/second/", SECOND)
    with clinic_scope(cast.clinic.pk):
        signer = SecondSigner.objects.get(person__email="ray@clinic.test", ended_at=None)
    assert "Ray Quill" in ann.get("/office/staff/").content.decode()
    assert signed_in(signer.person).get("/office/library/").status_code == 200
    ann.post(f"/office/staff/second/{signer.pk}/end/")
    assert signed_in(signer.person).get("/office/library/").status_code == 403


def test_nobody_names_themselves_as_the_second(cast: Cast) -> None:
    answer = signed_in(cast.ann).post("/office/staff/second/", {**SECOND, "email": cast.ann.email})
    assert answer.status_code == 422
    assert "somebody else" in answer.content.decode()
