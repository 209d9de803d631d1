"""The first day: what a new clinic needs before its first infusion, each step done or next, with where it is done.

Nothing is ticked: each step asks the rows themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stillroom.clinics.access import CLINICAL, SECOND_SIGNER, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic, Display, Role, Room, SecondSigner, Staff
from stillroom.devices.models import Monitor
from stillroom.office.rehearsing import has_rehearsed
from stillroom.patients.models import ConsentText, Patient
from stillroom.protocols.models import LibraryVersion, ProtocolVersion


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: its words are in the template, by `code`. What is not needed for a first drip says so."""

    code: str
    is_done: bool
    is_needed: bool = True


def _roles_today(clinic: Clinic) -> dict[str, set[object]]:
    """Role -> who has it today; second signers too."""
    found: dict[str, set[object]] = {}
    for row in Staff.objects.select_related("person"):
        if row.counts_on(clinic.today()):
            found.setdefault(row.role, set()).add(row.person_id)
    found[SECOND_SIGNER] = set(SecondSigner.objects.filter(ended_at=None).values_list("person_id", flat=True))
    return found


def _two_at_the_bedside(clinic: Clinic) -> bool:
    roles = _roles_today(clinic)
    return len(set().union(*(roles.get(role, set()) for role in CLINICAL))) >= 2


def _two_for_the_library(clinic: Clinic) -> bool:
    """Somebody who approves, and somebody else who writes."""
    roles = _roles_today(clinic)
    approve = roles.get(Role.LIBRARY_APPROVER, set()) | roles[SECOND_SIGNER]
    write = roles.get(Role.PRESCRIBER, set()) | roles.get(Role.ADMINISTRATOR, set())
    return any(approver != author for approver in approve for author in write)


NEEDED: dict[str, Callable[[Clinic], bool]] = {
    "rooms": lambda clinic: Room.objects.filter(is_private=True).exists(),
    "prescriber": lambda clinic: bool(_roles_today(clinic).get(Role.PRESCRIBER)),
    "bedside": _two_at_the_bedside,
    "second": _two_for_the_library,
    "library": lambda clinic: LibraryVersion.objects.in_force(timezone.now()) is not None,
    "protocol": lambda clinic: ProtocolVersion.objects.filter(signed_at__isnull=False).exists(),
    "consent": lambda clinic: ConsentText.objects.filter(approved_at__isnull=False).exists(),
    "trial": has_rehearsed,
}
LATER: dict[str, Callable[[Clinic], bool]] = {
    "display": lambda clinic: Display.objects.filter(revoked_at=None).exists(),
    "monitor": lambda clinic: Monitor.objects.exists(),
    "patients": lambda clinic: Patient.objects.exists(),
}


@require_safe
@allow(Role.ADMINISTRATOR)
def first_day(request: HttpRequest) -> HttpResponse:
    clinic = actor_of(request).the_clinic
    steps = [Step(code, is_so(clinic)) for code, is_so in NEEDED.items()]
    later = [Step(code, is_so(clinic), is_needed=False) for code, is_so in LATER.items()]
    following = next((step for step in steps if not step.is_done), None)
    page = {"clinic": clinic, "steps": steps, "later": later, "following": following}
    done = sum(step.is_done for step in steps)
    return render(request, "office/first_day.html", page | {"done": done, "author": _author()})


def is_first_day(clinic: Clinic) -> bool:
    """Is something still to do that a first infusion needs? A rehearsal has no first day."""
    return clinic.rehearses_id is None and not all(is_so(clinic) for is_so in reversed(NEEDED.values()))


def _author() -> object:
    """Who wrote the draft of the library that is to be approved: nobody approves their own."""
    draft = LibraryVersion.objects.filter(approved_at=None).select_related("drafted_by").first()
    return draft.drafted_by if draft else None
