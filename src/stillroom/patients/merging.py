"""Two records of one patient: what differs, making them one, and making them two again.

Nothing is guessed: where the two say different things, a person chooses, and what is chosen is written down with what
stood there before. Allergies are never chosen among: whatever either record names counts. The database moves the rows
(`merging.sql`), and keeps which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from stillroom.clinics.actor import Actor
from stillroom.core.errors import refuse
from stillroom.patients.admitting import HISTORY, change
from stillroom.patients.known import allergies_of, state_allergies
from stillroom.patients.models import AllergyStatement, Answer, Look, Patient, RecordMerge

COMPARED = ("given_name", "family_name", "birth_date", "sex", "height_cm", "phone", *HISTORY)
UNSAID = {None, "", Patient.Sex.UNKNOWN, Answer.NOT_ASKED}
"""What says nothing: the other record's answer is taken where it has one."""


def differing(kept: Patient, other: Patient) -> list[str]:
    """The particulars in which a person has to choose: both say something, and not the same."""
    return [
        name
        for name in COMPARED
        if not _is_unsaid(kept, name) and not _is_unsaid(other, name) and _differ(kept, other, name)
    ]


def only_in(other: Patient, kept: Patient) -> list[str]:
    """What the record to be kept does not say, and the other does."""
    return [name for name in COMPARED if _is_unsaid(kept, name) and not _is_unsaid(other, name)]


def joined_allergies(kept: Patient, other: Patient) -> tuple[str, ...] | None:
    """What either record names, each once; empty where both say none is known; None where nobody was asked."""
    both = [allergies_of(each) for each in (kept, other)]
    asked = [named for named in both if named is not None]
    if not asked:
        return None
    by_letters: dict[str, str] = {}
    for substance in (each for named in asked for each in named):
        by_letters.setdefault(substance.casefold(), substance)
    return tuple(by_letters.values())


def standing(patient: Patient) -> list[RecordMerge]:
    """What was merged into this record and is part of it now, newest first."""
    return list(RecordMerge.objects.filter(kept=patient, undone_at=None).select_related("other", "merged_by"))


def looks_at(patient: Patient) -> QuerySet[Look]:
    """Who looked at this record, and at those that are part of it now: a look stays with the record it was at."""
    parts = RecordMerge.objects.filter(kept=patient, undone_at=None).values("other")
    return Look.objects.filter(Q(patient=patient) | Q(patient__in=parts))


