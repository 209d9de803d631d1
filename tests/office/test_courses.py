"""A course: its days by a rule, clashes said one by one, all booked together or none; and who came, and who did not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.patients.models import Patient
from stillroom.schedule.booking import days_of_course
from stillroom.schedule.models import Appointment
from tests.cast import Cast, signed_in

MONDAY = date(2031, 5, 5)  # further ahead than any other test books
TIMES = "form-TOTAL_FORMS"


@pytest.fixture
def fay(cast: Cast) -> Client:
    return signed_in(cast.fay)


def course(cast: Cast, **other: object) -> dict[str, object]:
    rule = {"first": "5 May 2031", "clock": "09:30", "weekdays": ["0", "3"], "how_many": "6", "length_min": "150"}
    return {**rule, "room": str(cast.room.pk), "plan": "1", **other}


def times(cast: Cast, days: list[date], **other: object) -> dict[str, object]:
    rows = {TIMES: str(len(days)), "form-INITIAL_FORMS": "0"}
    for number, day in enumerate(days):
        each = {"day": f"{day:%d.%m.%Y}", "clock": "09:30", "length_min": "150", "room": str(cast.room.pk)}
        rows |= {f"form-{number}-{name}": value for name, value in each.items()}
    return {**rows, "book": "1", **other}


def appointments(cast: Cast) -> list[Appointment]:
    with clinic_scope(cast.clinic.pk):
        return list(Appointment.objects.standing().order_by("starts_at"))


def booked(cast: Cast, patient: Patient, day: date, clock: time = time(9), room: Room | None = None) -> Appointment:
    starts_at = datetime.combine(day, clock, ZoneInfo("Europe/Dublin"))
    with clinic_scope(cast.clinic.pk):
        return Appointment.objects.create(
            clinic=cast.clinic, patient=patient, room=room or cast.room, made_by=cast.fay,
            starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
        )  # fmt: skip


@given(
    st.dates(date(2020, 1, 1), date(2060, 1, 1)),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(1, 12),
)
def test_the_days_are_the_first_on_those_weekdays(first: date, weekdays: set[int], how_many: int) -> None:
    days = days_of_course(first, weekdays=weekdays, how_many=how_many)
    assert len(days) == how_many
    assert days == sorted(set(days))
    between = (first + timedelta(days=n) for n in range((days[-1] - first).days + 1))
    assert days == [day for day in between if day.weekday() in weekdays]


def test_six_in_three_weeks_are_shown_before_any_is_booked(cast: Cast, fay: Client) -> None:
    answer = fay.post(f"/office/patients/{cast.patient.pk}/course/", course(cast))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "All 6 can be booked" in page
    for day in ("5 May 2031", "8 May 2031", "12 May 2031", "15 May 2031", "19 May 2031", "22 May 2031"):
        assert f'value="{day}"' in page
    assert appointments(cast) == []


def test_six_are_booked_together_and_say_which_of_how_many(cast: Cast, fay: Client) -> None:
    days = [MONDAY + timedelta(days=7 * n) for n in range(6)]
    assert fay.post(f"/office/patients/{cast.patient.pk}/course/", times(cast, days)).status_code == 302
    made = appointments(cast)
    assert [f"{each.starts_at.astimezone(ZoneInfo('Europe/Dublin')):%Y-%m-%d %H:%M}" for each in made] == [
        f"{day} 09:30" for day in days
    ]
    assert len({each.course for each in made}) == 1
    assert made[0].course is not None


def test_each_clash_is_said_by_itself_and_none_is_booked(cast: Cast, fay: Client) -> None:
    booked(cast, cast.neighbour, MONDAY)
    with clinic_scope(cast.clinic.pk):
        hall = Room.objects.create(clinic=cast.clinic, name="Hall", is_private=False)
        two = Room.objects.create(clinic=cast.clinic, name="Room 2")
    booked(cast, cast.patient, MONDAY + timedelta(days=7), room=two)
    days = [MONDAY + timedelta(days=7 * n) for n in range(4)]
    answer = fay.post(f"/office/patients/{cast.patient.pk}/course/", times(cast, days, **{"form-2-room": str(hall.pk)}))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "3 of 4 cannot be booked" in page
    assert "Room 1 is taken from 09:00 to 11:00" in page
    assert "another patient could see or hear" in page
    assert page.count("course-time wrong") == 3
    assert str(cast.neighbour) not in page
    assert len(appointments(cast)) == 2


def test_two_of_one_course_at_once_are_a_clash_too(cast: Cast, fay: Client) -> None:
    answer = fay.post(f"/office/patients/{cast.patient.pk}/course/", times(cast, [MONDAY, MONDAY]))
    assert "1 of 2 cannot be booked" in answer.content.decode()
    assert appointments(cast) == []


def test_one_that_clashes_is_left_out_and_the_others_are_booked(cast: Cast, fay: Client) -> None:
    booked(cast, cast.neighbour, MONDAY)
    days = [MONDAY, MONDAY + timedelta(days=3), MONDAY + timedelta(days=7)]
    said = times(cast, days, **{"form-0-leave_out": "on"})
    assert fay.post(f"/office/patients/{cast.patient.pk}/course/", said).status_code == 302
    assert [each.patient_id for each in appointments(cast)] == [cast.neighbour.pk] + [cast.patient.pk] * 2


@pytest.mark.parametrize(
    "typed",
    [{"weekdays": []}, {"how_many": "1"}, {"how_many": "6,5"}, {"first": "32 May 2031"}, {"first": "5 May 9999"}],
)
def test_a_rule_that_cannot_be_is_asked_again(cast: Cast, fay: Client, typed: dict[str, object]) -> None:
    answer = fay.post(f"/office/patients/{cast.patient.pk}/course/", course(cast, **typed))
    assert answer.status_code == 422
    assert TIMES not in answer.content.decode()


@pytest.mark.parametrize("typed", [{"form-0-day": ""}, {"form-0-clock": "9"}, {TIMES: "99"}, {TIMES: "x"}])
def test_a_time_that_cannot_be_read_books_nothing(cast: Cast, fay: Client, typed: dict[str, object]) -> None:
    said = times(cast, [MONDAY, MONDAY + timedelta(days=3)], **typed)
    assert fay.post(f"/office/patients/{cast.patient.pk}/course/", said).status_code == 422
    assert appointments(cast) == []


def today_at(cast: Cast, patient: Patient, minutes_ago: int) -> Appointment:
    starts_at = timezone.now() - timedelta(minutes=minutes_ago)
    with clinic_scope(cast.clinic.pk):
        return Appointment.objects.create(
            clinic=cast.clinic, patient=patient, room=cast.room, made_by=cast.fay,
            starts_at=starts_at, ends_at=starts_at + timedelta(minutes=60),
        )  # fmt: skip


NOON = datetime(2026, 11, 26, 12, 0, tzinfo=ZoneInfo("Europe/Dublin"))


def test_who_is_late_by_how_much_and_who_did_not_come(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        fay = signed_in(cast.fay)
        waiting = today_at(cast, cast.patient, 25)
        today_at(cast, cast.neighbour, 90)
        page = fay.get("/office/").content.decode()
        assert "25 min late" in page
        assert "did not come" in page
        assert fay.post(f"/office/appointments/{waiting.pk}/here/").status_code == 302
        page = fay.get("/office/").content.decode()
        assert "here since 12:00" in page
        assert "min late" not in page
    with clinic_scope(cast.clinic.pk):
        waiting.refresh_from_db()
        assert (waiting.arrived_at, waiting.arrived_noted_by) == (NOON, cast.fay)
