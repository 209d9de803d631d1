"""Who is to be called now, what each call said, and which worries wait: from the logs and the calls, as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from stillroom.aftercare.models import Call
from stillroom.clinics.models import Clinic
from stillroom.core.infusion.entries import WentHome
from stillroom.core.infusion.state import Status
from stillroom.infusions.models import Entry, Infusion
from stillroom.infusions.reading import state_of
from stillroom.patients.models import Patient

LISTED_FOR = timedelta(days=14)
"""Own decision: whoever was not reached by then is no longer asked how the day after was; their record says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCall:
    """Somebody who went home and was not reached since. `went_home` names the adult who took them, where one did."""

    infusion: Infusion
    left_at: datetime
    due_at: datetime
    tried: tuple[Call, ...]
    went_home: WentHome | None

    @property
    def patient(self) -> Patient:
        return self.infusion.patient


def to_call(clinic: Clinic, *, now: datetime) -> list[ToCall]:
    """Who has been due longest comes first. A clinic that calls nobody has none."""
    if not clinic.called_after_h:
        return []
    after = timedelta(hours=clinic.called_after_h)
    left_at = _left_between(now - after - LISTED_FOR, now - after)
    reached = Call.objects.filter(infusion=OuterRef("pk"), reached=True)
    waiting = Infusion.objects.filter(~Exists(reached), pk__in=left_at, status=Status.GONE_HOME)
    rows = waiting.select_related("patient", "room").prefetch_related("calls_after__called_by")
    found = _last_of_each({each.pk: each for each in rows}, left_at)
    calls = [
        ToCall(
            infusion=each,
            left_at=left_at[each.pk],
            due_at=left_at[each.pk] + after,
            tried=tuple(each.calls_after.all()),
            went_home=state_of(each.pk).went_home,
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


def worries() -> QuerySet[Call]:
    """Those of a call that nobody has settled, oldest first."""
    waiting = Call.objects.exclude(worry="").filter(settled__isnull=True)
    return waiting.select_related("patient", "worry_for", "called_by").order_by("called_at")


def calls_of(patient: Patient) -> QuerySet[Call]:
    """All that were made or tried, newest first."""
    rows = Call.objects.filter(patient=patient).select_related("infusion", "called_by", "worry_for")
    return rows.select_related("settled__settled_by").order_by("-called_at")


def _left_between(first: datetime, last: datetime) -> dict[UUID, datetime]:
    """Infusion -> when its patient left; of a time that was put right, what it was put right to."""
    went = Entry.objects.filter(kind=WentHome.__name__, occurred_at__gte=first, occurred_at__lte=last).order_by("seq")
    return dict(went.values_list("infusion_id", "occurred_at"))
