"""Acting when signing in does not work: from an enrolled display, in one infusion, under a name and a reason (F21).

Signing in, the PIN, second factors, mail: all may be down, or a nurse locked out in the middle of a drip. What shows,
and what stops, needs none of them. Beyond that, whoever stands at the display says who they are and why, and may then,
in this infusion alone and for a while, do what makes the drip safer and write down what they see (which acts those are:
core/infusion/roles.py). Nothing of it is proved, so all of it is marked, told to the clinic's administrators, and
looked at after.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from stillroom.clinics.models import Display, EmergencyAccess, Person, Role, Staff

LASTS = timedelta(minutes=30)
"""Long enough for what cannot wait, short enough that the next at this display is not taken for the last. HIPAA,
45 CFR 164.312(a)(2)(ii), asks for a way in and leaves the figure to us; it may be opened again."""


def open_emergency(
    display: Display, infusion_id: UUID, *, name: str, staff: Staff | None, reason: str, at: datetime
) -> EmergencyAccess:
    end_emergency(display, at=at)
    return EmergencyAccess.objects.create(
        clinic=display.clinic,
        display=display,
        infusion=infusion_id,
        person=staff.person if staff else None,
        name=staff.short_name if staff else name,
        reason=reason,
        opened_at=at,
        ends_at=at + LASTS,
    )


def emergency_at(display: Display, infusion_id: UUID | None, *, at: datetime) -> EmergencyAccess | None:
    """What is open on this display for this infusion now."""
    return _open(display, at).filter(infusion=infusion_id).first() if infusion_id else None


def end_emergency(display: Display, *, at: datetime) -> None:
    """Whoever opened it is done, or another takes their place."""
    for access in _open(display, at):
        access.ends_at = at
        access.save(update_fields=["ends_at"])


def not_reviewed() -> QuerySet[EmergencyAccess]:
    return EmergencyAccess.objects.filter(reviewed_at=None)


def tell_administrators(*, at: datetime, origin: str) -> tuple[int, int]:
    """Writes to the administrators of the clinic whose rows are open about each access they were not told of.

    How many were told of, and how many could not be: those are tried again.
    """
    told = failed = 0
    for access in EmergencyAccess.objects.filter(told_at=None).select_related("clinic", "display"):
        try:
            _letter(access, to=_administrators(access.clinic.today()), origin=origin).send()
        except OSError:
            failed += 1
            continue
        access.told_at = at
        access.save(update_fields=["told_at"])
        told += 1
    return told, failed


def _open(display: Display, at: datetime) -> QuerySet[EmergencyAccess]:
    return EmergencyAccess.objects.filter(display=display, opened_at__lte=at, ends_at__gt=at)


def _administrators(today: date) -> list[str]:
    rows = Staff.objects.filter(role=Role.ADMINISTRATOR, person__is_active=True).select_related("person")
    return sorted({row.person.email for row in rows if row.counts_on(today)})


def _letter(access: EmergencyAccess, *, to: Iterable[str], origin: str) -> EmailMessage:
    """Nobody's name and no patient: those stand where one has to sign in."""
    with timezone.override(access.clinic.time_zone):
        words = render_to_string("clinics/emergency_letter.txt", {"access": access, "origin": origin})
    return EmailMessage("Emergency access was opened", words, to=list(to))


def names_of_emergencies(ids: Iterable[UUID]) -> dict[str, str]:
    """By the author as entries write it."""
    found = EmergencyAccess.objects.filter(pk__in=list(ids))
    return {f"emergency:{access.pk}": f"{access.name}, emergency access" for access in found}


def may_be_staff(display: Display) -> list[Staff]:
    """Whom somebody at this display may say they are: one row for each person who treats there today."""
    rows = Staff.objects.filter(role__in=[Role.PRESCRIBER, Role.NURSE_ANAESTHETIST, Role.NURSE], person__is_active=True)
    by_person = {row.person_id: row for row in rows if row.counts_on(display.clinic.today())}
    return sorted(by_person.values(), key=lambda row: row.short_name)


def is_person_said(access: EmergencyAccess, person: Person) -> bool:
    """Nobody reviews what was done in their own name."""
    return access.person_id == person.pk
