"""My links for doctors: make one, see who used it, revoke it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.actor import actor_of
from stillroom.journal.checkins import own_patients
from stillroom.journal.forms_taking import ShareForm
from stillroom.journal.links import share
from stillroom.journal.models import Share
from stillroom.web.posted import posted


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def sharing(request: HttpRequest) -> HttpResponse:
    own_patients(request)
    form, link = ShareForm(posted(request)), ""
    if form.is_valid():
        token = share(actor_of(request).the_person, **form.cleaned_data)
        link = request.build_absolute_uri(reverse("journal:shared", args=[token]))
        form = ShareForm()
    shares = Share.objects.prefetch_related("uses")
    page = {"form": form, "link": link, "shares": shares}
    return render(request, "journal/sharing.html", page, status=422 if form.errors else 200)


@allow(PATIENT)
@require_POST
def revoke(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """Nobody opens anything by it from now on; who did stays on the list."""
    row = get_object_or_404(Share, pk=share_id)
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
    messages.info(request, f"The link for {row.for_whom} opens nothing any more.")
    return redirect("journal:sharing")
