"""A request is one transaction, held to the rule of its view, that sees the rows of one clinic or of one person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient, Client
from django.utils import timezone

from stillroom.clinics.access import allow, public
from stillroom.clinics.models import Clinic, Role, Room, Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.patients.models import Patient
from tests.cast import Cast, make_cast, signed_in

pytestmark = pytest.mark.urls("tests.clinics.pages")


def test_a_view_that_declares_nothing_is_refused_to_everybody(cast: Cast) -> None:
    assert {signed_in(person).get("/undeclared/").status_code for person in (cast.ada, cast.ann, cast.pat)} == {403}
    assert Client().get("/undeclared/").status_code == 403


def test_a_public_view_sees_no_rows_whoever_asks(cast: Cast) -> None:
    assert signed_in(cast.ben).get("/open_to_all/").json() == {"patients": 0}


def test_the_actor_is_known_and_time_is_the_clinics(cast: Cast) -> None:
    answer = signed_in(cast.ben).get("/who_asks/").json()
    assert answer == {"by": f"person:{cast.ben.pk}", "proof": "sign_in", "name": "B. Osei", "zone": "Europe/Dublin"}
    assert timezone.get_current_timezone_name() == "UTC"


def test_a_request_leaves_no_rows_open_behind_it(cast: Cast) -> None:
    signed_in(cast.ben).get("/who_asks/")
    assert not Patient.objects.exists()


@pytest.mark.parametrize("person", ["fay", "lea", "pat"])
def test_another_role_is_refused(cast: Cast, person: str) -> None:
    assert signed_in(getattr(cast, person)).get("/who_asks/").status_code == 403


def test_a_nurse_elsewhere_is_admitted_there_and_not_here(cast: Cast) -> None:
    assert signed_in(cast.cleo).get("/who_asks/").json()["zone"] == "Europe/Lisbon"


def test_a_person_reads_their_own_record_only(cast: Cast) -> None:
    assert signed_in(cast.pat).get("/own_record/").json() == {"given_names": ["Pat"]}
    assert signed_in(cast.ben).get("/own_record/").json() == {"given_names": []}


def test_somebody_unknown_is_led_to_sign_in_and_back(cast: Cast) -> None:
    answer = Client().get("/who_asks/?day=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/accounts/login/?next=%2Fwho_asks%2F%3Fday%3D1")


def test_an_act_by_somebody_unknown_is_refused_in_words(cast: Cast) -> None:
    answer = Client().post("/act/")
    assert answer.status_code == 403
    assert "Nothing was recorded" in answer.content.decode()


def test_signing_asks_again_after_five_minutes(cast: Cast) -> None:
    assert signed_in(cast.ada).get("/sign_something/").json()["in_transaction"] is True
    late = signed_in(cast.ada, recently=False)
    assert late.get("/sign_something/").headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert late.post("/sign_something/").status_code == 403


def test_a_clinic_may_ask_for_a_second_factor(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        Clinic.objects.update(requires_second_factor=True)
    assert signed_in(cast.ben).get("/who_asks/").headers["Location"].startswith("/accounts/2fa/")
    assert signed_in(cast.ben).get("/accounts/2fa/").status_code == 200


def test_a_role_ends_with_its_last_day(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        ben = Staff.objects.filter(person=cast.ben)
        ben.update(until_date=cast.clinic.today())
        assert signed_in(cast.ben).get("/who_asks/").status_code == 200
        ben.update(until_date=cast.clinic.today() - timedelta(days=1))
        assert signed_in(cast.ben).get("/who_asks/").status_code == 403


def test_a_closed_account_ends_every_sign_in_at_once(cast: Cast) -> None:
    client = signed_in(cast.ben)
    assert client.get("/who_asks/").status_code == 200
    cast.ben.is_active = False
    cast.ben.save()
    assert client.get("/who_asks/").headers["Location"].startswith("/accounts/login/")


def test_who_works_in_two_clinics_says_which_first(cast: Cast) -> None:
    with clinic_scope(cast.other_clinic.pk):
        Staff.objects.create(
            clinic=cast.other_clinic, person=cast.ben, role=Role.NURSE, short_name="B. Osei", from_date="2020-01-01"
        )
    client = signed_in(cast.ben)
    assert client.get("/who_asks/").headers["Location"].startswith("/clinics/choose/?next=")
    chosen = client.post("/clinics/choose/", {"clinic": str(cast.other_clinic.pk), "next": "/who_asks/"})
    assert chosen.headers["Location"] == "/who_asks/"
    assert client.get("/who_asks/").json()["zone"] == "Europe/Lisbon"


def test_nobody_chooses_a_clinic_they_do_not_work_in(cast: Cast) -> None:
    client = signed_in(cast.ben)
    client.post("/clinics/choose/", {"clinic": str(cast.other_clinic.pk)})
    assert client.get("/who_asks/").json()["zone"] == "Europe/Dublin"


def test_choosing_leads_nowhere_else(cast: Cast) -> None:
    there = {"clinic": str(cast.clinic.pk), "next": "https://elsewhere.test/"}
    assert signed_in(cast.ben).post("/clinics/choose/", there).headers["Location"] == "/"


def test_a_template_is_drawn_inside_the_transaction(cast: Cast) -> None:
    assert signed_in(cast.ben).get("/rows_in_template/").content == b"Room 1"


def test_a_view_that_raises_takes_back_what_it_wrote(cast: Cast) -> None:
    client = signed_in(cast.ben)
    client.raise_request_exception = False
    assert client.get("/write_and_fail/").status_code == 500
    with clinic_scope(cast.clinic.pk):
        assert not Room.objects.filter(name="Never").exists()


def test_outside_a_test_the_same_holds_with_real_transactions(committed_db: object) -> None:
    cast = make_cast()
    client = signed_in(cast.ben)
    client.raise_request_exception = False
    assert client.get("/write_and_fail/").status_code == 500
    assert client.get("/rows_in_template/").content == b"Room 1"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.clinic', true)")
        assert cursor.fetchone()[0] in {"", None}


@pytest.mark.parametrize("person", ["ben", "fay"])
def test_an_async_view_is_held_to_its_rule_too(committed_db: object, person: str) -> None:
    cast = make_cast()
    cookies = signed_in(getattr(cast, person)).cookies

    async def ask() -> tuple[int, bytes]:
        client = AsyncClient()
        client.cookies = cookies
        answer = await client.get("/asynchronous/")
        return answer.status_code, answer.content

    status, content = async_to_sync(ask)()
    assert status == (200 if person == "ben" else 403)
    assert (b"Room 1" in content) is (person == "ben")


def test_a_role_that_is_none_is_found_when_the_module_is_read() -> None:
    with pytest.raises(ValueError, match="roles expected"):
        allow("nurze")
    with pytest.raises(ValueError, match="roles expected"):
        allow()


def test_a_view_has_one_rule() -> None:
    with pytest.raises(ValueError, match="has a rule already"):
        public(allow(Role.NURSE)(lambda request: None))
