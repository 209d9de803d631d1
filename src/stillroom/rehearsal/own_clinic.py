"""A script played in the rehearsal of this very clinic: its rooms, orders and staff, and a simulated patient's monitor.

Only a clinic that rehearses another takes one: nothing invented is ever sent where people are treated. Staff plan,
prepare and start the drip as on any day; the script counts its minutes from their start.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.utils import timezone

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.core.infusion.state import BEFORE_INFUSING
from stillroom.devices.assignments import assign, take_away
from stillroom.devices.enrolment import plain_address, read_roster
from stillroom.devices.models import Monitor
from stillroom.gateways.hl7.wire import Origin
from stillroom.infusions.models import HERE, Infusion
from stillroom.rehearsal.dialects import A
from stillroom.rehearsal.play.parts import Script
from stillroom.rehearsal.play.scene import Scene
from stillroom.rehearsal.playing import Bedside, Cues, intervals_of, play
from stillroom.rehearsal.rehearsed import SHORTEST_CUFF_S
from stillroom.rehearsal.staged import BY, Stage

NAME = "Simulated monitor"
LOOK_AGAIN_S = 0.5
EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 (compared with, never listened at)


class NotPlayedHere(RuntimeError):
    """It is not played there; the message says why, and what to do."""


def rehearsal_called(name: str) -> UUID:
    """The one rehearsal whose name holds these words. A clinic that treats people is never one."""
    clinics = [_clinic(clinic_id) for clinic_id in clinic_ids()]
    rehearsals = [clinic for clinic in clinics if clinic.rehearses_id is not None]
    found = [clinic for clinic in rehearsals if name.casefold() in clinic.name.casefold()]
    if len(found) == 1:
        return found[0].pk
    if not found and any(clinic.name.casefold() == name.casefold() for clinic in clinics):
        raise NotPlayedHere(f"{name} treats people: a script is played in its rehearsal alone, and nowhere else.")
    known = ", ".join(sorted(clinic.name for clinic in rehearsals)) or "none, until one is opened at the desk"
    raise NotPlayedHere(f"{'No' if not found else 'More than one'} rehearsal is called {name}. There is: {known}.")


def must_be_alone(host: str, clinic_id: UUID) -> None:
    """Refused where a monitor of people who are treated could be taken for the simulated one."""
    there = reached_at(host)
    elsewhere = [each for each in read_roster().enrolments if _clinic(each.clinic_id).rehearses_id is None]
    said = Origin(sender=A.sending_application, facility="", bed=_bed_of(clinic_id), patient_id="")
    if any(each.has_address(plain_address(there)) and each.is_named_by(said) for each in elsewhere):
        raise NotPlayedHere(
            f"A monitor that is enrolled at {there} takes whatever is sent from there. Say on /devices/ what it calls "
            "itself, so that nothing simulated can be taken for it."
        )


async def play_there(
    script: Script, speed: int, clinic_id: UUID, bedside: Bedside, cues: Cues, *, room: str, until: asyncio.Event
) -> Scene | None:
    """To whoever is made ready there next, from the start of their drip; None when it was asked to end before."""
    infusion_id = None
    while infusion_id is None:
        if until.is_set():
            return None
        infusion_id = await sync_to_async(_made_ready)(clinic_id, room)
        await asyncio.sleep(LOOK_AGAIN_S)
    await sync_to_async(_connect)(clinic_id, infusion_id, speed, bedside.host)
    try:
        stage = Stage(replace(script, begin_min=None), speed=speed, clinic_id=clinic_id, infusion_id=infusion_id)
        return await play(stage, bedside, cues, until=until)
    finally:
        await sync_to_async(_disconnect)(clinic_id)


def bedside_at(host: str, port: int, clinic_id: UUID) -> Bedside:
    """Where the clinic's own gateway listens; the patient's number is not told."""
    return Bedside(dialect=A, identifier="", bed=_bed_of(clinic_id), host=reached_at(host), port=port)


def reached_at(host: str) -> str:
    """The address at which this machine reaches its own gateway, and from which it is then heard."""
    return "127.0.0.1" if host in EVERYWHERE else host


def _made_ready(clinic_id: UUID, room: str) -> UUID | None:
    """Whose drip has not begun, in the room that was named or in the only one."""
    with clinic_scope(clinic_id, by=BY):
        _must_rehearse(clinic_id)
        here = Infusion.objects.filter(status__in=set(HERE) & set(BEFORE_INFUSING)).select_related("room")
        found = [each for each in here if room.casefold() in ("", each.room.name.casefold())]
    if len(found) > 1:
        rooms = ", ".join(sorted(each.room.name for each in found))
        raise NotPlayedHere(f"Somebody is made ready in several rooms: {rooms}. Say which with --room.")
    return found[0].pk if found else None


def _connect(clinic_id: UUID, infusion_id: UUID, speed: int, host: str) -> None:
    """The simulated monitor stands in that room from now on."""
    interval_s, cuff_interval_s = intervals_of(A, speed)
    how_often = {"interval_s": round(interval_s), "cuff_interval_s": max(round(cuff_interval_s), SHORTEST_CUFF_S)}
    said: dict[str, Any] = {
        "sending_application": A.sending_application,
        "bed": _bed_of(clinic_id),
        "peers": [host],
        "is_enrolled": True,
    }
    with clinic_scope(clinic_id, by=BY):
        _must_rehearse(clinic_id)
        known: dict[str, Any] = {"clinic_id": clinic_id, "name": NAME}
        monitor, _ = Monitor.objects.update_or_create(**known, defaults={**said, **how_often})
        infusion = Infusion.objects.select_related("room").get(pk=infusion_id)
        assign(monitor, infusion.room, at=timezone.now(), by=None)


def _disconnect(clinic_id: UUID) -> None:
    with clinic_scope(clinic_id, by=BY):
        for monitor in Monitor.objects.filter(name=NAME, bed=_bed_of(clinic_id)):
            take_away(monitor, at=timezone.now())
            monitor.is_enrolled = False
            monitor.save(update_fields=["is_enrolled"])


def _bed_of(clinic_id: UUID) -> str:
    """Two clinics of one server may rehearse at once: what is sent for one is never the other's."""
    return f"REHEARSAL {clinic_id}"


def _must_rehearse(clinic_id: UUID) -> None:
    """Asked again wherever something is written."""
    if not Clinic.objects.filter(pk=clinic_id, rehearses__isnull=False).exists():
        raise NotPlayedHere("That clinic treats people: a script is never played there.")


def _clinic(clinic_id: UUID) -> Clinic:
    with clinic_scope(clinic_id, by=BY):
        return Clinic.objects.get(pk=clinic_id)
