"""Who is to be called now, what each call said, and which worries wait: from the logs and the calls, as they stand."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from stillroom.aftercare.models import Call
from stillroom.clinics.models import Clinic
from stillroom.core.infusion.entries import WentHome
from stillroom.core.infusion.state import LEFT, Status
from stillroom.infusions.models import HERE, Entry, Infusion
from stillroom.infusions.reading import entries_since
from stillroom.patients.models import Patient
from stillroom.schedule.models import Appointment

LISTED_FOR = timedelta(days=14)
"""Own decision: whoever was not reached by then is no longer asked how the day after was; their record says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCall:
    """Somebody who went home and was not reached since. `went_home` names the adult who took them, where one did.

    `is_here`: they came again today and have not left, and can be asked in person.
    """

    infusion: Infusion
    left_at: datetime
    due_at: datetime
    tried: tuple[Call, ...]
    went_home: WentHome
    is_here: bool

    @property
    def patient(self) -> Patient:
        return self.infusion.patient


def to_call(clinic: Clinic, *, now: datetime) -> list[ToCall]:
    """Who has been due longest comes first. A clinic that calls nobody has none."""
    if not clinic.called_after_h:
        return []
    after = timedelta(hours=clinic.called_after_h)
    left = _left_between(now - after - LISTED_FOR, now - after)
    reached = Call.objects.filter(infusion=OuterRef("pk"), reached=True)
    waiting = Infusion.objects.filter(~Exists(reached), pk__in=left, status=Status.GONE_HOME)
    rows = waiting.select_related("patient", "room").prefetch_related("calls_after__called_by")
    found = _last_of_each({each.pk: each for each in rows}, {pk: each.at for pk, each in left.items()})
    went_home = _went_home({each.pk: left[each.pk].seq for each in found})
    here = who_is_here(clinic, {each.patient_id for each in found}, now=now)
    calls = [
        ToCall(
            infusion=each,
            left_at=left[each.pk].at,
            due_at=left[each.pk].at + after,
            tried=tuple(each.calls_after.all()),
            went_home=went_home[each.pk],
            is_here=each.patient_id in here,
        )
        for each in found
    ]
    return sorted(calls, key=lambda each: each.due_at)


def _last_of_each(waiting: dict[UUID, Infusion], left_at: dict[UUID, datetime]) -> list[Infusion]:
    """One call asks how somebody is, however often they were here: about the last time, if none was reached since."""
    patients = {each.patient_id for each in waiting.values()}
    said = Call.objects.filter(patient__in=patients, reached=True).order_by("called_at")
    reached_at = dict(said.values_list("patient_id", "called_at"))
    last: dict[UUID, Infusion] = {}
    for pk in sorted(waiting, key=left_at.__getitem__):
        each = waiting[pk]
        if each.patient_id not in reached_at or reached_at[each.patient_id] < left_at[pk]:
            last[each.patient_id] = each
    return list(last.values())


def who_is_here(clinic: Clinic, patients: Collection[UUID], *, now: datetime) -> set[UUID]:
    """Those of them who have come today, as the log of an infusion or the desk says, and have not left again."""
    midnight = datetime.combine(now.astimezone(ZoneInfo(clinic.time_zone)), time(), ZoneInfo(clinic.time_zone))
    arrived = Appointment.objects.standing().filter(patient__in=patients, arrived_at__gte=midnight)
    stayed = arrived.exclude(orders__infusion__status__in=LEFT)
    in_rooms = Infusion.objects.filter(patient__in=patients, status__in=HERE)
    return {*stayed.values_list("patient_id", flat=True), *in_rooms.values_list("patient_id", flat=True)}


def worries() -> QuerySet[Call]:
    """Those of a call that nobody has settled, oldest first."""
    waiting = Call.objects.exclude(worry="").filter(settled__isnull=True)
    return waiting.select_related("patient", "worry_for", "called_by").order_by("called_at")


def calls_of(patient: Patient) -> QuerySet[Call]:
    """All that were made or tried, newest first."""
    rows = Call.objects.filter(patient=patient).select_related("infusion", "called_by", "worry_for")
    return rows.select_related("settled__settled_by").order_by("-called_at")


class _Left(NamedTuple):
    seq: int
    at: datetime


def _left_between(first: datetime, last: datetime) -> dict[UUID, _Left]:
    """Infusion -> when its patient left; of a time that was put right, what it was put right to."""
    went = Entry.objects.filter(kind=WentHome.__name__, occurred_at__gte=first, occurred_at__lte=last).order_by("seq")
    return {pk: _Left(seq, at) for pk, seq, at in went.values_list("infusion_id", "seq", "occurred_at")}


def _went_home(seqs: dict[UUID, int]) -> dict[UUID, WentHome]:
    """What the entry of each said; of the logs only that entry and what followed is read, all at once."""
    logs = entries_since({pk: seq - 1 for pk, seq in seqs.items()})
    return {pk: entries[0].fact for pk, entries in logs.items() if isinstance(entries[0].fact, WentHome)}
