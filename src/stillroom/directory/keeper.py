"""Whose directory is it? One clinic of the install keeps it; its editors are the directory's editors."""

from __future__ import annotations

from contextlib import AbstractContextManager
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from stillroom.clinics.rows import desk_scope, real_clinic_ids

BY = "system:directory"


def is_run_here() -> bool:
    """Whether this install keeps a public directory; it may still show a copy of another's."""
    return bool(settings.DIRECTORY_RUN_BY)


def keeper_id() -> UUID:
    """The clinic that keeps the directory: the one the settings name, or the only one there is."""
    ids = real_clinic_ids()
    named = settings.PUBLIC_CLINIC
    if named:
        found = next((each for each in ids if str(each) == named), None)
        if found is None:
            raise ImproperlyConfigured("STILLROOM_PUBLIC_CLINIC is the id of no clinic of this install.")
        return found
    if len(ids) != 1:
        raise ImproperlyConfigured("Say in STILLROOM_PUBLIC_CLINIC which clinic keeps the directory: there is not one.")
    return ids[0]


def at_desk() -> AbstractContextManager[None]:
    """A transaction in which a clinic hands something in to the directory, or asks for what it handed in."""
    return desk_scope(keeper_id(), by=BY)


def one_at_a_time(clinic_id: UUID) -> None:
    """Until the end of the transaction nobody else changes this directory: what is published misses nobody's act."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"directory {clinic_id}"])
