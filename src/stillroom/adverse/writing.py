"""Writes an adverse event and each account of it, and says by when it has to be reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from stillroom.adverse.models import Account, AdverseEvent
from stillroom.adverse.reading import reporting_rule
from stillroom.clinics.actor import Actor
from stillroom.core.safety.adverse import Action, Criterion, Grade, Outcome, report_by
from stillroom.infusions.models import Infusion
from stillroom.patients.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One account as a person gives it. `is_reported`: it was, or was decided against; `report_words` say which."""

    what: str
    grade: Grade
    criteria: tuple[Criterion, ...]
    actions: tuple[Action, ...]
    action_words: str
    outcome: Outcome
    is_reported: bool = False
    report_words: str = ""


@transaction.atomic
def write_event(
    actor: Actor, said: Said, *, patient: Patient, infusion: Infusion | None, happened_at: datetime
) -> AdverseEvent:
    event = AdverseEvent.objects.create(
        clinic=actor.the_clinic,
        patient=patient,
        infusion=infusion,
        happened_at=happened_at,
        written_by=actor.the_person,
    )
    write_account(actor, said, event=event)
    return event


def write_account(actor: Actor, said: Said, *, event: AdverseEvent) -> Account:
    """The newest account, whole. When it was reported stays as it was first said."""
    before: Any = event.accounts.first()
    known_on = timezone.localtime(event.known_at).date()
    due = report_by(reporting_rule(), known_on=known_on, grade=said.grade, criteria=said.criteria)
    reported_at = (before.reported_at if before else None) or timezone.now() if said.is_reported else None
    return Account.objects.create(
        clinic=event.clinic,
        event=event,
        what=said.what,
        grade=said.grade,
        criteria=list(said.criteria),
        actions=list(said.actions),
        action_words=said.action_words,
        outcome=said.outcome,
        report_by=due,
        reported_at=reported_at,
        report_words=said.report_words if said.is_reported else "",
        said_by=actor.the_person,
    )
