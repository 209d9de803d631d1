"""The doors of the demo: come in as any of its invented people. Anywhere but in the demo these pages do not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic, sleep

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from stillroom.clinics.access import public
from stillroom.clinics.models import Person
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.core.infusion.state import Status
from stillroom.infusions.models import Infusion
from stillroom.rehearsal.people import COLLEAGUES, VALE
from stillroom.rehearsal.rehearsed import is_script_played, the_stage

BY = "system:rehearsal"
FURNISHED_WITHIN_S = 30.0
LOOK_AGAIN_AFTER_S = 0.1


def _live_room() -> str:
    """The room with the drip that runs, or that rehearses; when it has ended, the board."""
    if is_script_played() and (stage := the_stage()):
        return reverse("bedside:room", args=[stage.infusion_id])
    (clinic_id,) = clinic_ids()
    with clinic_scope(clinic_id, by=BY):
        live = Infusion.objects.filter(status__in=(Status.INFUSING, Status.PAUSED)).order_by("-started_at").first()
    return reverse("bedside:room", args=[live.pk]) if live else _board()


def _board() -> str:
    return reverse("bedside:board")


EMAILS = {colleague.key: colleague.email for colleague in COLLEAGUES}


@dataclass(frozen=True, slots=True)
class Door:
    """Whom one comes in as, and where one stands then."""

    email: str
    leads_to: Callable[[], str]


DOORS: Mapping[str, Door] = {
    "prescriber": Door(EMAILS["varga"], _board),
    "nurse": Door(EMAILS["osei"], _live_room),
    "colleague": Door(EMAILS["lind"], _live_room),
    "frontdesk": Door(EMAILS["desk"], lambda: reverse("office:today")),
    "administrator": Door(EMAILS["administrator"], lambda: reverse("office:staff")),
    "approver": Door(EMAILS["approver"], lambda: reverse("office:library")),
    "technician": Door(EMAILS["technician"], lambda: reverse("devices:monitors")),
    "editor": Door(EMAILS["editor"], lambda: reverse("guide:inbox")),
    "patient": Door(VALE.email, lambda: reverse("journal:my_record")),
}


def _when_furnished(email: str) -> Person:
    """The clinic is furnished while the pages begin to answer; who comes early waits at the door."""
    until_s = monotonic() + FURNISHED_WITHIN_S
    while not ((person := Person.objects.filter(email=email).first()) and _rooms_stand()):
        if monotonic() > until_s:
            raise Http404("nobody lives here yet")
        sleep(LOOK_AGAIN_AFTER_S)
    return person


def _rooms_stand() -> bool:
    """The staff are there before the infusions of today, and those all at once."""
    (clinic_id,) = clinic_ids()
    with clinic_scope(clinic_id, by=BY):
        return Infusion.objects.exists()


@require_GET
@public
def enter(request: HttpRequest) -> HttpResponse:
    """`?as=nurse` signs in as the invented nurse, without a password, and leads to the live room."""
    door = DOORS.get(request.GET.get("as", ""))
    if not settings.DEMO or door is None:
        raise Http404("there is no such door")
    person = _when_furnished(door.email)
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    record_authentication(request, person, method="password", reauthenticated=True)
    return redirect(door.leads_to())
