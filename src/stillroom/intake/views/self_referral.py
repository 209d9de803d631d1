"""A clinic's page for people who refer themselves: no account, no promise, and first of all whom to call in danger.

Nothing here acts in anybody's name, so a signed time stands in the place of a token against other sites.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import allow, public
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic, Role
from stillroom.intake.forms import ComeYourself, SelfReferralForm
from stillroom.intake.models import SelfReferralPage
from stillroom.intake.receiving import MOST_FILES, Said, is_too_large
from stillroom.intake.self_referral import MOST_BYTES, at_the_door, clinic_open_at, hand_in
from stillroom.outcomes.models import Reach
from stillroom.web.by_link import for_no_searcher
from stillroom.web.guard import Guard, came_too_often
from stillroom.web.posted import posted
from stillroom.web.public import lasting_address

SALT = "stillroom.intake.self_referral"
TOO_OFTEN, TOO_LARGE, NOT_YET = 429, 413, 422


@csrf_exempt
@public
@require_http_methods(["GET", "POST"])
@for_no_searcher
def self_referral(request: HttpRequest, address: str) -> HttpResponse:
    """Kept whole for a clinician to read. Whether this person is known here is neither said nor guessed."""
    clinic_id = clinic_open_at(address)
    if clinic_id is None:
        return render(request, "intake/come/none.html", status=404)
    form, guard = ComeYourself(posted(request)), Guard(posted(request), salt=SALT)
    page: dict[str, Any] = {"form": form, "guard": guard, "most_mb": MOST_BYTES // 1024**2, "most_files": MOST_FILES}
    if not form.is_bound:
        return _page(request, clinic_id, "come", page)
    files = request.FILES.getlist("files")
    page["is_too_large"] = is_too_large(files, most_bytes=MOST_BYTES)
    if page["is_too_large"]:
        return _page(request, clinic_id, "come", page, status=TOO_LARGE)
    if not (form.is_valid() and guard.is_valid()):
        return _page(request, clinic_id, "come", page, status=NOT_YET)
    if came_too_often(request, "self_referral"):
        return _page(request, clinic_id, "come", page | {"is_too_often": True}, status=TOO_OFTEN)
    hand_in(clinic_id, Said(about_name=form.cleaned_data["sender"], **form.cleaned_data), files)
    return redirect("intake:self_referral_received", address)


@public
@require_safe
@for_no_searcher
def received(request: HttpRequest, address: str) -> HttpResponse:
    """What happens next, and whom to call if it cannot wait. It says nothing of what was sent."""
    clinic_id = clinic_open_at(address)
    if clinic_id is None:
        return render(request, "intake/come/none.html", status=404)
    return _page(request, clinic_id, "received", {})


@require_http_methods(["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def page_of_the_clinic(request: HttpRequest) -> HttpResponse:
    """Open or closed, and at which address. What came while it was open stays, whatever is chosen here."""
    clinic = actor_of(request).the_clinic
    standing = SelfReferralPage.objects.filter(clinic=clinic).first()
    row = standing or SelfReferralPage(clinic=clinic, address=slugify(clinic.name)[:60])
    form = SelfReferralForm(posted(request), instance=row)
    if form.is_valid() and _is_kept(form):
        messages.info(request, "The page is open." if row.is_open else "The page is closed.")
        return redirect("intake:self_referral_page")
    href = lasting_address(request, reverse("intake:self_referral", args=[standing.address])) if standing else ""
    page = {"form": form, "standing": standing, "href": href}
    return render(request, "intake/self_referral_page.html", page, status=NOT_YET if form.errors else 200)


def _is_kept(form: SelfReferralForm) -> bool:
    """False where another clinic has the address: only the database sees the rows of all."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("address", "Another clinic of this server has this address. Choose another one.")
        return False
    return True


def _page(request: HttpRequest, clinic_id: UUID, name: str, page: dict[str, Any], *, status: int = 200) -> HttpResponse:
    with at_the_door(clinic_id):
        clinic, reach = Clinic.objects.get(pk=clinic_id), Reach.objects.filter(clinic=clinic_id).first()
    return render(request, f"intake/come/{name}.html", page | {"clinic": clinic, "reach": reach}, status=status)
