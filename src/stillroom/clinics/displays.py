"""Displays on the premises: enrolled once, recognised by a key, taken over with a PIN within seconds.

A display proves itself with a cookie `clinic.display.key`. The key has 256 random bits, so its SHA-256 digest is enough
to keep. The clinic in the cookie only says where to look; a display that is not found there opens nothing.

A PIN is short, so guesses are slowed down per person and display: one bad actor cannot lock a nurse out of the other
rooms, and what a display shows and its stop button need no PIN at all.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from stillroom.clinics.models import Clinic, Display, Person, Room, Staff, Takeover
from stillroom.clinics.rows import open_clinic

DISPLAY_COOKIE = "__Host-display" if settings.SESSION_COOKIE_SECURE else "display"
COOKIE_LASTS_S = 400 * 24 * 3600  # the longest a browser keeps a cookie: RFC 6265bis, 5.5
TAKEN_OVER = "taken_over"

PIN_FIGURES = 6
# NIST SP 800-63B-4, 3.2.2, asks for throttling and leaves the figures to us: 6 figures and 5 tries in 5 minutes give a
# guesser one chance in a thousand after about sixteen hours in front of one screen.
WRONG_TRIES = 5
WRONG_TRIES_WITHIN = timedelta(minutes=5)


def light(request: HttpRequest) -> dict[str, str]:
    """For templates: an enrolled display stands where it is dim, so each of its pages is, also those of the desk."""
    return {"light": "dim" if DISPLAY_COOKIE in request.COOKIES else "day"}


def enrol(
    response: HttpResponse, *, clinic: Clinic, room: Room | None, name: str, by: Person, side: str = Display.Side.STAFF
) -> Display:
    """The device that receives `response` is a display of the clinic from now on."""
    key = secrets.token_urlsafe(32)
    display = Display.objects.create(
        clinic=clinic, room=room, name=name, side=side, key_digest=_digest(key), enrolled_by=by
    )
    response.set_cookie(
        DISPLAY_COOKIE,
        f"{clinic.pk}.{display.pk}.{key}",
        max_age=COOKIE_LASTS_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return display


def display_of(request: HttpRequest) -> Display | None:
    """The display that asks, with the rows of its clinic opened; None when it is not one, or not any more."""
    clinic_id, display_id, key = _cookie_of(request)
    if clinic_id is None or display_id is None:
        return None
    open_clinic(clinic_id, by=f"device:{display_id}")
    return (
        Display.objects.filter(pk=display_id, key_digest=_digest(key), revoked_at=None)
        .select_related("clinic", "room")
        .first()
    )


def set_pin(person: Person, pin: str) -> None:
    """One PIN for all the roles a person has in the clinic whose rows are open."""
    Staff.objects.filter(person=person).update(pin_digest=make_password(pin))


def take_over(request: HttpRequest, display: Display, staff: Staff, pin: str) -> bool:
    """Whether the PIN was right; if so, whoever had the display before has it no more."""
    was_right = not must_wait(display, staff) and bool(staff.pin_digest) and check_password(pin, staff.pin_digest)
    Takeover.objects.create(clinic=display.clinic, display=display, staff=staff, was_right=was_right)
    if was_right:
        logout(request)
        request.session[TAKEN_OVER] = {"staff": str(staff.pk), "display": str(display.pk), "at": time.time()}
    return was_right


def must_wait(display: Display, staff: Staff) -> bool:
    """Whether there were too many wrong PINs for this person on this display since the last right one."""
    tries = Takeover.objects.filter(display=display, staff=staff)
    since = timezone.now() - WRONG_TRIES_WITHIN
    if last_right := tries.filter(was_right=True).order_by("-tried_at").first():
        since = max(since, last_right.tried_at)
    return tries.filter(was_right=False, tried_at__gt=since).count() >= WRONG_TRIES


def staff_who_took_over(request: HttpRequest, display: Display) -> Staff | None:
    """Who has the display now. An act keeps it theirs for a while longer; looking does not."""
    taken = request.session.get(TAKEN_OVER)
    if not taken or taken["display"] != str(display.pk):
        return None
    if time.time() - taken["at"] > display.clinic.takeover_lasts_min * 60:
        del request.session[TAKEN_OVER]
        return None
    staff = Staff.objects.filter(pk=taken["staff"], person__is_active=True).select_related("person").first()
    if staff is None or not staff.counts_on(display.clinic.today()):
        return None
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        request.session[TAKEN_OVER] = {**taken, "at": time.time()}
    return staff


def hand_back(request: HttpRequest) -> None:
    """The display goes on showing; whoever acts next takes it over first."""
    request.session.pop(TAKEN_OVER, None)


def _cookie_of(request: HttpRequest) -> tuple[UUID | None, UUID | None, str]:
    clinic_id, _, rest = request.COOKIES.get(DISPLAY_COOKIE, "").partition(".")
    display_id, _, key = rest.partition(".")
    try:
        return UUID(clinic_id), UUID(display_id), key
    except ValueError:
        return None, None, ""


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
