"""Which infusions were opened in one patient's record and are another's? Both records say so, for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from stillroom.clinics.models import Person
from stillroom.core.infusion import entries as e
from stillroom.infusions.models import Entry, Infusion
from stillroom.infusions.reading import entries_of
from stillroom.patients.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned:
    """Put right once: out of which record into which, when, by which two, and what had happened.

    `second` is who was named last. `agreed_at`: when they said so in person; those of before they were asked never
    did. `waits`: they are asked, and have not said so yet.
    """

    infusion: Infusion
    at: datetime
    out_of: Patient
    into: Patient
    by: str
    second: str
    reason: str
    is_second_asked: bool
    agreed_at: datetime | None = None
    waits: bool = False


def reassigned_of(patient: Patient) -> list[Reassigned]:
    """Every time an infusion was put right out of this record or into it, newest first."""
    ids = Entry.objects.filter(kind=e.InfusionReassigned.__name__).values("infusion_id")
    infusions = Infusion.objects.filter(pk__in=ids).select_related("room")
    told = [each for infusion in infusions for each in _told(infusion) if patient in (each.out_of, each.into)]
    return sorted(told, key=lambda each: each.at, reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PutRight:
    """What the log alone says of it."""

    at: datetime
    by: str
    out_of: UUID | None
    fact: e.InfusionReassigned
    second: UUID
    agreed_at: datetime | None = None
    waits: bool


def _told(infusion: Infusion) -> Iterator[Reassigned]:
    log = entries_of(infusion.pk)
    named = [entry.fact.patient for entry in log if isinstance(entry.fact, e.InfusionPlanned | e.InfusionReassigned)]
    patients = Patient.objects.in_bulk(named)
    people = _people(log)
    for each in _put_right(log):
        if each.out_of in patients:
            yield Reassigned(
                infusion=infusion,
                at=each.at,
                out_of=patients[each.out_of],
                into=patients[each.fact.patient],
                by=people.get(each.by, ""),
                second=people.get(f"person:{each.second}", ""),
                reason=each.fact.reason,
                agreed_at=each.agreed_at,
                waits=each.waits,
                is_second_asked=each.fact.asks_second,
            )


def _put_right(log: tuple[e.Logged, ...]) -> list[_PutRight]:
    """Each time the patient changed. Whoever names another second for it changes that alone."""
    found: list[_PutRight] = []
    standing: UUID | None = None
    for entry in log:
        fact, last = entry.fact, found[-1] if found else None
        if isinstance(fact, e.InfusionPlanned):
            standing = fact.patient
        elif isinstance(fact, e.ReassignmentAgreed) and last:
            found[-1] = replace(last, agreed_at=entry.occurred_at, waits=False)
        elif isinstance(fact, e.InfusionReassigned) and last and last.waits and fact.patient == standing:
            found[-1] = replace(last, second=fact.second_person)
        elif isinstance(fact, e.InfusionReassigned):
            found[-1:] = [replace(last, waits=False)] if last else []
            found.append(_first_said(entry, fact, out_of=standing))
            standing = fact.patient
    return found


def _first_said(entry: e.Logged, fact: e.InfusionReassigned, *, out_of: UUID | None) -> _PutRight:
    return _PutRight(
        at=entry.occurred_at, by=entry.by, out_of=out_of, fact=fact, second=fact.second_person, waits=fact.asks_second
    )


def _people(log: tuple[e.Logged, ...]) -> Mapping[str, str]:
    moved = [entry for entry in log if isinstance(entry.fact, e.InfusionReassigned)]
    ids = {str(getattr(entry.fact, "second_person", "")) for entry in moved} | {
        entry.by.partition(":")[2] for entry in moved if entry.by.startswith("person:")
    }
    return {f"person:{person.pk}": str(person) for person in Person.objects.filter(pk__in=ids)}
