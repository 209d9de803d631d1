"""The only door to an infusion at the bedside: what is another clinic's and what does not exist are both a 404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from stillroom.clinics.actor import Actor
from stillroom.core.infusion.roles import EMERGENCY
from stillroom.infusions.models import Infusion
from stillroom.patients.access import note_look, patients_for


def infusion_for(actor: Actor, infusion_id: UUID) -> Infusion:
    """One infusion of a patient whom the actor may see, with its patient, room and clinic."""
    infusions = Infusion.objects.select_related("patient", "room", "clinic").filter(patient__in=patients_for(actor))
    infusion = infusions.filter(pk=infusion_id).first()
    if infusion is None:
        raise Http404("no such infusion")
    return infusion


def look_at(actor: Actor, infusion_id: UUID) -> Infusion:
    """The same for a page that shows it: that somebody looked at the patient is written down."""
    infusion = infusion_for(actor, infusion_id)
    note_look(actor, infusion.patient_id)
    return infusion


def roles_of(actor: Actor) -> frozenset[str | None]:
    """What is offered follows from these; a display with nobody signed in has none, which is a role of its own."""
    if actor.emergency:
        return frozenset({EMERGENCY})
    return frozenset(actor.roles) if actor.person else frozenset({None})
