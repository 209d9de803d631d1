"""Who has a display: in the room it is taken over and handed back where one stands, and each of its pages is dim."""

from __future__ import annotations

import pytest

from stillroom.clinics.displays import DISPLAY_COOKIE, set_pin
from stillroom.clinics.models import Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.safety.priority import Priority
from tests.bedside.house import House, planned
from tests.cast import Cast, at_display, signed_in
from tests.examples import WATCH

PIN = "271828"
TAKES, GIVES_BACK = "Take this screen over", "Hand this screen back"


@pytest.fixture
def house(cast: Cast) -> House:
    return planned(cast).start()


def test_a_display_is_taken_over_from_the_room_and_handed_back_into_it(cast: Cast, house: House) -> None:
    with clinic_scope(cast.clinic.pk):
        set_pin(cast.ben, PIN)
        ben = Staff.objects.get(person=cast.ben)
    display = at_display(cast)
    nobodys = display.get(house.href).content.decode()
    assert f'href="/clinics/takeover/?next={house.href}">{TAKES}' in nobodys
    assert GIVES_BACK not in nobodys
    typed = {"staff": str(ben.pk), "pin": PIN, "next": house.href}
    assert display.post("/clinics/takeover/", typed).headers["Location"] == house.href
    bens = display.get(house.href).content.decode()
    assert TAKES not in bens
    assert GIVES_BACK in bens
    assert display.post("/clinics/takeover/end/", {"next": house.href}).headers["Location"] == house.href
    assert TAKES in display.get(house.href).content.decode()


def test_at_a_display_with_nobody_signed_in_a_sound_is_paused_and_nobody_says_that_they_have_seen(
    cast: Cast, house: House
) -> None:
    house.ask(c.Record(fact=e.AlarmRaised(condition="spo2_grave", priority=Priority.HIGH)), WATCH)
    display = at_display(cast)
    page = display.get(house.href).content.decode()
    assert f'href="/clinics/takeover/?next={house.href}">Seen: say who you are</a>' in page
    assert "acts/acknowledge" not in page
    assert house.post(display, "acknowledge", condition="spo2_grave").status_code in {403, 422}
    assert house.state.alarms[0].acknowledged_by is None
    assert "Pause sound" in page
    assert house.post(display, "pause-sound", condition="spo2_grave").status_code == 200
    with clinic_scope(cast.clinic.pk):
        set_pin(cast.ben, PIN)
        ben = Staff.objects.get(person=cast.ben)
    display.post("/clinics/takeover/", {"staff": str(ben.pk), "pin": PIN, "next": house.href})
    assert "Seen: say who you are" not in display.get(house.href).content.decode()
    house.done(display, "acknowledge", condition="spo2_grave")
    assert house.state.alarms[0].acknowledged_by == f"person:{cast.ben.pk}"


def test_whoever_signed_in_has_nothing_to_take_over_or_give_back(cast: Cast, house: House) -> None:
    page = signed_in(cast.ben).get(house.href).content.decode()
    assert TAKES not in page
    assert GIVES_BACK not in page


def test_where_nobody_has_a_pin_the_page_says_so(cast: Cast) -> None:
    page = at_display(cast).get("/clinics/takeover/").content.decode()
    assert "Nobody has a PIN yet." in page
    assert "I take over" not in page


def test_a_page_of_the_desk_is_dim_on_a_display_and_bright_elsewhere(cast: Cast) -> None:
    ben = signed_in(cast.ben)
    for path in ("/office/ledger/", "/office/adverse/", "/office/"):
        assert 'data-light="day"' in ben.get(path, follow=True).content.decode(), path
    ben.cookies[DISPLAY_COOKIE] = at_display(cast).cookies[DISPLAY_COOKIE].value
    for path in ("/office/ledger/", "/office/adverse/", "/office/"):
        assert 'data-light="dim"' in ben.get(path, follow=True).content.decode(), path


def test_an_adverse_event_is_written_down_in_the_light_of_the_room_it_happens_in(cast: Cast, house: House) -> None:
    ben, form = signed_in(cast.ben), f"/office/patients/{cast.patient.pk}/adverse/"
    assert 'data-light="dim"' in ben.get(f"{form}?infusion={house.infusion_id}").content.decode()
    assert 'data-light="day"' in ben.get(form).content.decode()
