"""Writing into the ledger at a desk: what came, every other kind of line, and that a witness saw it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from stillroom.clinics.access import SECOND_SIGNER, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.core.errors import Finding, Refused
from stillroom.core.stock import Kind
from stillroom.ledger.models import StockItem
from stillroom.ledger.reading import read_page, receipts_take_two
from stillroom.ledger.writing import page_for, say_who_receives, write_line
from stillroom.office.ledger import WRITERS
from stillroom.office.ledger_forms import Receive, Write, line_about
from stillroom.web.posted import posted

ABOUT_A_LINE = (Kind.EXPLAINED, Kind.REVERSED)
AT_A_DESK = frozenset(Kind) - {Kind.RECEIVED, Kind.WITNESSED}


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def receive(request: HttpRequest) -> HttpResponse:
    """Vials that came; the first ones of a strength and size begin a page, and the first page begins the ledger."""
    actor, by_two = actor_of(request), receipts_take_two()
    form = Receive(posted(request), clinic=actor.the_clinic, writer=actor.the_person.pk, by_two=by_two)
    found: tuple[Finding, ...] = ()
    if form.is_valid():
        said = form.said()
        size = {name: said.pop(name) for name in ("vial_mg_per_ml", "vial_ml")}
        try:
            item = page_for(actor.the_clinic, by=actor.the_person, **size)
            write_line(item, by=actor.the_person.pk, kind=Kind.RECEIVED, **said)
            return redirect("office:ledger_page", item.pk)
        except Refused as refused:
            found = refused.findings
    told = {"form": form, "findings": found, "by_two": by_two}
    return render(request, "office/receive_vials.html", told, status=422 if form.errors or found else 200)


@require_http_methods(["GET", "POST"])
@allow(*WRITERS)
def write(request: HttpRequest, item_id: UUID, kind: str) -> HttpResponse:
    """One line of any other kind. An explanation and a reversal are of an earlier line: `?about=` its number."""
    if kind not in AT_A_DESK:
        raise Http404("no such kind of line")
    page, actor = read_page(get_object_or_404(StockItem, pk=item_id)), actor_of(request)
    about = line_about(page, request.GET.get("about", "")) if kind in ABOUT_A_LINE else None
    if kind in ABOUT_A_LINE and about is None:
        raise Http404("no such line")
    form = Write(
        posted(request),
        kind=Kind(kind),
        page=page,
        about=about.number if about else None,
        clinic=actor.the_clinic,
        writer=actor.the_person.pk,
    )
    found: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            write_line(page.item, by=actor.the_person.pk, kind=Kind(kind), **form.said())
            return redirect("office:ledger_page", page.item.pk)
        except Refused as refused:
            found = refused.findings
    told: dict[str, Any] = {"form": form, "findings": found, "kind": kind, "item": page.item, "about": about}
    return render(request, "office/write_in_ledger.html", told, status=422 if form.errors or found else 200)


@require_POST
@allow(*WRITERS, SECOND_SIGNER)
def witnessed(request: HttpRequest, item_id: UUID, number: int) -> HttpResponse:
    """Whoever a line names as witness says that it is so; once, and nobody else."""
    item, me = get_object_or_404(StockItem, pk=item_id), actor_of(request).the_person
    try:
        act_id = uuid5(item.pk, f"seen {number} {me.pk}")
        write_line(item, act_id=act_id, by=me.pk, kind=Kind.WITNESSED, about=number)
        messages.info(request, f"Line {number} carries your name as its witness.")
    except Refused as refused:
        told = {"findings": refused.findings, "item": item}
        return render(request, "office/not_witnessed.html", told, status=422)
    return redirect("office:ledger_page", item.pk)


@require_POST
@allow(Role.ADMINISTRATOR)
def who_receives(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    say_who_receives(actor.the_clinic, by_two=request.POST.get("by") == "two", by=actor.the_person)
    return redirect("office:ledger")
