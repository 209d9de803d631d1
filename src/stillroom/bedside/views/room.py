"""One live room: its page, its stream, the whole of it again when something was missed, and the label of its bag."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from stillroom.bedside import sse
from stillroom.bedside.access import look_at, roles_of
from stillroom.bedside.board_reading import read_calls
from stillroom.bedside.book import book_of
from stillroom.bedside.fill.drip import fill_label
from stillroom.bedside.fragments import all_fragments, sheets_of, told_calls
from stillroom.bedside.just_read import read_for_page
from stillroom.bedside.paper.known import known
from stillroom.bedside.paper.letterhead import letterhead_of
from stillroom.bedside.reading import read_situation
from stillroom.bedside.stop_key import stop_key
from stillroom.bedside.streaming import listen
from stillroom.bedside.tail import Topic
from stillroom.bedside.views.emergency import may_have_emergency
from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import Proof, actor_of
from stillroom.infusions.reading import state_of


@allow(*CLINICAL, by_display=True, in_emergency=True)
@require_safe
def room(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    infusion = look_at(actor, infusion_id)
    now, view = read_for_page(infusion, roles_of(actor))
    view = replace(
        view,
        sheets=sheets_of(view, now.people),
        board_href=reverse("bedside:board"),
        sounds=True,
    )
    calls = [call for call in read_calls(book_of(infusion.clinic_id)) if call.infusion_id != infusion.pk]
    sheet = known(now, letterhead_of(infusion.clinic))
    page = {"room": view, "sheet": sheet, **told_calls(calls), "stop_key": stop_key(actor, infusion)}
    page |= {"emergency": actor.emergency, "offers_emergency": actor.person is None and may_have_emergency(infusion)}
    page |= {"is_nobodys": actor.person is None, "is_taken_over": actor.proof is Proof.PIN}
    return render(request, "bedside/room.html", page | {"is_demo": settings.DEMO})


@allow(*CLINICAL, by_display=True, in_emergency=True)
@require_safe
def stream(request: HttpRequest, infusion_id: UUID) -> HttpResponseBase:
    """Every entry after the number the page was drawn at (all, if it names none), and what comes. 409: it is ahead."""
    actor = actor_of(request)
    infusion, after = look_at(actor, infusion_id), request.GET.get("after", "0")
    if not after.isdecimal() or int(after) > infusion.last_seq:
        return HttpResponse("the log does not reach that far", content_type="text/plain", status=409)
    at = clock.now()
    alarms = sse.alarms_in_short(state_of(infusion.pk).alarms, at=at)
    first = sse.heartbeat(at, alarms, head_seq=int(after))
    topic = Topic(infusion.clinic_id, infusion.pk, roles_of(actor))
    return listen(request, actor, topic, after=int(after), first=first)


@allow(*CLINICAL, by_display=True, in_emergency=True)
@require_safe
def snapshot(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """The whole page as it is now: for a page that missed something."""
    actor = actor_of(request)
    now, view = read_for_page(look_at(actor, infusion_id), roles_of(actor))
    return JsonResponse(
        {"seq": view.seq, "server_time": sse.server_time(now.at), "fragments": all_fragments(view, now.people)}
    )


@allow(*CLINICAL, by_display=True)
@require_safe
def label(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """What goes on the bag: from what was really drawn up, not from the order."""
    now = read_situation(look_at(actor_of(request), infusion_id), at=clock.now())
    made = fill_label(now)
    if made is None:
        raise Http404("no bag was made yet")
    return render(request, "bedside/label.html", {"label": made, "infusion_id": infusion_id})
