"""Writes a call that was made or tried, and what was done about a worry: once, whoever sends it twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from stillroom.aftercare.models import Call, WorrySettled
from stillroom.clinics.actor import Actor
from stillroom.infusions.models import Infusion


def write_call(actor: Actor, infusion: Infusion, *, act_id: UUID, said: Mapping[str, Any]) -> Call:
    about = {"clinic": actor.the_clinic, "infusion": infusion, "patient": infusion.patient}
    return Call.objects.get_or_create(id=act_id, defaults={**about, **said, "called_by": actor.the_person})[0]


def settle_worry(actor: Actor, call: Call, *, words: str) -> WorrySettled:
    """By whoever says so first; a second one finds it settled."""
    said = {"clinic": actor.the_clinic, "words": words, "settled_by": actor.the_person}
    return WorrySettled.objects.get_or_create(call=call, defaults=said)[0]
