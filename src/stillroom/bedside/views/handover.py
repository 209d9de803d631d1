"""GET /board/handover/: what is open in each room, on one sheet, for whoever goes and whoever comes."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stillroom.bedside.access import roles_of
from stillroom.bedside.handover import read_handover
from stillroom.bedside.reading import open_infusions
from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.patients.access import note_looks, patients_for
from stillroom.patients.models import Patient


@allow(*CLINICAL, at_bedside=True)
@require_safe
@never_cache
def handover(request: HttpRequest) -> HttpResponse:
    """Names and all, so that whoever comes knows whom they have: that it was looked at is written down."""
    actor = actor_of(request)
    infusions = open_infusions().filter(patient__in=patients_for(actor)).select_related("patient", "room", "clinic")
    note_looks(actor, Patient.objects.filter(infusions__in=infusions))
    found = read_handover(actor.the_clinic, infusions, roles=roles_of(actor), at=clock.now())
    return render(request, "bedside/handover.html", {"handover": found, "is_demo": settings.DEMO})
