"""Paper to open, print or keep: the chart for the clinic's file, and the slip for the patient's hand."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stillroom.adverse.reading import events_of_infusion
from stillroom.bedside.access import infusion_for, look_at
from stillroom.bedside.paper import contents
from stillroom.bedside.paper.known import known
from stillroom.bedside.paper.pdf import pdf
from stillroom.bedside.reading import read_situation
from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic
from stillroom.infusions.models import Infusion
from stillroom.outcomes.models import Reach
from stillroom.patients.access import note_look_on

ONE_LOOK = timedelta(hours=1)


@allow(*CLINICAL, at_bedside=True)
@require_safe
@never_cache
def chart(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    infusion = look_at(actor_of(request), infusion_id)
    now = read_situation(infusion, at=clock.now())
    head_hash = bytes(infusion.head_hash).hex()
    page = contents.chart(
        now,
        letterhead_of(infusion.clinic),
        head_seq=infusion.last_seq,
        head_hash=head_hash,
        adverse=events_of_infusion(infusion, today=infusion.clinic.today()),
    )
    return _pdf("chart", page, infusion)


@allow(*CLINICAL, at_bedside=True)
@require_safe
@never_cache
def slip(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    infusion = look_at(actor_of(request), infusion_id)
    now = read_situation(infusion, at=clock.now())
    return _pdf("slip", contents.slip(now, letterhead_of(infusion.clinic)), infusion)


@allow(*CLINICAL, by_display=True)
@require_safe
@never_cache
def ambulance(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """For whoever takes over, from the room in one tap, signed in there or not, while the drip runs or after."""
    infusion = look_at(actor_of(request), infusion_id)
    now = read_situation(infusion, at=clock.now())
    return _pdf("ambulance", known(now, letterhead_of(infusion.clinic)), infusion)


@allow(*CLINICAL, by_display=True)
@require_safe
@never_cache
def in_memory(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """The same as a part of the room's page, which asks for it each half minute: an hour of that is one look."""
    actor = actor_of(request)
    infusion = infusion_for(actor, infusion_id)
    note_look_on(actor, infusion.patient_id, for_now=ONE_LOOK)
    now = read_situation(infusion, at=clock.now())
    return render(request, "bedside/_paper.html", {"sheet": known(now, letterhead_of(infusion.clinic))})


def letterhead_of(clinic: Clinic) -> contents.Letterhead:
    reach = Reach.objects.filter(clinic=clinic).first()
    return contents.Letterhead(
        name=clinic.name,
        phone=clinic.phone,
        after_hours_phone=clinic.after_hours_phone,
        zone=ZoneInfo(clinic.time_zone),
        call_now=reach.call_now if reach else "",
        call_now_is=reach.call_now_is if reach else "",
    )


def _pdf(page: str, made: contents.Contents, infusion: Infusion) -> HttpResponse:
    """Named by the infusion's number, never by the patient: names do not belong in a folder of downloads."""
    response = HttpResponse(pdf(page, made), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{page}-{infusion.pk}.pdf"'
    return response
