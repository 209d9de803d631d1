"""Wishes written by a patient, by their link or in their journal, perhaps on two phones at once.

Neither undoes what the other wrote, and who treats the patient reads both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from stillroom.outcomes.asking import WishesFields
from stillroom.outcomes.models import Wishes
from stillroom.outcomes.reading import wishes_of
from stillroom.patients.models import Patient

Both = list[tuple[str, str, str]]
"""Where two differ: the wish, what was saved there, what was written here."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One wish that was set aside: its name, what was written, and the row it is in."""

    name: str
    words: str
    row: Wishes


def keep_wishes(patient: Patient, mine: Mapping[str, str], *, by: str, seen: str | None) -> Both:
    """Keep what is new. `seen` is the mark of what the page had shown: what it left as it was stays as it is by now.

    Where both wrote, what was saved first stands, and this is kept in a row before it, set aside.
    """
    with transaction.atomic():
        _one_page_at_a_time(patient)
        standing = wishes_of(patient)
        theirs, shown = wished(standing), wished(_shown(patient, seen) if seen is not None else standing)
        merged = {name: theirs[name] if mine[name] == shown[name] else mine[name] for name in WishesFields.kept}
        both = [
            (name, theirs[name], mine[name])
            for name in WishesFields.kept
            if mine[name] not in (shown[name], theirs[name]) and theirs[name] != shown[name]
        ]
        if both:
            _write(patient, by, mine, set_aside=True)
            _write(patient, by, theirs | {name: merged[name] for name in merged if theirs[name] == shown[name]})
        elif merged != theirs:
            _write(patient, by, merged)
    return both


def wishes_mark(patient: Patient) -> str:
    """What a page carries, to say which wishes it showed."""
    standing = wishes_of(patient)
    return str(standing.pk) if standing else ""


def wished(wishes: Wishes | None) -> dict[str, str]:
    return {name: getattr(wishes, name) if wishes else "" for name in WishesFields.kept}


def wishes_beside(patient: Patient) -> list[Beside]:
    """What was set aside and that nobody has settled since by writing once more, where it differs from what stands.

    The row right after one that was set aside is what stood beside it; the next was written by who had seen both.
    """
    aside: list[Wishes] = []
    is_paired = False
    for row in Wishes.objects.filter(patient=patient).order_by("written_at"):
        aside = [*aside, row] if row.set_aside else aside if is_paired else []
        is_paired = row.set_aside
    stands = wished(wishes_of(patient))
    said = ((name, words, row) for row in aside for name, words in wished(row).items())
    return [Beside(name, _in_words(row, name), row) for name, words, row in said if words not in ("", stands[name])]


def _in_words(row: Wishes, name: str) -> str:
    return row.get_way_home_display() if name == "way_home" else str(getattr(row, name))


def _one_page_at_a_time(patient: Patient) -> None:
    """Until the transaction ends. Patients may change no row that could be locked instead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"wishes {patient.pk}"])


def _shown(patient: Patient, seen: str) -> Wishes | None:
    return next((each for each in Wishes.objects.filter(patient=patient) if str(each.pk) == seen), None)


def _write(patient: Patient, by: str, wished: Mapping[str, str], *, set_aside: bool = False) -> None:
    Wishes.objects.create(clinic_id=patient.clinic_id, patient=patient, by=by, set_aside=set_aside, **wished)
