"""Which infusions were opened in one patient's record and are another's? Both records say so, for good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stillroom.clinics.models import Person
from stillroom.core.infusion import entries as e
from stillroom.infusions.models import Entry, Infusion
from stillroom.infusions.reading import entries_of
from stillroom.patients.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned:
    """Put right once: out of which record into which, when, by which two, and what had happened."""

    infusion: Infusion
    at: datetime
    out_of: Patient
    into: Patient
    by: str
    second: str
    reason: str


def reassigned_of(patient: Patient) -> list[Reassigned]:
    """Every time an infusion was put right out of this record or into it, newest first."""
    ids = Entry.objects.filter(kind=e.InfusionReassigned.__name__).values("infusion_id")
    infusions = Infusion.objects.filter(pk__in=ids).select_related("room")
    told = [each for infusion in infusions for each in _told(infusion) if patient in (each.out_of, each.into)]
    return sorted(told, key=lambda each: each.at, reverse=True)


def _told(infusion: Infusion) -> Iterator[Reassigned]:
    log = entries_of(infusion.pk)
    named = [entry.fact.patient for entry in log if isinstance(entry.fact, e.InfusionPlanned | e.InfusionReassigned)]
    patients = Patient.objects.in_bulk(named)
    people = _people(log)
    standing: UUID | None = None
    for entry in log:
        if isinstance(entry.fact, e.InfusionReassigned) and standing in patients:
            yield Reassigned(
                infusion=infusion,
                at=entry.occurred_at,
                out_of=patients[standing],
                into=patients[entry.fact.patient],
                by=people.get(entry.by, ""),
                second=people.get(f"person:{entry.fact.second_person}", ""),
                reason=entry.fact.reason,
            )
        if isinstance(entry.fact, e.InfusionPlanned | e.InfusionReassigned):
            standing = entry.fact.patient


def _people(log: tuple[e.Logged, ...]) -> Mapping[str, str]:
    moved = [entry for entry in log if isinstance(entry.fact, e.InfusionReassigned)]
    ids = {str(getattr(entry.fact, "second_person", "")) for entry in moved} | {
        entry.by.partition(":")[2] for entry in moved if entry.by.startswith("person:")
    }
    return {f"person:{person.pk}": str(person) for person in Person.objects.filter(pk__in=ids)}
