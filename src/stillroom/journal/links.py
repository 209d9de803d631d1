"""Links for doctors, as the database keeps them: made, opened by whoever holds one, revoked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from django.db import connection
from django.utils import timezone

from stillroom.clinics.models import Person
from stillroom.journal.models import Share

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose record a link shows, whether their weeks too, and until when it does."""

    person_id: UUID
    with_weeks: bool
    until: datetime


def share(person: Person, *, for_whom: str, days: int, with_weeks: bool) -> str:
    """A new link's secret, said this once. Needs the person's own rows open."""
    token = token_urlsafe(SECRET_BYTES)
    now = timezone.now()
    Share.objects.create(
        person=person,
        token_digest=_digest(token),
        for_whom=for_whom,
        with_weeks=with_weeks,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token


def stands(token: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT journal_share_stands(%s)", [_digest(token)])
        return bool(cursor.fetchone()[0])


def open_share(token: str, *, name: str, page: str) -> Opened | None:
    """Who opened what is written down; None where the link does not stand, or not any more."""
    with connection.cursor() as cursor:
        query = "SELECT person, shows_weeks, until FROM journal_open_share(%s, %s, %s)"
        cursor.execute(query, [_digest(token), name, page])
        row = cursor.fetchone()
    return Opened(*row) if row else None


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
