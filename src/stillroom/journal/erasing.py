"""Erasing my words: my own, and names and wishes in what the clinic wrote. What the clinic must keep is said to be so.

What was erased leaves "[erased]" in its place, and in the log of an infusion also who asked and when; its chain still
verifies, and no dose, time or reading changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.rows import clinic_scope
from stillroom.infusions.append import erase_text
from stillroom.infusions.codec import ERASED
from stillroom.infusions.models import Entry, EntryText, Infusion
from stillroom.journal.checkins import own_patients
from stillroom.outcomes.models import CheckIn, Note, Wishes

MINE_IN_THE_LOG = {
    "ComfortSet": ("choice",),
    "WentHome": ("adult_name", "adult_relation", "adult_phone"),
}
"""Kind of entry -> fields that are the patient's or a companion's. A note or a reason is the clinic's own record."""

GROUND = "asked by the patient"
OWN = {"checkin": CheckIn, "note": Note, "wishes": Wishes}
WORDS_OF_WISHES = ("music", "with_me", "lights", "talk", "intention", "to_bring", "way_home_words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words that can go: what they are part of, on which day, and what asks for it."""

    what: str
    day: date
    words: str
    key: str


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    patients = own_patients(request)
    erasable = {each.key: each for each in (*_in_the_log(), *_my_own())}
    if request.method == "POST":
        chosen = erasable.get(request.POST.get("words", ""))
        if chosen is None:
            raise Http404("no such words of yours")
        if request.POST.get("sure") == "yes":
            _erase(chosen.key, by=actor_of(request).by)
            messages.info(request, "Those words are erased.")
            return redirect("journal:erase")
        return render(request, "journal/erase_sure.html", {"chosen": chosen})
    return render(request, "journal/erase.html", {"erasable": erasable.values(), "patients": patients})


def _in_the_log() -> Iterator[Words]:
    """Of every infusion that is mine: row security shows no other."""
    kinds = dict(Entry.objects.filter(kind__in=MINE_IN_THE_LOG).values_list("pk", "kind"))
    entries = {(entry.infusion_id, entry.seq): entry for entry in Entry.objects.filter(pk__in=kinds)}
    zones = {each.pk: ZoneInfo(each.clinic.time_zone) for each in Infusion.objects.select_related("clinic")}
    for text in EntryText.objects.order_by("-infusion", "seq", "field"):
        entry = entries.get((text.infusion_id, text.seq))
        if entry and text.field in MINE_IN_THE_LOG[entry.kind]:
            day = entry.occurred_at.astimezone(zones[text.infusion_id]).date()
            key = f"log {text.infusion_id} {text.seq} {text.field}"
            yield Words(what=f"{entry.kind}.{text.field}", day=day, words=text.text, key=key)


def _my_own() -> Iterator[Words]:
    for row in CheckIn.objects.exclude(words__in=["", ERASED]).order_by("-day", "-written_at"):
        yield Words(what="checkin", day=row.day, words=row.words, key=f"checkin {row.pk}")
    for note in Note.objects.exclude(words=ERASED):
        yield Words(what="note", day=note.day, words=note.words, key=f"note {note.pk}")
    for wishes in Wishes.objects.all():
        said = [value for name in WORDS_OF_WISHES if (value := getattr(wishes, name)) not in ("", ERASED)]
        if said:
            yield Words(what="wishes", day=wishes.written_at.date(), words="; ".join(said), key=f"wishes {wishes.pk}")


def _erase(key: str, *, by: str) -> None:
    """`key` is one of those listed above, so it is this person's."""
    what, id_, *rest = key.split()
    if what == "log":
        infusion = Infusion.objects.get(pk=UUID(id_))
        with clinic_scope(infusion.clinic_id, by=by):
            erase_text(infusion_id=infusion.pk, seq=int(rest[0]), field=rest[1], by=by, ground=GROUND)
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {OWN[what]._meta.db_table}_erase_words(%s)", [UUID(id_)])
