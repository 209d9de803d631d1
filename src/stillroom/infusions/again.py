"""What stands against starting now that did not when the order was signed: the record is read and judged once more.

Screening, weight, windows of dose, allergies, what came into the record, the day, the appointment, the drug library in
force: by the functions that judged the order, and asked of the record as it was at the signature and as it is now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from stillroom.core.errors import Finding, Refused, Severity
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.planning import judge_planned
from stillroom.core.safety import Limits, judge_known
from stillroom.core.safety.again import Today, judge_day, only_now
from stillroom.core.safety.limits import hard_first
from stillroom.infusions.known import DRUG, Past, known_of, pasts_of
from stillroom.infusions.models import Infusion
from stillroom.patients.known import weight_of
from stillroom.protocols.library import is_any_in_force, limits_in_force
from stillroom.schedule.models import Appointment

OPEN = "screening_open"


def judge_again(infusion: Infusion, log: Sequence[e.Logged], *, at: datetime) -> tuple[Finding, ...]:
    """What is found only now, hard ones first, and what is worth knowing of the day; nothing before it is planned.

    What was found when somebody made the patient ready was answered for then, and is not asked once more at the start.
    What nobody asked, or nobody knew, goes on being said.
    """
    standing = surviving(log)
    planned = next((each for each in standing if isinstance(each.fact, e.InfusionPlanned)), None)
    if planned is None or not isinstance(planned.fact, e.InfusionPlanned):
        return ()
    signed_at, again = planned.recorded_at, _Again(infusion, planned.fact)
    ready_at = next((each.recorded_at for each in reversed(standing) if isinstance(each.fact, e.MadeReady)), None)
    answered = again.order(at=signed_at, since=signed_at, as_of=signed_at, due_at=again.ordered_for)
    answered = (*answered, *again.by(again.plan.limits))
    if ready_at:
        at_ready = again.order(at=ready_at, since=ready_at, as_of=ready_at)
        answered = (*answered, *at_ready, *again.library(at=ready_at), *again.day(at=ready_at, as_of=ready_at))
    order, day = again.order(at=at, since=ready_at or signed_at), again.day(at=at)
    found = only_now((*again.library(at=at), *order, *day), answered=answered)
    still_open = (replace(each, severity=Severity.NOTE) for each in order if each.code == OPEN and each not in found)
    return hard_first((*found, *still_open, *(each for each in day if each.severity is Severity.NOTE)))


@dataclass(frozen=True)
class _Again:
    """One infusion and its plan, judged by what is on record, or was `as_of` a moment."""

    infusion: Infusion
    plan: e.InfusionPlanned

    @cached_property
    def pasts(self) -> list[Past]:
        return pasts_of(self.infusion.patient, besides=self.infusion.pk)

    @cached_property
    def appointment(self) -> Appointment | None:
        order = getattr(self.infusion, "patient_order", None)
        return order.appointment if order else None

    @property
    def ordered_for(self) -> datetime | None:
        return self.appointment.starts_at if self.appointment else None

    def order(
        self, *, at: datetime, since: datetime, as_of: datetime | None = None, due_at: datetime | None = None
    ) -> tuple[Finding, ...]:
        known = known_of(
            self.infusion.patient,
            due_at=due_at or at,
            ordered_at=at,
            vial_mg_per_ml=self.plan.order.bag.vial_mg_per_ml,
            since=since,
            as_of=as_of,
            pasts=self.pasts,
        )
        return judge_known(self.plan.order, dose_mg=self.plan.dose_mg, weight_kg=self.plan.weight_kg, known=known)

    def library(self, *, at: datetime) -> tuple[Finding, ...]:
        """By the library in force then. A clinic that never approved one could not have signed: its plans stand."""
        vial_mg_per_ml = self.plan.order.bag.vial_mg_per_ml
        if not is_any_in_force(at):
            return ()
        try:
            return self.by(limits_in_force(drug=DRUG, vial_mg_per_ml=vial_mg_per_ml, at=at))
        except Refused as refused:
            return refused.findings

    def by(self, limits: Limits) -> tuple[Finding, ...]:
        return judge_planned(self.plan, limits=limits)

    def day(self, *, at: datetime, as_of: datetime | None = None) -> tuple[Finding, ...]:
        clinic, weight = self.infusion.clinic, weight_of(self.infusion.patient, at=as_of)
        zone = ZoneInfo(clinic.time_zone)
        cancelled_at = self.appointment.cancelled_at if self.appointment else None
        today = Today(
            on=at.astimezone(zone).date(),
            due_on=self.ordered_for.astimezone(zone).date() if self.ordered_for else None,
            is_cancelled=cancelled_at is not None and (as_of is None or cancelled_at <= as_of),
            weight_kg=weight.weight_kg if weight else None,
            noted_from_percent=Decimal(clinic.weight_change_noted_percent),
        )
        return judge_day(today, signed_weight_kg=self.plan.weight_kg)
