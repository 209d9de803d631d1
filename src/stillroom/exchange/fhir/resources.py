"""Small pieces every resource is made of: ids, references, moments, quantities."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from stillroom.exchange.record import Record

Resource = dict[str, Any]
SPACE = UUID("b6c6c0ce-6c0b-4c55-9a3e-6a1b2f0e7d10")


def derived(*words: object) -> str:
    """The id of a resource that has no row of its own; the same words are the same id in every export."""
    return str(uuid5(SPACE, " ".join(map(str, words))))


def reference(kind: str, id_: object) -> dict[str, str]:
    """Within the bundle, by the address that its entry has there."""
    return {"reference": f"urn:uuid:{id_}", "type": kind}


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def period(start: datetime | None, end: datetime | None) -> dict[str, str]:
    said = {"start": start, "end": end}
    return {name: moment(at) for name, at in said.items() if at is not None}


def author(record: Record, by: str) -> dict[str, str] | None:
    """The patient, or somebody of the clinic; devices, the software and whoever has no name here have no resource."""
    if by == f"person:{record.patient.person_id}":
        return reference("Patient", record.patient.id)
    return reference("Practitioner", by.removeprefix("person:")) if by in record.names else None


def resource(kind: str, id_: object, **fields: Any) -> Resource:
    """A resource without the fields that are None: FHIR knows absence, and no null."""
    return {"resourceType": kind, "id": str(id_)} | {name: value for name, value in fields.items() if value is not None}


def as_json(found: Any) -> str:
    """JSON in which an amount keeps the digits it was written with, as FHIR asks; the library would make it a float."""
    if isinstance(found, dict):
        return "{" + ",".join(f"{json.dumps(name)}:{as_json(value)}" for name, value in found.items()) + "}"
    if isinstance(found, list | tuple):
        return "[" + ",".join(map(as_json, found)) + "]"
    return f"{found:f}" if isinstance(found, Decimal) else json.dumps(found, ensure_ascii=False)
