"""What a doctor sees by a link: no sign-in, nothing for searchers, nothing kept by anyone, and never unseen.

Whoever opens one writes their name first; each page they open is a line that the patient reads. The secret of a link is
guessed by nobody, and who tries is slowed down all the same (`web.by_link`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import public
from stillroom.clinics.rows import open_person
from stillroom.journal.forms_taking import WhoAreYou
from stillroom.journal.links import Opened, open_share, stands
from stillroom.journal.mine import Told, infusion_of, my_infusions
from stillroom.outcomes.reading import standing_check_ins, standing_questionnaires
from stillroom.patients.models import Patient
from stillroom.web.by_link import Remembered, Tries, address_of, for_no_searcher
from stillroom.web.posted import posted

TRIES, SAID = Tries("shared"), Remembered("shared", lasts_s=3600)


@public
@require_http_methods(["GET", "POST"])
@for_no_searcher
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """First who they are, then the record."""
    if TRIES.are_too_many(address_of(request)):
        return render(request, "journal/shared/too_often.html", status=429)
    if not stands(token):
        return _stands_not(request)
    form = WhoAreYou(posted(request))
    if form.is_valid():
        response = redirect("journal:shared", token)
        SAID.keep(response, token, form.cleaned_data["name"], path=reverse("journal:shared", args=[token]))
        return response
    name = SAID.of(request, token)
    opened = open_share(token, name=name, page="record") if name and request.method != "POST" else None
    if opened is None:
        return render(request, "journal/shared/who.html", {"form": form}, status=422 if form.errors else 200)
    return render(request, "journal/shared/record.html", {"token": token, **_record(token, opened)})


@public
@require_safe
@for_no_searcher
def shared_infusion(request: HttpRequest, token: str, infusion_id: UUID) -> HttpResponse:
    if TRIES.are_too_many(address_of(request)):
        return render(request, "journal/shared/too_often.html", status=429)
    if not stands(token):
        return _stands_not(request)
    name = SAID.of(request, token)
    opened = open_share(token, name=name, page="infusion") if name else None
    if opened is None:
        return redirect("journal:shared", token)
    open_person(opened.person_id)
    told = infusion_of(infusion_id, at=timezone.now())
    if told is None:
        return _stands_not(request)
    return render(request, "journal/shared/infusion.html", {"token": token, "told": told, **_who()})


def _record(token: str, opened: Opened) -> dict[str, Any]:
    """The record, its rows opened as its person sees them; read, and nothing written."""
    open_person(opened.person_id)
    patients = list(Patient.objects.filter(person=opened.person_id))
    told = [_by_link(token, each) for each in my_infusions(at=timezone.now())]
    weeks = {"questionnaires": standing_questionnaires(patients), "check_ins": standing_check_ins(patients)}
    return {
        "infusions": told,
        "shows_where": len({each.clinic for each in told}) > 1,
        "until": opened.until,
        "with_weeks": opened.with_weeks,
        **(weeks if opened.with_weeks else {}),
        **_who(),
    }


def _by_link(token: str, told: Told) -> Told:
    """Opened by the link it is shown under, as nobody is signed in."""
    return replace(told, href=reverse("journal:shared_infusion", args=[token, told.infusion_id]))


def _who() -> dict[str, Any]:
    """Whose record it is, and the clinics that wrote it."""
    patients = list(Patient.objects.select_related("clinic").order_by("clinic__name"))
    return {"patient": patients[0] if patients else None, "clinics": [patient.clinic.name for patient in patients]}


def _stands_not(request: HttpRequest) -> HttpResponse:
    """An expired, a revoked and an invented link look the same."""
    TRIES.count(address_of(request))
    return render(request, "journal/shared/none.html", status=404)
