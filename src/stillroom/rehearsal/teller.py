"""Tells a visit to Stillroom: every act by the one path that pages and gateways use, at its own time in the story."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from stillroom.core.infusion.commands import Command, ConfirmDone, ConfirmNaming
from stillroom.infusions.acts import perform
from stillroom.infusions.append import open_infusion
from stillroom.patients.models import Weight
from stillroom.rehearsal.visit import CONFIRM, CONFIRM_NAMING, Visit, moments

WEIGHED_AT_MIN = -90.0


class StoryRefused(RuntimeError):
    """The clinic refused what its own story says it did: the story is wrong."""


def tell(visit: Visit, *, clinic_id: UUID, until: datetime) -> UUID:
    """What of this visit has happened by `until`, as a new infusion; its id. Inside a `clinic_scope`.

    Both clocks of an entry are the story's. Only a database that was declared a rehearsal allows that.
    """
    infusion_id = uuid4()
    plan = visit.plan
    _weigh(visit, clinic_id)
    open_infusion(infusion_id=infusion_id, clinic_id=clinic_id, patient_id=plan.patient, room_id=plan.room)
    last_seq = first_seq = 0
    for moment in moments(visit):
        at = visit.at(moment.at_min)
        if at > until:
            break
        answer = perform(
            act_id=uuid4(),
            infusion_id=infusion_id,
            command=_numbered(moment.command, first_seq, last_seq),
            author=moment.author,
            seen_seq=last_seq,
            received_at=at,
            recorded_at=at,
        )
        if answer.outcome != "done":
            raise StoryRefused(f"{moment} was answered {answer}")
        first_seq, last_seq = answer.first_seq, answer.last_seq
    return infusion_id


def _weigh(visit: Visit, clinic_id: UUID) -> None:
    nurse = visit.team.nurse.person
    assert nurse is not None
    Weight.objects.create(
        clinic_id=clinic_id,
        patient_id=visit.plan.patient,
        weight_kg=visit.plan.weight_kg,
        measured_at=visit.at(WEIGHED_AT_MIN),
        measured_by_id=nurse,
    )


def _numbered(command: Command, first_seq: int, last_seq: int) -> Command:
    """A confirmation is of the act before it: of what it meant, or of whom it named first of all."""
    if isinstance(command, ConfirmNaming):
        return replace(CONFIRM_NAMING, named_seq=first_seq)
    return replace(CONFIRM, intent_seq=last_seq) if isinstance(command, ConfirmDone) else command
