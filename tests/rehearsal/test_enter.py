"""The doors of the demo, and that they are nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import NoReverseMatch, reverse

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion.state import Status
from stillroom.infusions.models import Infusion
from stillroom.rehearsal.readers import LETTERS
from stillroom.rehearsal.views import DOORS
from tests.cast import Cast
from tests.rehearsal.furnished import Furnished

IN_THE_DEMO = {"DEMO": True, "ROOT_URLCONF": "tests.rehearsal.demo_urls"}


@pytest.fixture
def in_the_demo(furnished: Furnished) -> Iterator[Furnished]:
    with override_settings(**IN_THE_DEMO):
        yield furnished


@pytest.mark.parametrize("role", [*DOORS, "", "director"])
def test_outside_the_demo_there_are_no_doors(cast: Cast, client: Client, role: str) -> None:
    assert client.get(f"/demo/enter?as={role}").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("rehearsal:enter")


@pytest.mark.parametrize("role", DOORS)
@override_settings(ROOT_URLCONF="tests.rehearsal.demo_urls")
def test_the_address_alone_opens_nothing(cast: Cast, client: Client, role: str) -> None:
    assert client.get(f"/demo/enter?as={role}").status_code == 404


@pytest.mark.parametrize("role", DOORS)
def test_each_door_leads_to_a_page_that_its_person_may_see(in_the_demo: Furnished, role: str) -> None:
    client = Client()
    entered = client.get(f"/demo/enter?as={role}")
    assert entered.status_code == 302
    assert client.get(entered["Location"]).status_code == 200


def test_the_nurse_stands_in_the_live_room(in_the_demo: Furnished) -> None:
    with clinic_scope(in_the_demo.clinic_id):
        live = Infusion.objects.get(status=Status.INFUSING)
    assert Client().get("/demo/enter?as=nurse")["Location"] == f"/bedside/{live.pk}/"


@pytest.mark.parametrize("role", DOORS)
def test_every_page_of_the_demo_says_that_nobody_is_real(in_the_demo: Furnished, role: str) -> None:
    client = Client()
    page = client.get(client.get(f"/demo/enter?as={role}")["Location"]).content.decode()
    assert "nobody here is real" in page


def test_no_other_page_says_so(cast: Cast, client: Client) -> None:
    assert "nobody here is real" not in client.get("/accounts/login/").content.decode()


def test_there_is_no_door_for_anybody_else(in_the_demo: Furnished) -> None:
    for role in ("", "director", "Nurse", "nurse@example.org"):
        assert Client().get(f"/demo/enter?as={role}").status_code == 404
    assert Client().post("/demo/enter?as=nurse").status_code == 405


def test_who_came_in_as_somebody_comes_in_as_another(in_the_demo: Furnished) -> None:
    client = Client()
    for role in ("nurse", "technician"):
        entered = client.get(f"/demo/enter?as={role}")
        assert client.get(entered["Location"]).status_code == 200


def test_the_editor_finds_letters_to_answer(in_the_demo: Furnished) -> None:
    client = Client()
    inbox = client.get(client.get("/demo/enter?as=editor")["Location"]).content.decode()
    assert inbox.count('class="letter"') == len(LETTERS)


def test_the_patients_own_days_are_not_called_copies(in_the_demo: Furnished) -> None:
    client = Client()
    client.get("/demo/enter?as=patient")
    page = client.get("/journal/days/").content.decode()
    assert page.count("correct it") > 50
    assert "copied from paper" not in page
