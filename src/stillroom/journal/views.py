"""The patient's own pages. A person sees their own record across clinics, and nobody else's: row security holds it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stillroom.clinics.access import PATIENT, allow
from stillroom.journal.mine import my_infusion, my_infusions


@allow(PATIENT)
@require_safe
def my_record(request: HttpRequest) -> HttpResponse:
    """My infusions, newest first: dose given, rate, length, and what to show to any doctor."""
    return render(request, "journal/my_record.html", {"infusions": my_infusions(at=timezone.now())})


@allow(PATIENT)
@require_safe
def infusion(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """One infusion, whole: there while it runs, when I leave, and ever after."""
    return render(request, "journal/infusion.html", {"told": my_infusion(infusion_id, at=timezone.now())})
