"""What the record knows of a patient that an order is judged by, and what their earlier infusions were like.

Every infusion of the patient counts: what ran by the most that it may have given, what is still to come as ordered.
The same can be asked as of an earlier moment: then it is answered by what was written down until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from stillroom.core.drip.given import Estimate, given
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import fold, surviving
from stillroom.core.infusion.state import AFTER, LEFT, InfusionState, Status
from stillroom.core.infusion.timeline import drip_history, minutes_from, start_of
from stillroom.core.safety.known import Known
from stillroom.core.safety.last_time import LastTime
from stillroom.core.safety.nausea import EasilySick, Said
from stillroom.core.safety.screening import QUESTIONS
from stillroom.core.safety.told import Told
from stillroom.core.safety.windows import WEEK, Other
from stillroom.infusions.models import Infusion, PatientOrder
from stillroom.infusions.reading import entries_of
from stillroom.patients.history import history_of, items_new_since
from stillroom.patients.known import allergies_of, weight_of
from stillroom.patients.models import Patient
from stillroom.protocols.library import course_limits_in_force

DRUG = "ketamine"
COMPLETED = AFTER | LEFT
NOTHING_GIVEN = (Status.NEW, Status.ABANDONED)


@dataclass(frozen=True)
class Past:
    """One infusion of a patient and its log."""

    infusion: Infusion
    log: tuple[e.Logged, ...]

    @cached_property
    def state(self) -> InfusionState:
        return fold(self.log)

    @cached_property
    def entries(self) -> list[e.Logged]:
        return surviving(self.log)

    def until(self, at: datetime) -> Past | None:
        """As it was written down by then; None while it was not planned yet, or given up."""
        log = tuple(each for each in self.log if each.recorded_at <= at)
        past = self if len(log) == len(self.log) else Past(self.infusion, log)
        is_before_start = past.state.status is Status.TO_HOSPITAL and past.state.started_at is None
        return past if log and past.state.status not in NOTHING_GIVEN and not is_before_start else None

    @property
    def begins_at(self) -> datetime:
        """When the drip was started; before that, when the patient is expected."""
        return start_of(self.log) or _expected_at(self.infusion)

    def given_by(self, at: datetime) -> Estimate | None:
        """What has reached the patient; None while no start was intended."""
        start, history = start_of(self.log), drip_history(self.log)
        return given(history, at_min=minutes_from(start, at)) if start and history else None

    @property
    def most_nauseous(self) -> int | None:
        return _most(each.fact.nauseous for each in self.entries if isinstance(each.fact, e.PatientWatched))

    @property
    def most_detached(self) -> int | None:
        return _most(each.fact.detached for each in self.entries if isinstance(each.fact, e.PatientWatched))


def pasts_of(patient: Patient, *, besides: UUID | None = None) -> list[Past]:
    """All that were planned and not given up, oldest first."""
    infusions = Infusion.objects.filter(patient=patient).exclude(status__in=NOTHING_GIVEN)
    infusions = infusions.exclude(status=Status.TO_HOSPITAL, started_at=None)  # before the start
    if besides:
        infusions = infusions.exclude(pk=besides)
    rows = infusions.select_related("patient_order__appointment").order_by("created_at")
    return sorted((Past(row, entries_of(row.pk)) for row in rows), key=lambda past: past.begins_at)


def known_of(
    patient: Patient,
    *,
    due_at: datetime,
    ordered_at: datetime,
    vial_mg_per_ml: Decimal,
    besides: UUID | None = None,
    since: datetime | None = None,
    as_of: datetime | None = None,
    pasts: Sequence[Past] | None = None,
) -> Known:
    """What an order for this patient, due then and ordered at `ordered_at`, is judged by: all that is on record, or
    what was on record `as_of` a moment.

    `since`: what came into the record after it is new to the order; None, after the patient's last signed order.
    `pasts`: those of the patient besides this one, for who has read them already.
    """
    zone = ZoneInfo(patient.clinic.time_zone)
    pasts = list(pasts_of(patient, besides=besides) if pasts is None else pasts)
    if as_of:
        pasts = [each for past in pasts if (each := past.until(as_of))]
    weight = weight_of(patient, at=as_of)
    return Known(
        due_at=due_at,
        due_on=due_at.astimezone(zone).date(),
        ordered_on=ordered_at.astimezone(zone).date(),
        others=tuple(_other(past, zone, at=ordered_at) for past in pasts if abs(past.begins_at - due_at) < 2 * WEEK),
        last=_last_time(pasts, before=due_at),
        limits=course_limits_in_force(drug=DRUG, vial_mg_per_ml=vial_mg_per_ml, at=ordered_at),
        weighed_on=_day(weight.measured_at, zone) if weight else None,
        weight_is_told=bool(weight and weight.told_by),
        weight_good_for_days=patient.clinic.weight_good_for_days,
        height_cm=patient.height_cm,
        easily_sick=EasilySick(
            motion_sickness=Said(patient.motion_sickness),
            nausea_after_anaesthesia=Said(patient.nausea_after_anaesthesia),
            smokes=Said(patient.smokes),
            is_female=is_female(patient),
            most_nauseous=_most(past.most_nauseous for past in pasts),
        ),
        told=_told(patient, zone, since=since, as_of=as_of),
    )


def new_items_of(patient: Patient, *, since: datetime | None = None, as_of: datetime | None = None) -> list[str]:
    """The conditions, medicines and allergies that `Told.new_items` counts, in their words."""
    since = since or _last_signed_at(patient, until=as_of)
    before = set(allergies_of(patient, at=since) or ()) if since else set()
    allergies = [each for each in allergies_of(patient, at=as_of) or () if each not in before]
    return [*(each.words for each in items_new_since(patient, since, as_of=as_of)), *allergies]


def _told(patient: Patient, zone: ZoneInfo, *, since: datetime | None, as_of: datetime | None) -> Told:
    answers = history_of(patient, at=as_of)
    asked = {question: answers[question] for question in QUESTIONS if question in answers}
    oldest = min((each.stated_at for each in asked.values()), default=None)
    return Told(
        screening={question: Said(each.said) for question, each in asked.items()},
        asked_on=_day(oldest, zone) if oldest else None,
        good_for_days=patient.clinic.screening_good_for_days,
        new_items=len(new_items_of(patient, since=since, as_of=as_of)),
        allergies=allergies_of(patient, at=as_of) or (),
    )


def _last_signed_at(patient: Patient, *, until: datetime | None) -> datetime | None:
    signed = PatientOrder.objects.filter(patient=patient).exclude(signed_at=None).order_by("-signed_at")
    signed = signed.filter(signed_at__lt=until) if until else signed
    return signed.values_list("signed_at", flat=True).first()


def is_female(patient: Patient) -> bool | None:
    """None where it is not known, or neither."""
    return {Patient.Sex.FEMALE: True, Patient.Sex.MALE: False}.get(Patient.Sex(patient.sex))


def _other(past: Past, zone: ZoneInfo, *, at: datetime) -> Other:
    return Other(at=past.begins_at, on=_day(past.begins_at, zone), most_mg=_most_mg(past, at=at))


def _most_mg(past: Past, *, at: datetime) -> Decimal:
    """The most that may have been given; while a drip is not over, no less than it was ordered to give."""
    estimate = past.given_by(at)
    given_mg = estimate.high_mg if estimate else Decimal(0)
    ordered_mg = past.state.planned.dose_mg if past.state.planned else Decimal(0)
    return given_mg if past.state.ended_at else max(given_mg, ordered_mg)


def _last_time(pasts: list[Past], *, before: datetime) -> LastTime | None:
    completed = [past for past in pasts if past.state.status in COMPLETED and past.begins_at < before]
    planned = completed[-1].state.planned if completed else None
    return LastTime(order=planned.order, dose_mg=planned.dose_mg) if planned else None


def _expected_at(infusion: Infusion) -> datetime:
    order = getattr(infusion, "patient_order", None)
    return order.appointment.starts_at if order else infusion.created_at


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _most(scores: object) -> int | None:
    return max((score for score in scores if score is not None), default=None)  # type: ignore[attr-defined]
