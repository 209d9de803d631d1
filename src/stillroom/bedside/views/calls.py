"""GET /board/calls: what is called out now, for the pages of the day. Who treats hears of all of it, at once; everybody
else who works here when help was called, or when nobody who treats has answered.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stillroom.bedside.board_reading import read_calls
from stillroom.bedside.book import book_of
from stillroom.bedside.fragments import told_calls
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.core.safety.escalation import Called


@allow(*Role.values)
@require_safe
@never_cache
def calls(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    may_open = any(actor.has_role(role) for role in CLINICAL)
    found = read_calls(book_of(actor.the_clinic.pk))
    told = [call for call in found if may_open or not call.condition or call.called is Called.EVERYBODY]
    return render(request, "bedside/_calls.html", told_calls(told) | {"is_told_only": not may_open})
