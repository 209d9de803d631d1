"""The patient's own pages. A person sees their own record across clinics, and nobody else's: row security holds it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.actor import actor_of
from stillroom.journal.brought import all_brought, elsewhere_in
from stillroom.journal.helped import what_helped
from stillroom.journal.mine import merged, my_infusion, my_infusions
from stillroom.journal.weeks import USUAL_SPAN, my_weeks
from stillroom.patients.access import patients_for


@allow(PATIENT)
@require_safe
def my_record(request: HttpRequest) -> HttpResponse:
    """My weeks, with today's check-in; then my infusions, newest first, of all clinics; then whom to call."""
    now = timezone.now()
    patients = list(patients_for(actor_of(request)).select_related("clinic"))
    elsewhere = elsewhere_in(all_brought(actor_of(request).the_person))
    told = merged(my_infusions(at=now), elsewhere.infusions)
    page: dict[str, object] = {"infusions": told, "shows_where": len({each.clinic for each in told}) > 1}
    if patients:
        span = request.GET.get("weeks", USUAL_SPAN)
        page |= {
            "weeks": my_weeks(patients, elsewhere, at=now, span=span),
            "helped": what_helped(patients, told, elsewhere, at=now),
        }
    return render(request, "journal/my_record.html", page)


@allow(PATIENT)
@require_safe
def infusion(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """One infusion, whole: there while it runs, when I leave, and ever after."""
    return render(request, "journal/infusion.html", {"told": my_infusion(infusion_id, at=timezone.now())})
