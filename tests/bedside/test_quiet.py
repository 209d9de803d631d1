"""What the patient can see or hear is dark and silent, and is no screen of the staff's."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from stillroom.clinics.access import rule_for
from stillroom.clinics.displays import DISPLAY_COOKIE
from stillroom.clinics.models import Display
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion.state import Status
from stillroom.devices.models import Screen
from stillroom.devices.screens import can_be_heard, screens_now
from tests.access.addresses import Address, addresses
from tests.bedside.house import planned
from tests.cast import Cast, at_display, signed_in

AT_BEDSIDE = [each for each in addresses() if (rule := rule_for(each.view, each.name)) and rule.at_bedside]
IN_SIGHT = {"clinics:quiet", "bedside:act_by_display"}
VALUES = {"act": "watch", "infusion_id": UUID(int=1)}


@pytest.fixture
def turned(cast: Cast) -> Cast:
    """The display of the room stands with the patient."""
    with clinic_scope(cast.clinic.pk):
        Display.objects.filter(pk=cast.display.pk).update(side=Display.Side.PATIENT)
    return cast


def on_it(cast: Cast) -> list[Client]:
    """Nobody, a nurse with her PIN, and a prescriber who has signed in: all on the display of the room."""
    signed = signed_in(cast.ada)
    signed.cookies[DISPLAY_COOKIE] = at_display(cast).cookies[DISPLAY_COOKIE].value
    return [at_display(cast), at_display(cast, taken_by=cast.ben), signed]


def address_of(address: Address) -> str:
    return reverse(address.name, kwargs={name: VALUES.get(name, UUID(int=1)) for name in address.parameters})


def test_nothing_of_the_bedside_opens_on_a_display_that_stands_with_a_patient(turned: Cast) -> None:
    asked = [address for address in AT_BEDSIDE if address.name not in IN_SIGHT]
    assert {"bedside:room", "bedside:stream", "bedside:board", "bedside:board_stream", "bedside:room_shown"} <= {
        address.name for address in asked
    }
    for client in on_it(turned):
        for path in map(address_of, asked):
            answer = client.get(path)
            assert (answer.status_code, answer.headers.get("Location", "").partition("?")[0]) == (
                302,
                "/clinics/quiet/",
            ), path
            assert client.post(path).status_code == 403, path


def test_it_shows_the_name_of_the_room_and_nothing_of_the_infusion(turned: Cast) -> None:
    house = planned(turned).start()
    for client in on_it(turned):
        html = client.get(house.href, follow=True).content.decode()
        words = unescape(re.sub(r"<[^>]+>", " ", html.partition("<body>")[2])).split()
        assert " ".join(words) == "Room 1 If you want somebody, press your call button or say so."
        assert not re.search(r"\d{2}:\d{2}|audio|data-sound|alarm|Example", html)


def test_it_never_counts_as_a_screen_that_anybody_watches_nor_as_one_that_can_be_heard(turned: Cast) -> None:
    house = planned(turned).start()
    before = str(uuid4())
    assert signed_in(turned.ben).post(f"{house.href}shown", {"screen": before}).status_code == 204
    for client in on_it(turned):
        for path in (f"{house.href}shown", "/board/shown"):
            assert client.post(path, {"screen": str(uuid4()), "can_sound": "on"}).status_code == 403
    with clinic_scope(turned.clinic.pk):
        assert [str(screen.pk) for screen in Screen.objects.all()] == [before]
        assert not can_be_heard(house.row, at=timezone.now())
        later = timezone.now() + timedelta(seconds=10)
        assert screens_now(later).of(house.infusion_id).alive == frozenset()


def test_a_stop_that_was_kept_on_it_is_taken_and_an_alarm_is_not_answered_from_it(turned: Cast) -> None:
    house = planned(turned).start()
    for client in on_it(turned):
        assert house.post(client, "acknowledge", condition="spo2_low").status_code == 403
        assert house.post(client, "pause-sound", condition="spo2_low", for_s="60").status_code == 403
    assert house.post(at_display(turned), "stop").status_code == 200
    assert house.post(at_display(turned), "clamp-closed").status_code == 200
    assert house.state.status is Status.STOPPED


def test_a_display_says_on_which_side_it_stands_and_the_patients_goes_dark_at_once(cast: Cast) -> None:
    client = signed_in(cast.tom)
    assert client.post("/clinics/displays/enrol/", {"name": "Wall", "room": ""}).status_code == 422
    told = {"name": "Wall", "room": str(cast.room.pk), "side": "patient"}
    assert client.post("/clinics/displays/enrol/", told).headers["Location"] == "/clinics/quiet/"
    assert b"Room 1" in client.get("/clinics/quiet/").content
    shown = signed_in(cast.tom).get("/clinics/displays/").content.decode()
    assert "with the patient: dark and silent" in shown
    assert "with the staff" in shown


def test_a_display_of_the_staff_is_never_dark(cast: Cast) -> None:
    for client in on_it(cast):
        assert client.get("/clinics/quiet/").headers["Location"] == "/"
