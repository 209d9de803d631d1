"""What clinics elsewhere handed me: brought here, read beside what is here, removed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Person
from stillroom.core.errors import Finding, Refused
from stillroom.core.outcomes import INSTRUMENTS
from stillroom.exchange.bringing import bring, part_in
from stillroom.exchange.judging import Judged, judge
from stillroom.exchange.models import BroughtPart
from stillroom.exchange.record import CheckInSaid, QuestionnaireSaid
from stillroom.exchange.signing import fingerprint, known_keys
from stillroom.journal.checkins import own_patients
from stillroom.journal.forms_taking import Bring
from stillroom.journal.mine import Told, brought_infusions
from stillroom.journal.weeks import PHQ9, Elsewhere
from stillroom.web.posted import posted

Replaceable = TypeVar("Replaceable", CheckInSaid, QuestionnaireSaid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """One part, and what it is worth now: `wrong` when it does not hold any more."""

    row: BroughtPart
    judged: Judged | None
    wrong: tuple[Finding, ...] = ()

    @property
    def infusions(self) -> list[Told]:
        return brought_infusions(self.row, self.judged) if self.judged else []

    @property
    def questionnaires(self) -> list[dict[str, object]]:
        """What stands, with the name of its instrument."""
        rows = _standing(self.judged.record.questionnaires) if self.judged else []
        return [
            {"day": row.day, "name": _name_of(row.instrument), "total": row.total, "band": row.band} for row in rows
        ]

    @property
    def check_ins(self) -> list[CheckInSaid]:
        return _standing(self.judged.record.check_ins) if self.judged else []

    @property
    def fingerprint(self) -> str:
        public = self.judged.part.manifest.public_key if self.judged else None
        return fingerprint(public) if public else ""


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def bring_along(request: HttpRequest) -> HttpResponse:
    own_patients(request)
    form = Bring(request.POST, request.FILES) if posted(request) is not None else Bring()
    findings: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            return _kept(request, form)
        except Refused as refused:
            findings = tuple(refused.findings)
    page = {"form": form, "findings": findings, "brought": all_brought(actor_of(request).the_person)}
    return render(request, "journal/bring.html", page, status=422 if form.errors or findings else 200)


@allow(PATIENT)
@require_safe
def brought_part(request: HttpRequest, part_id: UUID) -> HttpResponse:
    return render(request, "journal/brought.html", {"brought": _mine(request, part_id)})


@allow(PATIENT)
@require_safe
def brought_infusion(request: HttpRequest, part_id: UUID, infusion_id: UUID) -> HttpResponse:
    """One infusion that was given elsewhere, told as those here are."""
    brought = _mine(request, part_id)
    told = next((each for each in brought.infusions if each.infusion_id == infusion_id), None)
    if told is None:
        raise Http404("no such infusion")
    return render(request, "journal/infusion.html", {"told": told, "brought": brought})


@allow(PATIENT)
@require_POST
def let_go(request: HttpRequest, part_id: UUID) -> HttpResponse:
    row = get_object_or_404(BroughtPart, pk=part_id)
    row.delete()
    messages.info(
        request, f"What you had brought from {row.clinic_name} is gone from here. The file you have is as it was."
    )
    return redirect("journal:bring")


def _standing(rows: Sequence[Replaceable]) -> list[Replaceable]:
    """Those that none of the others replaces, by day."""
    replaced = {row.replaces_id for row in rows}
    return sorted((row for row in rows if row.id not in replaced), key=lambda row: row.day)


def _name_of(instrument: str) -> str:
    """A clinic elsewhere may know instruments that nobody knows here."""
    return INSTRUMENTS[instrument].name if instrument in INSTRUMENTS else instrument


def all_brought(person: Person) -> list[Brought]:
    return [_judged(row) for row in BroughtPart.objects.filter(person=person)]


def elsewhere_in(brought: Sequence[Brought]) -> Elsewhere:
    """What clinics elsewhere wrote down of the same weeks, put together; what is damaged says nothing."""
    records = sorted((each.judged.record for each in brought if each.judged), key=lambda record: record.made_at)
    lows = {row.day: row.low for record in records for row in _standing(record.check_ins) if row.low is not None}
    totals = [row for record in records for row in _standing(record.questionnaires) if row.instrument == PHQ9.code]
    return Elsewhere(
        clinics=tuple(dict.fromkeys(record.clinic.name for record in records)),
        infusions=[told for each in brought for told in each.infusions],
        lows=lows,
        totals=[row for row in totals if row.total is not None],
    )


def _kept(request: HttpRequest, form: Bring) -> HttpResponse:
    person = actor_of(request).the_person
    content = form.cleaned_data["record"].read()
    rows = bring(content, person, passphrase=form.cleaned_data["passphrase"], keys=settings.SIGNING_KEYS)
    for row in rows:
        messages.info(request, f"Your record of {row.clinic_name} is here now.")
    if not rows:
        messages.info(request, "All of that is here already.")
    return redirect("journal:bring")


def _mine(request: HttpRequest, part_id: UUID) -> Brought:
    return _judged(get_object_or_404(BroughtPart, pk=part_id, person=actor_of(request).the_person))


def _judged(row: BroughtPart) -> Brought:
    """Judged anew: what lies in a database is not believed for lying there."""
    try:
        return Brought(row=row, judged=judge(part_in(row), known=known_keys(settings.SIGNING_KEYS)))
    except Refused as refused:
        return Brought(row=row, judged=None, wrong=tuple(refused.findings))
