"""Calendars: what stands in one is read by a library that is not ours, and no name or word of health is ever there."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from stillroom.clinics.models import Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.schedule.booking import cancel
from stillroom.schedule.calendar import for_patient, for_staff
from stillroom.schedule.models import Appointment
from tests.cast import Cast, signed_in

DUBLIN = ZoneInfo("Europe/Dublin")
HEALTH = ("pat", "example", "ketamine", "infusion", "patient", "clinic", "treat", "dose", "nurse", "doctor", "depress")


@pytest.fixture
def expected(cast: Cast) -> Appointment:
    return appointment(cast, timezone.now() + timedelta(days=3))


def appointment(cast: Cast, starts_at: datetime) -> Appointment:
    with clinic_scope(cast.clinic.pk):
        return Appointment.objects.create(
            clinic=cast.clinic, patient=cast.patient, room=cast.room, made_by=cast.fay,
            starts_at=starts_at, ends_at=starts_at + timedelta(minutes=150),
        )  # fmt: skip


def address_of(client: Client) -> str:
    """Made anew, and said this once."""
    page = client.post("/office/coming/calendar/").content.decode()
    found = re.search(r"http://testserver(/office/coming/calendar/[\w-]{43}/)", page)
    assert found is not None
    return found[1]


def events(client: Client, address: str) -> list[dict[str, object]]:
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return [
        {"what": str(each["summary"]), "from": each.decoded("dtstart"), "to": each.decoded("dtend")}
        for each in Calendar.from_ical(answer.content).walk("VEVENT")
    ]


def test_a_calendar_without_an_account_reads_room_and_time(cast: Cast, expected: Appointment) -> None:
    address = address_of(signed_in(cast.ben))
    (event,) = events(Client(), address)
    whole = {"from": expected.starts_at.replace(microsecond=0), "to": expected.ends_at.replace(microsecond=0)}
    assert event == {"what": "Appointment, Room 1", **whole}


def test_no_name_and_no_word_of_health_is_in_one(cast: Cast, expected: Appointment) -> None:
    for content in (for_patient([expected]), for_staff([expected])):
        said = content.decode().lower()
        assert [word for word in HEALTH if word in said] == []
    assert "room 1" not in for_patient([expected]).decode().lower()


@pytest.mark.parametrize(("day", "utc_h"), [("2027-03-27", 9), ("2027-03-29", 8)])
def test_half_past_nine_stays_half_past_nine_when_the_clocks_change(cast: Cast, day: str, utc_h: int) -> None:
    """Irish clocks go forward on 28 March 2027, one hour: half past nine is 09:30 UTC before, 08:30 after."""
    booked = appointment(cast, datetime.fromisoformat(f"{day}T09:30").replace(tzinfo=DUBLIN))
    (event,) = Calendar.from_ical(for_staff([booked])).walk("VEVENT")
    starts_at = event.decoded("dtstart")
    assert starts_at == datetime.fromisoformat(f"{day}T{utc_h:02}:30").replace(tzinfo=UTC)
    assert f"{starts_at.astimezone(DUBLIN):%H:%M}" == "09:30"


def test_long_and_odd_room_names_are_read_back_as_they_are(cast: Cast, expected: Appointment) -> None:
    cast.room.name = "Room; by the river, 2nd floor \\ left, with the blue door and ümlauts: äöü 静かな部屋"
    expected.room = cast.room
    content = for_staff([expected])
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert str(event["summary"]) == f"Appointment, {cast.room.name}"
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_a_cancelled_one_is_gone_from_it(cast: Cast, expected: Appointment) -> None:
    address = address_of(signed_in(cast.ben))
    with clinic_scope(cast.clinic.pk):
        cancel(expected, because="fever")
    assert events(Client(), address) == []


def test_a_new_address_and_a_stop_end_the_old_one(cast: Cast, expected: Appointment) -> None:
    ben = signed_in(cast.ben)
    first = address_of(ben)
    second = address_of(ben)
    ada = address_of(signed_in(cast.ada))
    assert [Client().get(each).status_code for each in (first, second, ada)] == [404, 200, 200]
    assert ben.post("/office/coming/calendar/stop/").status_code == 302
    assert [Client().get(each).status_code for each in (second, ada)] == [404, 200]


def test_it_ends_with_the_work_of_whose_it_is(cast: Cast, expected: Appointment) -> None:
    address = address_of(signed_in(cast.ben))
    with clinic_scope(cast.clinic.pk):
        yesterday = cast.clinic.today() - timedelta(days=1)
        Staff.objects.filter(person=cast.ben).update(until_date=yesterday)
    assert Client().get(address).status_code == 404


def test_another_clinic_is_not_in_it(cast: Cast, expected: Appointment) -> None:
    with clinic_scope(cast.other_clinic.pk):
        Staff.objects.filter(person=cast.cleo).update(role="nurse")
    assert events(Client(), address_of(signed_in(cast.cleo))) == []


def test_who_guesses_addresses_is_slowed_down(cast: Cast) -> None:
    codes = [Client().get(f"/office/coming/calendar/{number:043}/").status_code for number in range(21)]
    cache.clear()
    assert codes == [404] * 20 + [429]
