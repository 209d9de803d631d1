"""Links for doctors, as the database keeps them: made, opened by whoever holds one, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from stillroom.clinics.models import Person
from stillroom.journal.models import Share
from stillroom.web.by_link import digest_of, new_token


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose record a link shows, whether their weeks too, and until when it does."""

    person_id: UUID
    with_weeks: bool
    until: datetime


def share(person: Person, *, for_whom: str, days: int, with_weeks: bool) -> str:
    """A new link's secret, said this once. Needs the person's own rows open."""
    token = new_token()
    now = timezone.now()
    Share.objects.create(
        person=person,
        token_digest=digest_of(token),
        for_whom=for_whom,
        with_weeks=with_weeks,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token


def stands(token: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_share_stands(%s)", [digest_of(token)])
        return bool(cursor.fetchone()[0])


def open_share(token: str, *, name: str, page: str) -> Opened | None:
    """Who opened what is written down; None where the link does not stand, or not any more."""
    with connection.cursor() as cursor:
        query = "SELECT person, shows_weeks, until FROM journal_open_share(%s, %s, %s)"
        cursor.execute(query, [digest_of(token), name, page])
        row = cursor.fetchone()
    return Opened(*row) if row else None
