"""Does somebody who listens still have the right to? Looked at again every heartbeat."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.contrib.sessions.models import Session
from django.utils import timezone

from stillroom.bedside.tail import Standing
from stillroom.clinics.models import Clinic, Display, Staff


def lost_standings(clinic: Clinic, standings: Collection[Standing]) -> frozenset[Standing]:
    """Those of this clinic whose session was ended, who were disabled or left, or whose display was revoked."""
    here = [each for each in standings if each.clinic == clinic.pk]
    sessions = _sessions({each.session for each in here if each.session})
    people = _people(clinic, {each.person for each in here if each.person})
    displays = _displays({each.display for each in here if each.display})
    return frozenset(
        each
        for each in here
        if (each.session and each.session not in sessions)
        or (each.person and each.person not in people)
        or (each.display and each.display not in displays)
    )


def _sessions(keys: set[str]) -> set[str]:
    kept = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return set(kept.values_list("session_key", flat=True))


def _people(clinic: Clinic, people: set[UUID]) -> set[UUID]:
    today = clinic.today()
    staff = Staff.objects.filter(person__in=people, person__is_active=True)
    return {member.person_id for member in staff if member.counts_on(today)}


def _displays(displays: set[UUID]) -> set[UUID]:
    return set(Display.objects.filter(pk__in=displays, revoked_at=None).values_list("pk", flat=True))
