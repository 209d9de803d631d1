"""The editors' desk: what waits, where each clinic stands and why, one statement after another."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.directory import deciding, proving
from stillroom.directory.applying import LEAVES, PLACE_FIELDS, statements_typed
from stillroom.directory.criteria import criteria
from stillroom.directory.desk_forms import Key, Reason, Records, Verdict
from stillroom.directory.keeper import is_run_here
from stillroom.directory.models import Application, FromRecords, Judgement, Listing, Removal, Said
from stillroom.directory.publishing import today
from stillroom.directory.reading import words_of_answer
from stillroom.directory.standing import standing_of, standings

editors = allow(Role.EDITOR)
post_only = require_POST


@require_safe
@editors
def desk(request: HttpRequest) -> HttpResponse:
    by, day = criteria(), today()
    clinics = [
        {"standing": each, "is_listed": each.is_listed_on(day, by), "unmet": each.unmet(day, by)}
        for each in standings(by)
    ]
    waiting = Application.objects.filter(settled_at=None).exclude(confirmed_at=None).select_related("listing")
    page = {"clinics": clinics, "waiting": waiting, "is_run_here": is_run_here()}
    proposed = Removal.objects.filter(agreed_at=None, dropped_at=None).select_related("listing", "said", "proposed_by")
    return render(request, "directory/desk/desk.html", page | {"proposed": proposed})


@require_http_methods(["GET", "POST"])
@editors
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """As the clinic wrote it: taken up, as a listing whose statements wait to be judged, or turned down."""
    found = get_object_or_404(Application.objects.select_related("settled_by"), pk=application_id)
    turning_down = request.method == "POST" and "turn_down" in request.POST
    form = Reason(request.POST if turning_down else None)
    try:
        if turning_down and form.is_valid():
            deciding.turn_down(found, by=actor_of(request).the_person, reason=form.cleaned_data["reason"])
            messages.info(request, "Turned down. The reason is kept here.")
            return redirect("directory:desk")
        if request.method == "POST" and not turning_down:
            listing = deciding.take_up(found, by=actor_of(request).the_person)
            return redirect("directory:desk_clinic", listing.pk)
    except ValidationError as refused:
        form.add_error(None, refused) if form.is_bound else messages.error(request, " ".join(refused.messages))
    page = {"application": found, "form": form, "answers": _answers(found), "place": _place(found)}
    is_wrong = request.method == "POST"
    return render(request, "directory/desk/application.html", page, status=422 if is_wrong else 200)


@require_safe
@editors
def clinic(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    return _clinic_page(request, get_object_or_404(Listing, pk=listing_id))


@post_only
@editors
def judge_statement(request: HttpRequest, said_id: UUID) -> HttpResponse:
    said = get_object_or_404(Said.objects.select_related("listing"), pk=said_id)
    form = Verdict(request.POST, prefix=str(said.pk))
    return _do(
        request,
        said.listing,
        form,
        lambda: deciding.judge(said, **form.cleaned_data, by=actor_of(request).the_person),
        to=f"#{said.criterion}",
        page={"judging": said.pk},
    )


@post_only
@editors
def propose(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    listing = get_object_or_404(Listing, pk=listing_id)
    form = Reason(request.POST)
    by = actor_of(request).the_person
    return _do(
        request, listing, form, lambda: deciding.propose_removal(listing, by=by, **form.cleaned_data), to="#removal"
    )


@post_only
@editors
def propose_for_statement(request: HttpRequest, said_id: UUID) -> HttpResponse:
    said = get_object_or_404(Said.objects.select_related("listing"), pk=said_id)
    form = Reason(request.POST)
    by = actor_of(request).the_person
    return _do(
        request,
        said.listing,
        form,
        lambda: deciding.propose_removal(said.listing, said=said, by=by, **form.cleaned_data),
        to=f"#{said.criterion}",
        page={"proposing": said.pk},
    )


@post_only
@editors
def agree(request: HttpRequest, removal_id: UUID) -> HttpResponse:
    removal = get_object_or_404(Removal.objects.select_related("listing"), pk=removal_id)
    return _settle(request, removal, lambda: deciding.agree_to_removal(removal, by=actor_of(request).the_person))


@post_only
@editors
def drop(request: HttpRequest, removal_id: UUID) -> HttpResponse:
    removal = get_object_or_404(Removal.objects.select_related("listing"), pk=removal_id)
    return _settle(request, removal, lambda: deciding.drop_removal(removal))


@post_only
@editors
def register_key(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    listing = get_object_or_404(Listing, pk=listing_id)
    form = Key(request.POST)
    by = actor_of(request).the_person
    return _do(request, listing, form, lambda: proving.register(listing, by=by, **form.cleaned_data), to="#records")


@post_only
@editors
def take_records(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    listing = get_object_or_404(Listing, pk=listing_id)
    form = Records(request.POST)
    by = actor_of(request).the_person
    return _do(request, listing, form, lambda: proving.receive(listing, by=by, **form.cleaned_data), to="#records")


def _do(
    request: HttpRequest, listing: Listing, form: Any, act: Any, *, to: str, page: dict[str, Any] | None = None
) -> HttpResponse:
    """The act, and back to where it was asked for; or the page again, with what was typed and what to do about it."""
    if form.is_valid():
        try:
            act()
            return redirect(f"{_address(listing)}{to}")
        except ValidationError as refused:
            form.add_error(None, refused)
    return _clinic_page(request, listing, status=422, refused=form, **(page or {}))


def _settle(request: HttpRequest, removal: Removal, act: Any) -> HttpResponse:
    try:
        act()
    except ValidationError as refused:
        return _clinic_page(request, removal.listing, status=422, problem=" ".join(refused.messages))
    return redirect(f"{_address(removal.listing)}#removal")


def _address(listing: Listing) -> str:
    return reverse("directory:desk_clinic", args=[listing.pk])


def _clinic_page(request: HttpRequest, listing: Listing, *, status: int = 200, **more: Any) -> HttpResponse:
    by, day = criteria(), today()
    standing = standing_of(listing, by)
    refused = more.get("refused")
    key = listing.keys.filter(ended_at=None).select_related("registered_by").first()
    records = FromRecords.objects.filter(listing=listing).select_related("received_by").first()
    page = {
        "listing": listing,
        "standing": standing,
        "is_listed": standing.is_listed_on(day, by),
        "unmet": standing.unmet(day, by),
        "rows": [_row(stand, more.get("judging"), refused, day) for stand in standing.stands],
        "key": key,
        "key_form": refused if isinstance(refused, Key) else Key(),
        "records": records,
        "proved": proving.proved(records.text) if records else None,
        "records_say": proving.said_in(records.text) if records else None,
        "records_form": refused if isinstance(refused, Records) else Records(),
        "reason_form": refused if isinstance(refused, Reason) else Reason(),
        "history": _history(listing),
        "you": actor_of(request).the_person,
        **more,
    }
    return render(request, "directory/desk/clinic.html", page, status=status)


def _row(stand: Any, judging: UUID | None, refused: Any, day: Any) -> dict[str, Any]:
    newest, statement = stand.newest, stand.statement
    form = None
    if newest is not None:
        is_this = judging == newest.pk and isinstance(refused, Verdict)
        form = refused if is_this else Verdict(prefix=str(newest.pk))
    return {
        "stand": stand,
        "form": form,
        "said_words": words_of_answer(stand.criterion, newest.answer) if newest else "",
        "stands_words": words_of_answer(stand.criterion, stand.said.answer) if stand.said else "",
        "state": statement.state_on(day).value if statement else "",
        "is_met": stand.criterion.is_met_by(newest.answer) if newest else False,
        "removal": next(iter(stand.said.removals.all()), None) if stand.said else None,
    }


def _history(listing: Listing) -> list[dict[str, Any]]:
    """What was said, judged and taken out, the newest first."""
    judged = Judgement.objects.filter(said__listing=listing).select_related("said", "judged_by")
    removals = Removal.objects.filter(listing=listing).select_related("said", "proposed_by", "agreed_by")
    applications = Application.objects.filter(listing=listing).exclude(settled_at=None).select_related("settled_by")
    events: list[dict[str, Any]] = [{"at": each.judged_at, "kind": "judged", "what": each} for each in judged]
    events += [{"at": each.proposed_at, "kind": "proposed", "what": each} for each in removals]
    events += [{"at": each.agreed_at, "kind": "agreed", "what": each} for each in removals if each.agreed_at]
    events += [{"at": each.dropped_at, "kind": "dropped", "what": each} for each in removals if each.dropped_at]
    events += [{"at": each.settled_at, "kind": "settled", "what": each} for each in applications]
    titles = {each.code: each.title for each in criteria().criteria}
    for event in events:
        said = event["what"] if isinstance(event["what"], Said) else getattr(event["what"], "said", None)
        event["title"] = titles.get(said.criterion, said.criterion) if isinstance(said, Said) else ""
    return sorted(events, key=lambda event: event["at"], reverse=True)


def _answers(found: Application) -> list[dict[str, Any]]:
    typed = statements_typed(found.typed)
    return [
        {
            "criterion": each,
            "words": words_of_answer(each, typed[each.code][0]) if each.code in typed else "",
            "note": typed[each.code][1] if each.code in typed else "",
            "is_met": each.code in typed and each.is_met_by(typed[each.code][0]),
        }
        for each in criteria().criteria
        if not found.typed.get(LEAVES)
    ]


def _place(found: Application) -> dict[str, str]:
    return {name: str(found.typed.get(name, "")) for name in PLACE_FIELDS}