def kept_id(patient_id: UUID) -> UUID:
    """The record that this one is part of now: itself, unless it was merged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT patients_kept(%s)", [patient_id])
        found: UUID = cursor.fetchone()[0]
    return found


def kept_of(patients: Iterable[Patient]) -> list[Patient]:
    """The records that these are part of now, each once, in their order."""
    found = {kept_id(each.pk): each for each in patients}
    there = Patient.objects.in_bulk(list(found))
    return [there[pk] for pk in found]


@transaction.atomic
def merge(actor: Actor, *, kept: Patient, other: Patient, chosen: Mapping[str, str], reason: str) -> RecordMerge:
    """`chosen` says of each particular that differs whose counts: "kept" or "other". Refused where one is missing."""
    kept, other = _locked(kept, other)
    if kept_id(kept.pk) != kept.pk or kept_id(other.pk) != other.pk:
        raise refuse("record_merged_before")
    if kept.person_id and other.person_id:
        raise refuse("both_sign_in")
    if {name for name in differing(kept, other) if chosen.get(name) not in ("kept", "other")}:
        raise refuse("records_differ")
    taken = [*only_in(other, kept), *(name for name in differing(kept, other) if chosen[name] == "other")]
    statement = _said_of_both(actor, kept, other)
    row = RecordMerge.objects.create(
        clinic=actor.the_clinic,
        kept=kept,
        other=other,
        reason=reason.strip(),
        chosen={name: [_text(kept, name), _text(other, name)] for name in taken}
        | ({"person": ["", str(other.person_id)]} if other.person_id else {}),
        allergies=statement,
        merged_by=actor.the_person,
    )
    _call("SELECT patients_merge(%s)", row.pk)
    change(kept, {name: getattr(other, name) for name in taken})
    _move_sign_in(other, kept)
    return row


@transaction.atomic
def undo(actor: Actor, row: RecordMerge, *, reason: str) -> None:
    """What was moved goes back, and particulars that were taken over are what they were, unless changed since."""
    kept, other = _locked(row.kept, row.other)
    if RecordMerge.objects.get(pk=row.pk).undone_at:
        raise refuse("merge_undone_before")
    if kept_id(kept.pk) != kept.pk or _has_later(row):
        raise refuse("merged_again_since")
    last = kept.allergy_statements.first()
    _call("SELECT patients_unmerge(%s, %s, %s)", row.pk, actor.the_person.pk, reason.strip())
    if "person" in row.chosen and str(kept.person_id) == row.chosen["person"][1]:
        _move_sign_in(kept, other)
    before = {name: said for name, said in row.chosen.items() if name != "person" and _text(kept, name) == said[1]}
    columns = {column.name: column for column in Patient._meta.fields}
    change(kept, {name: columns[name].to_python(said[0] or None) for name, said in before.items()})
    if row.allergies and last == row.allergies:
        _as_before(actor, kept, row.allergies)


def moved(row: RecordMerge) -> list[tuple[str, str, int]]:
    """What a merge did, as (what, kind of thing, how many), by the names the models have."""
    names = {model._meta.db_table: str(model._meta.verbose_name_plural) for model in apps.get_models()}
    counted = Counter((each.what, each.table_name) for each in row.rows.all())
    return [(what, names.get(table, table), many) for (what, table), many in sorted(counted.items())]


def _has_later(row: RecordMerge) -> bool:
    """A later merge into the same record has to be undone first: its rows lie on top of these."""
    return RecordMerge.objects.filter(kept=row.kept, undone_at=None, merged_at__gt=row.merged_at).exists()


def _locked(kept: Patient, other: Patient) -> tuple[Patient, Patient]:
    rows = {
        row.pk: row for row in Patient.objects.filter(pk__in=[kept.pk, other.pk]).order_by("pk").select_for_update()
    }
    return rows[kept.pk], rows[other.pk]


def _said_of_both(actor: Actor, kept: Patient, other: Patient) -> AllergyStatement | None:
    """A statement that names what either record names, where the newest of them alone would leave one out."""
    named = joined_allergies(kept, other)
    said = [allergies_of(each) for each in (kept, other)]
    if not named or all(each is not None and set(each) == set(named) for each in said):
        return None
    return state_allergies(kept, named, actor)


def _as_before(actor: Actor, kept: Patient, joined: AllergyStatement) -> None:
    """The statement that joined both is followed by what the record said for itself."""
    own: AllergyStatement | None = kept.allergy_statements.exclude(pk=joined.pk).first()
    if own:
        AllergyStatement.objects.create(
            clinic=kept.clinic,
            patient=kept,
            is_none_known=own.is_none_known,
            substances=own.substances,
            stated_by=own.stated_by,
        )


def _move_sign_in(giver: Patient, taker: Patient) -> None:
    if giver.person_id is None:
        return
    person, giver.person = giver.person, None
    giver.save(update_fields=["person"])
    taker.person = person
    taker.save(update_fields=["person"])


def _is_unsaid(patient: Patient, name: str) -> bool:
    return getattr(patient, name) in UNSAID


def _differ(one: Patient, another: Patient, name: str) -> bool:
    return bool(getattr(one, name) != getattr(another, name))


def _text(patient: Patient, name: str) -> str:
    said = getattr(patient, name)
    return "" if said is None else str(said)


def _call(query: str, *values: UUID | str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
