"""Appointments for other people's calendars (RFC 5545): times and rooms. No name and no word of health is ever in one.

Times are UTC, which every calendar shows in the zone of whoever looks, also over a change of the clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from icalendar import Calendar, Event

from stillroom.clinics.actor import Actor
from stillroom.schedule.models import Appointment, Appointments, CalendarFeed
from stillroom.web.by_link import digest_of, new_token

BEFORE, AHEAD = timedelta(days=30), timedelta(days=365)
PRODUCT = "-//Stillroom//Appointments//EN"
ASK_AGAIN = timedelta(hours=1)
WORD = "Appointment"


def of_the_clinic(now: datetime) -> Appointments:
    """Those that a calendar of staff shows: standing, of the clinic whose rows are open."""
    return Appointment.objects.standing().between(now - BEFORE, now + AHEAD).select_related("room")


def for_staff(appointments: Iterable[Appointment]) -> bytes:
    """The room and the time."""
    return _calendar(appointments, lambda each: f"{WORD}, {each.room.name}")


def for_patient(appointments: Iterable[Appointment]) -> bytes:
    """The time alone."""
    return _calendar(appointments, lambda each: WORD)


def make_feed(actor: Actor) -> str:
    """The secret of a new address of this member of staff, said this once; the one before opens nothing any more."""
    revoke_feed(actor)
    token = new_token()
    CalendarFeed.objects.create(clinic=actor.the_clinic, person=actor.the_person, token_digest=digest_of(token))
    return token


def revoke_feed(actor: Actor) -> None:
    standing_feeds(actor).update(revoked_at=timezone.now())


def standing_feeds(actor: Actor) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(person=actor.the_person, revoked_at=None)


def feed_of(token: str) -> tuple[UUID, UUID, UUID] | None:
    """The feed of this secret while it stands, its clinic and its person. Nobody's rows need to be open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, clinic_id, person_id FROM schedule_standing_feed(%s)", [digest_of(token)])
        found: tuple[UUID, UUID, UUID] | None = cursor.fetchone()
    return found


def _calendar(appointments: Iterable[Appointment], summary: Callable[[Appointment], str]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{WORD}s")
    calendar.add("refresh-interval", ASK_AGAIN)
    for each in appointments:
        calendar.add_component(_event(each, summary(each)))
    made: bytes = calendar.to_ical()
    return made


def _event(appointment: Appointment, summary: str) -> Event:
    event = Event()
    event.add("uid", f"{appointment.pk}@stillroom")
    event.add("dtstamp", appointment.made_at.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", summary)
    event.add("class", "PRIVATE")
    return event
