"""Displays: enrolled once, recognised by their key, taken over with a PIN, and slow to be guessed at."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from stillroom.clinics.displays import DISPLAY_COOKIE, TAKEN_OVER, WRONG_TRIES, set_pin
from stillroom.clinics.models import Display, Room, Staff, Takeover
from stillroom.clinics.rows import clinic_scope
from tests.cast import DISPLAY_KEY, Cast, at_display, signed_in

pytestmark = pytest.mark.urls("tests.clinics.pages")
PIN = "271828"


@pytest.fixture
def staff(cast: Cast) -> Staff:
    """Ben's row, with a PIN."""
    with clinic_scope(cast.clinic.pk):
        set_pin(cast.ben, PIN)
        return Staff.objects.get(person=cast.ben)


def try_pin(client: Client, staff: Staff, pin: str, then: str = "/act/") -> int:
    return client.post("/clinics/takeover/", {"staff": str(staff.pk), "pin": pin, "next": then}).status_code


def test_a_device_is_enrolled_by_its_own_browser_and_whoever_did_it_is_signed_out(cast: Cast) -> None:
    client = signed_in(cast.tom)
    client.post("/clinics/displays/enrol/", {"name": "Tablet 2", "room": str(cast.room.pk), "side": "staff"})
    assert client.get("/look/").json()["by"].startswith("device:")
    assert client.get("/clinics/displays/").headers["Location"].startswith("/accounts/login/")
    cookie = client.cookies[DISPLAY_COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")


def test_the_key_itself_is_not_kept(cast: Cast) -> None:
    client = signed_in(cast.tom)
    client.post("/clinics/displays/enrol/", {"name": "Tablet 2", "room": "", "side": "staff"})
    key = client.cookies[DISPLAY_COOKIE].value.split(".")[2]
    with clinic_scope(cast.clinic.pk):
        assert all(key not in display.key_digest for display in Display.objects.all())


def test_a_room_of_another_clinic_is_no_choice(cast: Cast) -> None:
    answer = signed_in(cast.tom).post(
        "/clinics/displays/enrol/", {"name": "Tablet", "room": str(cast.other_room.pk), "side": "staff"}
    )
    assert answer.status_code == 422


def test_a_display_shows_its_clinic_and_nobodys_name(cast: Cast) -> None:
    assert at_display(cast).get("/look/").json() == {"by": f"device:{cast.display.pk}", "patients": 2}
    assert at_display(cast).post("/act/").status_code == 403


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "nonsense",
        "{clinic}.{display}",
        "{clinic}.{display}.another key",
        "{other}.{display}.{key}",
        "{clinic}.{clinic}.{key}",
    ],
)
def test_another_key_or_clinic_opens_nothing(cast: Cast, cookie: str) -> None:
    parts = {"clinic": cast.clinic.pk, "other": cast.other_clinic.pk, "display": cast.display.pk, "key": DISPLAY_KEY}
    client = Client()
    client.cookies[DISPLAY_COOKIE] = cookie.format(**parts)
    assert client.get("/look/").headers["Location"].startswith("/accounts/login/")


def test_a_revoked_display_opens_nothing_from_then_on(cast: Cast) -> None:
    client = at_display(cast)
    signed_in(cast.tom).post(f"/clinics/displays/{cast.display.pk}/revoke/")
    assert client.get("/look/").status_code == 302


def test_the_right_pin_takes_the_display_over(cast: Cast, staff: Staff) -> None:
    client = at_display(cast)
    assert try_pin(client, staff, PIN) == 302
    assert client.post("/act/").json() == {"by": f"person:{cast.ben.pk}"}


def test_taking_over_takes_less_than_three_seconds(cast: Cast, staff: Staff) -> None:
    client = at_display(cast)
    started = time.perf_counter()
    try_pin(client, staff, PIN)
    client.post("/act/")
    assert time.perf_counter() - started < 3


def test_a_pin_opens_no_page_of_the_desk_and_signs_nothing(cast: Cast, staff: Staff) -> None:
    client = at_display(cast, taken_by=cast.ben)
    assert client.get("/who_asks/").status_code == 302
    assert client.get("/clinics/pin/").status_code == 302
    assert at_display(cast, taken_by=cast.ada).get("/sign_something/").status_code == 302


@pytest.mark.parametrize(("pin", "tries"), [("271829", 1), ("27182", 1), ("", 0), ("2718281", 0)])
def test_a_wrong_pin_is_refused_and_kept(cast: Cast, staff: Staff, pin: str, tries: int) -> None:
    client = at_display(cast)
    assert try_pin(client, staff, pin) == 403
    assert client.post("/act/").status_code == 403
    with clinic_scope(cast.clinic.pk):
        assert [takeover.was_right for takeover in Takeover.objects.all()] == [False] * tries


