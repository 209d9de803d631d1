"""The day at the desk: every infusion of today, where it stands, and its papers; also of who went home today."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic, Role
from stillroom.core.infusion.state import OVER
from stillroom.infusions.models import Infusion
from stillroom.patients.access import note_looks
from stillroom.patients.models import Patient


@allow(*CLINICAL, Role.FRONT_DESK)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Open infusions first, then those that ended today. The papers are for those who treat."""
    actor = actor_of(request)
    infusions = infusions_of_today(actor.the_clinic)
    note_looks(actor, Patient.objects.filter(infusions__in=infusions.order_by()))
    return render(request, "office/today.html", {"infusions": infusions, "may_treat": actor.has_role(*CLINICAL)})


def infusions_of_today(clinic: Clinic) -> QuerySet[Infusion]:
    """All that are not over, and all that began or ended since midnight of the clinic's own day."""
    midnight = datetime.combine(clinic.today(), time(), ZoneInfo(clinic.time_zone))
    still_open = ~Q(status__in=OVER)
    of_today = Q(started_at__gte=midnight) | Q(ended_at__gte=midnight)
    infusions = Infusion.objects.filter(still_open | of_today)
    return infusions.select_related("patient", "room").order_by("room__name", "created_at")
