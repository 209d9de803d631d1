"""Acting in one room when signing in does not work: who one is and why; it is written down and told (F21)."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods, require_POST

from stillroom.bedside.access import look_at
from stillroom.bedside.forms.emergency import EmergencyForm
from stillroom.bedside.tail import poke_all
from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.emergency import LASTS, end_emergency, may_be_staff, open_emergency
from stillroom.clinics.models import Display, EmergencyAccess
from stillroom.core.infusion.commands import Author, Record
from stillroom.core.infusion.entries import NoteAdded
from stillroom.core.infusion.roles import EMERGENCY
from stillroom.infusions.acts import perform
from stillroom.infusions.models import Infusion


@require_http_methods(["GET", "POST"])
@allow(*CLINICAL, by_display=True)
def emergency(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """From an enrolled display alone, while a drip may be in use or its patient recovers; not for who is signed in."""
    actor = actor_of(request)
    infusion = look_at(actor, infusion_id)
    if actor.person is not None:
        return redirect("bedside:room", infusion.pk)
    if actor.display is None or not may_have_emergency(infusion):
        raise Http404("nothing runs here that could need it")
    form = EmergencyForm(request.POST if request.method == "POST" else None, staff=may_be_staff(actor.display))
    if form.is_valid():
        _note(infusion, _opened(actor.display, infusion, form))
        transaction.on_commit(poke_all)
        return redirect("bedside:room", infusion.pk)
    page = {"form": form, "infusion": infusion, "lasts_min": LASTS.seconds // 60}
    return render(request, "bedside/emergency.html", page, status=422 if form.errors else 200)


@require_POST
@allow(*CLINICAL, by_display=True)
def emergency_over(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """Whoever opened it is done; the display goes on showing, and stop works as before."""
    infusion = look_at(actor_of(request), infusion_id)
    display = actor_of(request).display
    if display is not None:
        end_emergency(display, at=clock.now())
    return redirect("bedside:room", infusion.pk)


def may_have_emergency(infusion: Infusion) -> bool:
    return infusion.is_in_doubt or not (infusion.is_before_infusing or infusion.is_over)


def _opened(display: Display, infusion: Infusion, form: EmergencyForm) -> EmergencyAccess:
    said = form.cleaned_data
    return open_emergency(
        display, infusion.pk, name=said["name"], staff=said["staff"], reason=said["reason"], at=clock.now()
    )


def _note(infusion: Infusion, access: EmergencyAccess) -> None:
    """The first entry under this name says why: the log shows it before anything that was done so."""
    words = render_to_string("bedside/notes/emergency.txt", {"access": access}).strip()
    perform(
        act_id=uuid4(),
        infusion_id=infusion.pk,
        command=Record(fact=NoteAdded(words=words)),
        author=Author(by=f"emergency:{access.pk}", role=EMERGENCY),
        seen_seq=infusion.last_seq,
        received_at=access.opened_at,
        device=access.display_id,
    )