def test_guessing_is_slowed_down_for_that_person_on_that_display_only(cast: Cast, staff: Staff) -> None:
    with clinic_scope(cast.clinic.pk):
        set_pin(cast.ada, PIN)
        ada = Staff.objects.get(person=cast.ada)
    client = at_display(cast)
    assert [try_pin(client, staff, "000000") for _ in range(WRONG_TRIES)] == [403] * WRONG_TRIES
    assert try_pin(client, staff, PIN) == 403
    assert client.get("/look/").status_code == 200
    assert try_pin(client, ada, PIN) == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=5, seconds=1), tick=False):
        assert try_pin(at_display(cast), staff, PIN) == 302


def test_who_has_no_pin_cannot_take_over(cast: Cast, staff: Staff) -> None:
    with clinic_scope(cast.clinic.pk):
        nan = Staff.objects.get(person=cast.nan)
    assert try_pin(at_display(cast), nan, "") == 403


def test_a_device_that_is_no_display_cannot_be_taken_over(cast: Cast, staff: Staff) -> None:
    assert try_pin(Client(), staff, PIN) == 403
    assert try_pin(signed_in(cast.ben), staff, PIN) == 404


def test_looking_does_not_keep_a_display_but_acting_does(cast: Cast) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client = at_display(cast, taken_by=cast.ben)
        clock.move_to(start + timedelta(minutes=14))
        assert client.get("/look/").json()["by"].startswith("person:")
        assert client.post("/act/").status_code == 200
        clock.move_to(start + timedelta(minutes=28))
        assert client.post("/act/").status_code == 200
        clock.move_to(start + timedelta(minutes=44))
        assert client.get("/look/").json()["by"].startswith("device:")


def test_the_next_person_takes_over_from_the_last(cast: Cast, staff: Staff) -> None:
    client = at_display(cast, taken_by=cast.nan)
    assert try_pin(client, staff, PIN) == 302
    assert client.post("/act/").json() == {"by": f"person:{cast.ben.pk}"}


def test_taking_over_signs_out_whoever_was_signed_in(cast: Cast, staff: Staff) -> None:
    client = signed_in(cast.ada)
    client.cookies.update(at_display(cast).cookies)
    assert try_pin(client, staff, PIN) == 302
    assert client.get("/sign_something/").status_code == 302
    assert client.post("/act/").json() == {"by": f"person:{cast.ben.pk}"}


def test_handing_back_leaves_the_display_showing(cast: Cast) -> None:
    client = at_display(cast, taken_by=cast.ben)
    client.post("/clinics/takeover/end/")
    assert client.get("/look/").json()["by"].startswith("device:")


def test_a_takeover_holds_for_its_display_only(cast: Cast) -> None:
    client = at_display(cast, taken_by=cast.ben)
    with clinic_scope(cast.clinic.pk):
        room = Room.objects.create(clinic=cast.clinic, name="Room 2")
        Display.objects.filter(pk=cast.display.pk).update(room=room)
    session = client.session
    session[TAKEN_OVER] = {**session[TAKEN_OVER], "display": str(cast.room.pk)}
    session.save()
    assert client.post("/act/").status_code == 403


@pytest.mark.parametrize("ends", ["the role", "the account"])
def test_a_takeover_ends_with(cast: Cast, ends: str) -> None:
    client = at_display(cast, taken_by=cast.ben)
    assert client.post("/act/").status_code == 200
    with clinic_scope(cast.clinic.pk):
        if ends == "the role":
            Staff.objects.filter(person=cast.ben).update(until_date="2020-01-02")
        else:
            cast.ben.is_active = False
            cast.ben.save()
    assert client.post("/act/").status_code == 403


@pytest.mark.parametrize("pin", ["12345", "1234567", "12345a", "１２３４５６"])
def test_a_pin_is_six_plain_figures(cast: Cast, pin: str) -> None:
    client = signed_in(cast.ben)
    assert client.post("/clinics/pin/", {"pin": pin, "again": pin}).status_code == 200
    with clinic_scope(cast.clinic.pk):
        assert Staff.objects.get(person=cast.ben).pin_digest == ""


def test_a_pin_is_kept_as_a_digest_for_every_role_of_the_person(cast: Cast) -> None:
    client = signed_in(cast.ben)
    assert client.post("/clinics/pin/", {"pin": PIN, "again": "000000"}).status_code == 200
    assert client.post("/clinics/pin/", {"pin": PIN, "again": PIN}).status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert Staff.objects.get(person=cast.ben).pin_digest.startswith("argon2$argon2id$")
        assert not Staff.objects.exclude(person=cast.ben).exclude(pin_digest="").exists()
