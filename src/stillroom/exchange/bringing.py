"""A person brings along what clinics elsewhere handed them: judged by its content, kept as it came, theirs alone."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

from django.utils import timezone

from stillroom.clinics.models import Person
from stillroom.core.errors import Refused, refuse
from stillroom.exchange.archive import MOST_PACKED_BYTES, packed, unpacked
from stillroom.exchange.judging import Judged, Signed, judge
from stillroom.exchange.models import BroughtPart
from stillroom.exchange.part import Part, log_path
from stillroom.exchange.sealing import is_sealed, opened
from stillroom.exchange.signing import known_keys
from stillroom.patients.models import Patient

MOST_PARTS = 20
"""More clinics than anybody goes to; together with the limit of one file, what one person can fill a disk with."""


def bring(content: bytes, person: Person, *, passphrase: str, keys: Path) -> list[BroughtPart]:
    """Keep the parts in a file that are new, and the person's own. Their rows must be open (`open_person`).

    Refused as a whole, with what is wrong first; nothing of it is kept then. A newer part that holds all that an older
    one of the same clinic held takes its place; one that does not stays beside it.
    """
    if len(content) > MOST_PACKED_BYTES:
        raise refuse("record_too_large", limit=f"{MOST_PACKED_BYTES // 1024**2}")
    if is_sealed(content):
        content = opened(content, passphrase) if passphrase.strip() else _is_sealed()
    mine = list(Patient.objects.filter(person=person))
    judged = [judge(part, known=known_keys(keys)) for part in unpacked(content)]
    new = [each for each in judged if not _is_ours(each, mine)]
    if not new:
        raise refuse("record_is_here")
    for each in new:
        _must_be_of(each, mine)
    if BroughtPart.objects.filter(person=person).count() + len(new) > MOST_PARTS:
        raise refuse("record_too_many", limit=str(MOST_PARTS))
    return [kept for each in new if (kept := _keep(each, person)) is not None]


def brought_by(person: Person, *, keys: Path) -> list[tuple[BroughtPart, Judged]]:
    """Every part a person brought, judged anew: what lies in a database is not believed for lying there."""
    known = known_keys(keys)
    return [(row, judge(part_in(row), known=known)) for row in BroughtPart.objects.filter(person=person)]


def part_in(row: BroughtPart) -> Part:
    (part,) = unpacked(bytes(row.content))
    return part


def with_brought(own: Iterable[Part], person: Person) -> bytes:
    """The portable record: the clinics of this server, and everything brought along, byte for byte as it came.

    What was damaged where it lies is left out, as it is shown nowhere: it must not keep the rest from being taken.
    """
    brought = (_readable(row) for row in BroughtPart.objects.filter(person=person))
    return packed([*own, *(part for part in brought if part is not None)])


def _readable(row: BroughtPart) -> Part | None:
    try:
        return part_in(row)
    except Refused:
        return None


def _is_sealed() -> bytes:
    raise refuse("record_is_sealed")


def _is_ours(judged: Judged, mine: Collection[Patient]) -> bool:
    """A clinic of this server that the person is a patient of has their record already, and newer."""
    return any(judged.record.clinic.id == patient.clinic_id for patient in mine)


def _must_be_of(judged: Judged, mine: Collection[Patient]) -> None:
    """Names change, and clinics write them differently; a day of birth does not."""
    if mine and judged.record.patient.birth_date not in {patient.birth_date for patient in mine}:
        raise refuse("record_of_somebody_else", name=judged.record.patient.name)


def _keep(judged: Judged, person: Person) -> BroughtPart | None:
    """None: it, or a newer one that holds all of it, is here already."""
    record, part = judged.record, judged.part
    others = BroughtPart.objects.filter(person=person, from_clinic=record.clinic.id, from_patient=record.patient.id)
    for row in others:
        other = judge(part_in(row))
        if row.digest == part.digest or (other.record.made_at > record.made_at and _holds(other, judged)):
            return None
        if judged.record.made_at > other.record.made_at and _holds(judged, other) and not _less(judged, other):
            row.delete()
    return BroughtPart.objects.create(
        person=person,
        digest=part.digest,
        from_clinic=record.clinic.id,
        from_patient=record.patient.id,
        clinic_name=record.clinic.name[:200],
        made_at=record.made_at,
        brought_at=timezone.now(),
        content=packed([part]),
    )


def _holds(newer: Judged, older: Judged) -> bool:
    """Is everything the older one says in the newer one too? Logs only grow, and rows are only added.

    By the hashes of entries: words may have been erased since, and that is the patient's right.
    """
    hashes = {infusion: _hashes(newer, infusion) for infusion in newer.logs}
    grown = all(
        hashes.get(infusion, [])[: len(log)] == _hashes(older, infusion) for infusion, log in older.logs.items()
    )
    return grown and older.record.row_ids <= newer.record.row_ids


def _hashes(judged: Judged, infusion: UUID) -> list[str]:
    lines = judged.part.files[log_path(infusion)].decode().removesuffix("\n").split("\n")
    return [json.loads(line)["hash"] for line in lines]


def _less(newer: Judged, older: Judged) -> bool:
    """A signature counts: what nobody signed never takes the place of what a clinic did."""
    return newer.signed is Signed.NOT and older.signed is not Signed.NOT
