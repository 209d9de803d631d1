"""The board on the wall: all rooms of the clinic at a glance, names as initials."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stillroom.bedside import sse
from stillroom.bedside.access import roles_of
from stillroom.bedside.board_reading import board_for_page, read_board, read_calls, read_heads
from stillroom.bedside.book import book_of
from stillroom.bedside.fragments import told_calls
from stillroom.bedside.reading import open_infusions
from stillroom.bedside.streaming import NEW_BOARD_SEQ, listen
from stillroom.bedside.tail import Topic
from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.patients.access import note_looks
from stillroom.patients.models import Patient


@allow(*CLINICAL, by_display=True)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    heads = read_heads()
    view = board_for_page(actor.the_clinic.pk, at=clock.now(), heads=heads)
    calls = read_calls(book_of(actor.the_clinic.pk), heads)
    note_looks(actor, Patient.objects.filter(infusions__in=open_infusions()))
    context = {"board": view, **told_calls(calls), "me": actor.by if actor.person else None, "is_demo": settings.DEMO}
    return render(request, "bedside/board.html", context)


@allow(*CLINICAL, by_display=True)
@require_safe
def board_stream(request: HttpRequest) -> HttpResponseBase:
    """Whole from the first event on: what is drawn anew is told to whoever is there."""
    actor = actor_of(request)
    at = clock.now()
    _, alarms = read_board(actor.the_clinic.pk, at=at)
    first = sse.heartbeat(at, sse.alarms_in_short(alarms, at=at))
    topic = Topic(actor.the_clinic.pk, None, roles_of(actor))
    return listen(request, actor, topic, after=NEW_BOARD_SEQ, first=first)
