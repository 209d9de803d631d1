"""The patient's own pages. A person sees their own record across clinics, and nobody else's: row security holds it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stillroom.clinics.access import PATIENT, allow
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of
from stillroom.journal.record import infusion_line


@allow(PATIENT)
@require_safe
def my_record(request: HttpRequest) -> HttpResponse:
    """My infusions, newest first: dose given, rate, length, and what to show to any doctor."""
    now = timezone.now()
    mine = Infusion.objects.select_related("clinic").order_by("-started_at", "-created_at")
    lines = [infusion_line(entries_of(infusion.pk), clinic=infusion.clinic.name, at=now) for infusion in mine]
    return render(request, "journal/my_record.html", {"lines": [line for line in lines if line is not None]})
