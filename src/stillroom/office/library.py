"""The drug library's pages: what is in force, a draft and its numbers, and approving it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import CLINICAL, SECOND_SIGNER, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.core.errors import Refused
from stillroom.office.consent_texts import READERS as CONSENT_READERS
from stillroom.office.forms import Bounds
from stillroom.office.ledger import READERS as LEDGER_READERS
from stillroom.protocols.library import APPROVERS, BOUNDS, approve, changeable_limits, digest, draft_from_template
from stillroom.protocols.models import LibraryLimit, LibraryVersion

AUTHORS = (Role.PRESCRIBER, Role.LIBRARY_APPROVER, Role.ADMINISTRATOR)


@require_safe
@allow(*CLINICAL, Role.LIBRARY_APPROVER, Role.ADMINISTRATOR, SECOND_SIGNER)
def library(request: HttpRequest) -> HttpResponse:
    versions = LibraryVersion.objects.select_related("drafted_by", "approved_by").prefetch_related("drugs__limits")
    in_force = LibraryVersion.objects.in_force(timezone.now())
    drafts = [{"version": version, "digest": digest(version)} for version in versions.filter(approved_at=None)]
    page = {"in_force": in_force, "drafts": drafts, "may_write": actor_of(request).has_role(*AUTHORS)}
    page |= {"may_approve": actor_of(request).has_role(*APPROVERS)}
    page |= {"may_see_consents": actor_of(request).has_role(*CONSENT_READERS)}
    page |= {"may_review": actor_of(request).has_role(Role.PRESCRIBER, Role.LIBRARY_APPROVER, SECOND_SIGNER)}
    page |= {"may_see_ledger": actor_of(request).has_role(*LEDGER_READERS)}
    return render(request, "office/library.html", page)


@require_POST
@allow(*AUTHORS)
def draft_library(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    draft_from_template(actor.the_clinic, actor.the_person)
    return redirect("office:library")


@require_http_methods(["GET", "POST"])
@allow(*AUTHORS)
def change_limit(request: HttpRequest, limit_id: UUID) -> HttpResponse:
    """The numbers of one quantity in a draft of one's own; those of others' or approved versions stay as they are."""
    limit = get_object_or_404(changeable_limits(actor_of(request)).select_related("drug"), pk=limit_id)
    form = Bounds(request.POST or None, limit=limit)
    if form.is_valid():
        LibraryLimit.objects.filter(pk=limit.pk).update(**form.cleaned_data)
        return redirect("office:library")
    return render(request, "office/limit.html", {"form": form, "limit": limit, "bounds": BOUNDS})


@require_POST
@allow(*APPROVERS, step_up=True)
def approve_library(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The digest of what was on the screen comes with the form: what changed meanwhile is not approved."""
    version = get_object_or_404(LibraryVersion, pk=version_id)
    try:
        approve(version, actor_of(request), seen_digest=request.POST.get("seen_digest", ""))
    except Refused as refused:
        page = {"findings": refused.findings, "version": version}
        return render(request, "office/not_approved.html", page, status=409)
    messages.info(request, f"Version {version.number} of the drug library is in force.")
    return redirect("office:library")
