"""A patient's link for their own part: made and revoked by the clinic, opened by whoever holds it and knows the day.

The mail that brings it says nothing of health, and the link alone opens nothing: the birth date is asked first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.intake.models import Link
from stillroom.patients.models import Patient
from stillroom.web.by_link import digest_of, new_token


@dataclass(frozen=True, slots=True)
class Made:
    """A new link and its secret, which is said this once."""

    link: Link
    token: str


def make_link(actor: Actor, patient: Patient, *, days: int) -> Made:
    token, now = new_token(), timezone.now()
    link = Link.objects.create(
        clinic=actor.the_clinic,
        kind=Link.Kind.OWN_PART,
        patient=patient,
        token_digest=digest_of(token),
        made_by=actor.the_person,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return Made(link, token)


def mail_link(link: Link, address: str, *, href: str) -> bool:
    """Whether it went out. No name, no clinic, no word about health: it may be read on somebody else's screen."""
    words = render_to_string("intake/invitation.txt", {"href": href, "until": link.expires_at})
    try:
        EmailMessage("A page for you before an appointment", words, to=[address]).send()
    except (SMTPException, OSError):
        return False
    link.mailed_at = timezone.now()
    link.save(update_fields=["mailed_at"])
    return True


def revoke(link: Link) -> None:
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])


def standing_link(token: str, kind: Link.Kind) -> UUID | None:
    """The link of this kind that has this secret, while it stands. Nobody's rows need to be open."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT intake_standing_link(%s, %s)", [digest_of(token), kind])
        found: UUID | None = cursor.fetchone()[0]
    return found


def is_theirs(link: Link, born: date) -> bool:
    return link.patient is not None and link.patient.birth_date == born
