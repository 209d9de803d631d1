"""A private phone on which somebody is signed in no more still stops, by the key of its page, and does nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from stillroom.clinics.models import Person, Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion.state import Status
from tests.bedside.house import House, planned
from tests.cast import Cast, at_display, signed_in


def key_on(client: Client, house: House) -> str:
    found = re.search(r'data-stop-key="([^"]+)"', client.get(house.href).content.decode())
    return found[1] if found else ""


def press(house: House, act: str, key: str, **typed: Any) -> int:
    """From a browser that keeps no cookie, and so can show no token against forged requests either."""
    said = {"act_id": str(uuid4()), "seen_seq": "1", "stop_key": key} | typed
    return Client(enforce_csrf_checks=True).post(f"{house.href}acts-by-key/{act}", said).status_code


@pytest.fixture
def house(cast: Cast) -> House:
    return planned(cast).start()


def test_a_stop_goes_through_and_stands_in_the_log_as_that_phones(cast: Cast, house: House) -> None:
    key = key_on(signed_in(cast.ben), house)
    assert press(house, "stop", key) == 200
    stop = house.log[-1]
    assert (stop.kind, stop.by) == ("StopIntended", f"device:{cast.ben.pk}")
    assert press(house, "clamp-closed", key) == 200
    assert house.state.status is Status.STOPPED
    assert 'Stop pressed</span> <span class="soft">· the phone of B. Osei, not signed in' in (
        signed_in(cast.ada).get(house.href).content.decode()
    )


def test_it_carries_the_time_at_which_it_was_pressed_and_counts_once(cast: Cast) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        house = planned(cast).start()
    key, pressed_at = key_on(signed_in(cast.ben), house), timezone.now() - timedelta(minutes=4)
    again = {"act_id": str(uuid4()), "pressed_at": pressed_at.isoformat()}
    assert [press(house, "stop", key, **again) for _ in range(2)] == [200, 200]
    stops = [entry for entry in house.log if entry.kind == "StopIntended"]
    assert len(stops) == 1
    assert abs(stops[0].occurred_at - pressed_at) < timedelta(milliseconds=1)


@pytest.mark.parametrize("act", ["pause", "confirm", "help", "new-rate", "note", "start", "resume"])
def test_the_key_is_good_for_nothing_else(cast: Cast, house: House, act: str) -> None:
    before, key = house.state.last_seq, key_on(signed_in(cast.ben), house)
    assert press(house, act, key) == 404
    for path in ("", "stream", "snapshot", "alarms/"):
        assert Client().get(f"{house.href}{path}", {"stop_key": key}).status_code == 302
    assert house.state.last_seq == before


def test_it_is_for_this_infusion_and_nobody_can_make_one(cast: Cast, house: House) -> None:
    key, other = key_on(signed_in(cast.ben), house), planned(cast)
    assert press(other, "stop", key) == 403
    for forged in ("", "x", key[:-1], f"{key}x"):
        assert press(house, "stop", forged) == 403


def test_it_ends_after_a_day_and_with_the_work_of_whoever_held_it(cast: Cast, house: House) -> None:
    key = key_on(signed_in(cast.ben), house)
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert press(house, "stop", key) == 403
    with clinic_scope(cast.clinic.pk):
        Staff.objects.filter(person=cast.ben).update(until_date=cast.clinic.today() - timedelta(days=1))
    assert press(house, "stop", key) == 403


def test_who_may_not_sign_in_any_more_may_not_stop_by_it_either(cast: Cast, house: House) -> None:
    key = key_on(signed_in(cast.ben), house)
    Person.objects.filter(pk=cast.ben.pk).update(is_active=False)
    assert press(house, "stop", key) == 403


def test_a_display_of_the_clinic_carries_none_as_it_proves_itself(cast: Cast, house: House) -> None:
    assert key_on(at_display(cast), house) == key_on(at_display(cast, taken_by=cast.ben), house) == ""
