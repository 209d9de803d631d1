"""Paper to open, print or keep: the chart for the clinic's file, and the slip for the patient's hand.

From the room they open with `?on=screen`, as leaves that are as dim as the room; printed they are black on white, as
the PDF is.
"""

from __future__ import annotations

from base64 import b64encode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stillroom.adverse.reading import events_of_infusion
from stillroom.bedside.access import look_at
from stillroom.bedside.paper import contents
from stillroom.bedside.paper.known import known
from stillroom.bedside.paper.letterhead import letterhead_of
from stillroom.bedside.paper.pdf import leaves, pdf
from stillroom.bedside.reading import read_situation
from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.infusions.models import Infusion


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
    return _paper(request, "chart", page, infusion)


@allow(*CLINICAL, at_bedside=True)
@require_safe
@never_cache
def slip(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    infusion = look_at(actor_of(request), infusion_id)
    now = read_situation(infusion, at=clock.now())
    return _paper(request, "slip", contents.slip(now, letterhead_of(infusion.clinic)), infusion)


@allow(*CLINICAL, by_display=True)
@require_safe
@never_cache
def ambulance(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """For whoever takes over, from the room in one tap, signed in there or not, while the drip runs or after."""
    infusion = look_at(actor_of(request), infusion_id)
    now = read_situation(infusion, at=clock.now())
    return _paper(request, "ambulance", known(now, letterhead_of(infusion.clinic)), infusion)


def _paper(request: HttpRequest, page: str, made: contents.Contents, infusion: Infusion) -> HttpResponse:
    if request.GET.get("on") == "screen":
        drawn = [f"data:image/svg+xml;base64,{b64encode(leaf).decode()}" for leaf in leaves(page, made)]
        return render(request, "bedside/leaves.html", {"paper": page, "leaves": drawn})
    return _pdf(page, made, infusion)


def _pdf(page: str, made: contents.Contents, infusion: Infusion) -> HttpResponse:
    """Named by the infusion's number, never by the patient: names do not belong in a folder of downloads."""
    response = HttpResponse(pdf(page, made), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{page}-{infusion.pk}.pdf"'
    return response
