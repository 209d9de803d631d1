"""When two records may not be merged or parted now: somebody is in the room, or both have one of a thing."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from stillroom.clinics.actor import Actor
from stillroom.core.errors import Finding, Refused, Severity
from stillroom.core.infusion.state import OVER
from stillroom.infusions.models import HERE, Infusion, PatientOrder
from stillroom.patients import merging
from stillroom.patients.models import Patient, RecordMerge
from stillroom.schedule.models import Appointment


def in_the_way(kept: Patient, other: Patient) -> tuple[Finding, ...]:
    """Why these two cannot be made one yet; each of these a person can settle first."""
    found = [*_in_room(kept, other), *_drafts(kept, other), *_visits(kept, other)]
    if kept.person_id and other.person_id:
        found.append(_hard("both_sign_in"))
    return tuple(found)


@transaction.atomic
def merge(actor: Actor, *, kept: Patient, other: Patient, chosen: Mapping[str, str], reason: str) -> RecordMerge:
    _lock(kept, other)
    found = in_the_way(kept, other)
    if found:
        raise Refused(found)
    row = merging.merge(actor, kept=kept, other=other, chosen=chosen, reason=reason)
    if arrived := _in_room(kept):  # while the rows were moved, which waited for whoever wrote to the log
        raise Refused(arrived)
    return row


@transaction.atomic
def undo(actor: Actor, row: RecordMerge, *, reason: str) -> None:
    _lock(row.kept, row.other)
    found = (*_in_room(row.kept, row.other), *_ordered_since(row))
    if found:
        raise Refused(found)
    merging.undo(actor, row, reason=reason)


def _lock(*patients: Patient) -> None:
    """Whoever drafts an order for either, or merges one of them, waits."""
    list(Patient.objects.filter(pk__in=[each.pk for each in patients]).order_by("pk").select_for_update())


def _in_room(*patients: Patient) -> list[Finding]:
    here = Infusion.objects.filter(patient__in=patients, status__in=HERE).select_related("room").first()
    return [_hard("merge_while_in_room", room=here.room.name)] if here else []


def _drafts(kept: Patient, other: Patient) -> list[Finding]:
    drafts = PatientOrder.objects.filter(patient__in=[kept, other], signed_at=None)
    return [_hard("both_have_a_draft")] if drafts.count() > 1 else []


def _visits(kept: Patient, other: Patient) -> list[Finding]:
    """Nobody is in two places at once: the database holds it, and this says it in words."""
    for each in Appointment.objects.standing().filter(patient=other):
        if Appointment.objects.standing().between(each.starts_at, each.ends_at).filter(patient=kept).exists():
            return [_hard("appointments_overlap", starts_at=each.starts_at.isoformat())]
    return []


def _ordered_since(row: RecordMerge) -> list[Finding]:
    """An order signed since, for a visit that would go back without it, while its infusion is still to come."""
    moved = {UUID(each.row_id) for each in row.rows.filter(what="moved", table_name=Appointment._meta.db_table)}
    since = PatientOrder.objects.filter(patient=row.kept, signed_at__gt=row.merged_at, appointment__in=moved)
    open_ones = since.filter(~Q(infusion__status__in=OVER))
    return [_hard("ordered_since_merge")] if open_ones.exists() else []


def _hard(code: str, **facts: str) -> Finding:
    return Finding(code, Severity.HARD, facts)
