"""Erasing my words: my own, and names and wishes in what the clinic wrote. What staff wrote one can ask to have erased.

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
from stillroom.core.infusion.comfort import is_any_code
from stillroom.infusions.append import erase_text
from stillroom.infusions.codec import ERASED
from stillroom.infusions.erasures import words_asked_for
from stillroom.infusions.models import Entry, EntryText, ErasureAsked, Infusion
from stillroom.journal.checkins import own_patients
from stillroom.outcomes.models import CheckIn, Note, Wishes

MINE_IN_THE_LOG = {
    "ComfortSet": ("choice",),
    "WentHome": ("adult_name", "adult_relation", "adult_phone"),
}
"""Kind of entry -> fields that are the patient's or a companion's. A note or a reason is the clinic's own record."""

NOT_OF_THE_PATIENT = ("placed_by",)
"""Names of staff: they say nothing about who was treated."""

GROUND = "asked by the patient"
OWN = {"checkin": CheckIn, "note": Note, "wishes": Wishes}
WORDS_OF_WISHES = ("music", "with_me", "lights", "warmth", "talk", "intention", "to_bring", "way_home_words")


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
    erasable = {each.key: each for each in (*_in_the_log(is_mine=True), *_my_own())}
    if request.method == "POST":
        chosen = erasable.get(request.POST.get("words", ""))
        if chosen is None:
            raise Http404("no such words of yours")
        if request.POST.get("sure") == "yes":
            _erase(chosen.key, by=actor_of(request).by)
            messages.info(request, "Those words are erased.")
            return redirect("journal:erase")
        return render(request, "journal/erase_sure.html", {"chosen": chosen})
    asked = ErasureAsked.objects.select_related("clinic", "infusion__clinic", "answer__answered_by")
    page = {
        "erasable": erasable.values(),
        "patients": patients,
        "of_staff": words_of_staff().values(),
        "asked": [(each, words_asked_for(each)) for each in asked.order_by("-asked_at")],
    }
    return render(request, "journal/erase.html", page)


def words_of_staff() -> dict[str, Words]:
    """What the clinic's staff wrote in words about me, and I have not asked to have erased yet."""
    asked = {_key(each) for each in ErasureAsked.objects.all()}
    return {each.key: each for each in _in_the_log(is_mine=False) if each.key not in asked}


def _in_the_log(*, is_mine: bool) -> Iterator[Words]:
    """Of every infusion of mine, the newest first: row security shows no other."""
    infusions = {each.pk: each for each in Infusion.objects.select_related("clinic").order_by("-created_at")}
    texts = list(EntryText.objects.exclude(field__in=NOT_OF_THE_PATIENT))
    places = {(text.infusion_id, text.seq) for text in texts}
    found = Entry.objects.filter(infusion__in=infusions, seq__in={seq for _, seq in places})
    entries = {(entry.infusion_id, entry.seq): entry for entry in found}
    newest = {pk: place for place, pk in enumerate(infusions)}
    for text in sorted(texts, key=lambda text: (newest[text.infusion_id], text.seq, text.field)):
        entry = entries[text.infusion_id, text.seq]
        if entry.kind == "ComfortSet" and is_any_code(text.text):
            continue
        if (text.field in MINE_IN_THE_LOG.get(entry.kind, ())) is is_mine:
            day = entry.occurred_at.astimezone(ZoneInfo(infusions[text.infusion_id].clinic.time_zone)).date()
            yield Words(what=f"{entry.kind}.{text.field}", day=day, words=text.text, key=_key(text))


def _key(words: EntryText | ErasureAsked) -> str:
    return f"log {words.infusion_id} {words.seq} {words.field}"


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
