"""GET /bedside/<id>/alarms/: every alarm of this infusion, with what became of it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from stillroom.bedside.access import look_at
from stillroom.bedside.fill.alarms import fill_history
from stillroom.bedside.fill.room import fill_who
from stillroom.bedside.reading import read_situation
from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of


@allow(*CLINICAL, by_display=True)
@require_safe
def alarms(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    infusion = look_at(actor_of(request), infusion_id)
    now = read_situation(infusion, at=clock.now())
    context = {
        "who": fill_who(now),
        "rows": fill_history(now),
        "room_href": reverse("bedside:room", args=[infusion.pk]),
        "is_demo": settings.DEMO,
    }
    return render(request, "bedside/alarms.html", context)
