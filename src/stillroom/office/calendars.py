"""Appointments in one's own calendar: a secret address for each member of staff, and what a calendar reads there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import allow, public
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Staff
from stillroom.clinics.rows import open_clinic
from stillroom.patients.access import WORKS_WITH_PATIENTS
from stillroom.schedule.calendar import feed_of, for_staff, make_feed, of_the_clinic, revoke_feed, standing_feeds
from stillroom.web.by_link import Tries, address_of, for_no_searcher
from stillroom.web.files import as_calendar
from stillroom.web.public import lasting_address

TRIES = Tries("calendar")


@require_http_methods(["GET", "POST"])
@allow(*WORKS_WITH_PATIENTS)
def calendar(request: HttpRequest) -> HttpResponse:
    """A new address, said this once. The one before stops."""
    actor, href = actor_of(request), ""
    if request.method == "POST":
        href = lasting_address(request, reverse("office:feed", args=[make_feed(actor)]))
    page = {"href": href, "standing": standing_feeds(actor).first()}
    return render(request, "office/calendar.html", page)


@require_POST
@allow(*WORKS_WITH_PATIENTS)
def stop_calendar(request: HttpRequest) -> HttpResponse:
    revoke_feed(actor_of(request))
    messages.info(request, "That address answers nobody any more.")
    return redirect("office:calendar")


@public
@require_safe
@for_no_searcher
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar asks for again and again: while the address stands, and whose it is still works with patients."""
    if TRIES.are_too_many(address_of(request)):
        return HttpResponse(status=429)
    found = feed_of(token)
    if found is None:
        TRIES.count(address_of(request))
        return HttpResponse(status=404)
    feed_id, clinic_id, person_id = found
    open_clinic(clinic_id, by=f"feed:{feed_id}")
    roles = Staff.objects.filter(person=person_id, role__in=WORKS_WITH_PATIENTS).select_related("clinic")
    if not any(each.counts_on(each.clinic.today()) for each in roles):
        return HttpResponse(status=404)
    return as_calendar(for_staff(of_the_clinic(timezone.now())))
