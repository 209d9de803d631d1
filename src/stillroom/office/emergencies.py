"""Emergency accesses, newest first: who it was said to be, why, how much was written, and who has looked since."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.emergency import is_person_said
from stillroom.clinics.models import EmergencyAccess, Role
from stillroom.infusions.models import Entry, Infusion

SHOWN = 100


@require_safe
@allow(Role.ADMINISTRATOR, Role.PRESCRIBER)
def emergencies(request: HttpRequest) -> HttpResponse:
    found = list(EmergencyAccess.objects.select_related("display", "person", "reviewed_by")[:SHOWN])
    rooms = dict(Infusion.objects.filter(pk__in=[each.infusion for each in found]).values_list("pk", "room__name"))
    authors = [f"emergency:{each.pk}" for each in found]
    wrote = dict(Entry.objects.filter(by__in=authors).values_list("by").annotate(Count("pk")).order_by())
    rows = [(each, rooms.get(each.infusion, ""), wrote.get(f"emergency:{each.pk}", 0)) for each in found]
    return render(request, "office/emergencies.html", {"rows": rows, "me": actor_of(request).the_person})


@require_POST
@allow(Role.ADMINISTRATOR, Role.PRESCRIBER)
def review_emergency(request: HttpRequest, access_id: UUID) -> HttpResponse:
    """Once, with words, and by nobody in whose name it was done."""
    actor = actor_of(request)
    access = get_object_or_404(EmergencyAccess, pk=access_id, reviewed_at=None)
    words = request.POST.get("review", "").strip()[:300]
    if words and not is_person_said(access, actor.the_person):
        access.reviewed_by, access.reviewed_at, access.review = actor.the_person, timezone.now(), words
        access.save(update_fields=["reviewed_by", "reviewed_at", "review"])
    return redirect("office:emergencies")
