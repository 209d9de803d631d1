"""The clinic's side: a link for a patient, what they wrote by it, and each answer taken into the record or left out."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.intake.forms import Invitation, Reviews
from stillroom.intake.links import mail_link, make_link, revoke
from stillroom.intake.models import Link
from stillroom.intake.own_part import beside_standing, in_order, standing_answers
from stillroom.intake.records import documents_of, read_of, unread_of
from stillroom.intake.reviewing import review, waiting_answers
from stillroom.outcomes.reading import wishes_of
from stillroom.outcomes.wishing import wishes_beside
from stillroom.patients.access import note_look, patient_for
from stillroom.patients.history import history_of, items_of
from stillroom.patients.known import allergies_of
from stillroom.patients.models import Patient
from stillroom.web.posted import posted
from stillroom.web.public import lasting_address

INVITES = (*CLINICAL, Role.FRONT_DESK)


@require_http_methods(["GET", "POST"])
@allow(*CLINICAL)
def before_visit(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What the patient wrote and nobody decided yet; what is in the record; and their links."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    form = Reviews(posted(request), answers=waiting_answers(patient))
    if form.is_valid():
        kept = [review(actor, answer, what=what) for answer, what in form.decided]
        if not all(kept):
            messages.info(request, "A colleague was quicker with some of them. Theirs stands.")
        elif kept:
            messages.info(request, f"{len(kept)} decided, under your name.")
        return redirect("intake:before_visit", patient.pk)
    return _page(request, patient, {"form": form})


@require_http_methods(["GET", "POST"])
@allow(*INVITES)
def invite(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A new link, said this once; mailed where there is an address."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    form, href, could_not_mail = Invitation(posted(request)), "", False
    if form.is_valid():
        made = make_link(actor, patient, days=form.cleaned_data["days"])
        href = lasting_address(request, reverse("intake:own", args=[made.token]))
        address = form.cleaned_data["address"]
        could_not_mail = bool(address) and not mail_link(made.link, address, href=href)
        form = Invitation()
    page = {"patient": patient, "form": form, "href": href, "could_not_mail": could_not_mail}
    page["links"] = _links(patient)
    return render(request, "intake/invite.html", page, status=422 if form.errors else 200)


@require_POST
@allow(*INVITES)
def revoke_link(request: HttpRequest, link_id: UUID) -> HttpResponse:
    link = get_object_or_404(Link, pk=link_id)
    revoke(link)
    messages.info(request, "That link opens nothing any more. What was sent by it stays.")
    if link.kind == Link.Kind.RECORDS:
        return redirect("intake:ask_for_records")
    note_look(actor_of(request), link.the_patient.pk)
    return redirect("intake:invite", link.patient_id)


def _page(request: HttpRequest, patient: Patient, more: dict[str, object]) -> HttpResponse:
    answers = in_order(standing_answers(patient))
    page = {
        "patient": patient,
        "beside": beside_standing(patient),
        "reviewed": [each for each in answers if hasattr(each, "review")],
        "history": history_of(patient).values(),
        "items": items_of(patient),
        "allergies": allergies_of(patient),
        "wishes": wishes_of(patient),
        "wishes_beside": wishes_beside(patient),
        "sent": read_of(patient),
        "unread": unread_of(patient),
        "documents": documents_of(patient),
        "links": _links(patient),
    }
    return render(request, "intake/before_visit.html", page | more)


def _links(patient: Patient) -> object:
    return Link.objects.filter(patient=patient, kind=Link.Kind.OWN_PART).select_related("made_by")
