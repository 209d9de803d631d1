"""Has anything changed that a room shows and its log does not hold? Asked of all rooms at once, in one query.

A row's own number of the transaction that wrote it last says whether it has changed; statements are only ever added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

_ON_RECORD = """
    SELECT infusion.id,
        (SELECT max(last_heard_at) FROM devices_linkstate link WHERE link.monitor_id = monitor.id),
        patient.xmin::text, monitor.id, monitor.xmin::text,
        (SELECT count(*) FROM patients_weight weight WHERE weight.patient_id = patient.id),
        (SELECT count(*) FROM patients_allergystatement allergy WHERE allergy.patient_id = patient.id)
    FROM infusions_infusion infusion
    JOIN patients_patient patient ON patient.id = infusion.patient_id
    LEFT JOIN devices_assignment assignment ON assignment.room_id = infusion.room_id AND NOT assignment.is_beside
        AND assignment.from_at <= %(at)s AND (assignment.until_at IS NULL OR assignment.until_at > %(at)s)
    LEFT JOIN devices_monitor monitor ON monitor.id = assignment.monitor_id
    WHERE infusion.id = ANY(%(infusions)s::uuid[])
"""


@dataclass(frozen=True, slots=True)
class OnRecord:
    """`version` is another as soon as patient, weight, allergies or monitor are; `heard_at`, when the monitor was."""

    heard_at: datetime | None
    version: tuple[object, ...]


def on_record_of(infusions: Iterable[UUID], at: datetime) -> dict[UUID, OnRecord]:
    with connection.cursor() as cursor:
        cursor.execute(_ON_RECORD, {"infusions": list(infusions), "at": at})
        return {pk: OnRecord(heard_at, tuple(version)) for pk, heard_at, *version in cursor.fetchall()}
