"""What is open in each room, for whoever goes and whoever comes: read whole, at one moment, for one sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse

from stillroom.bedside import parts as p
from stillroom.bedside.board_reading import as_counted
from stillroom.bedside.fill.alarms import fill_alarms
from stillroom.bedside.fill.coming import fill_due
from stillroom.bedside.fill.drip import elapsed_s, fill_doubt, fill_named, fill_reassigned, progress_now
from stillroom.bedside.fill.offered import Roles, offered
from stillroom.bedside.fill.room import fill_offer, fill_seems, fill_who
from stillroom.bedside.fill.tiles import fill_tiles
from stillroom.bedside.reading import read_situation
from stillroom.bedside.sheets import Act
from stillroom.bedside.situation import Situation
from stillroom.clinics.models import Clinic, Staff
from stillroom.core.drip.exact import shown
from stillroom.infusions.models import HERE, Infusion, PatientOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenMedicine:
    """A medicine besides the drip, when and by whom."""

    name: str
    amount: Decimal
    unit: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomOpen:
    """One room with a patient in it, as `at`. `given_ml` of None: nothing has run, or nobody can say."""

    infusion_id: UUID
    href: str
    seq: int
    at: datetime
    who: p.Who
    status: str
    minutes: int
    of_min: int
    acts: frozenset[Act]
    keeper: str | None
    offer: p.RoomOffer | None
    alarms: tuple[p.OpenAlarm, ...]
    due: tuple[p.NextThing, ...]
    doubt: p.Doubt | None
    named: tuple[p.NamedPrescriber, ...]
    reassigned: p.ReassignedView | None
    seems: p.Seems
    tiles: tuple[p.Tile, ...]
    medicines: tuple[GivenMedicine, ...]
    paused_at: datetime | None
    help_since: datetime | None
    monitor_lost_at: datetime | None
    given_ml: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An order that is written and not signed, for a patient of today."""

    patient: str
    patient_id: UUID
    starts_at: datetime
    drafted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """All rooms that somebody is in, by their numbers, and what waits for a prescriber."""

    at: datetime
    rooms: tuple[RoomOpen, ...]
    waiting: tuple[Waiting, ...]


def read_handover(clinic: Clinic, infusions: Iterable[Infusion], *, roles: Roles, at: datetime) -> Handover:
    """Of the infusions that whoever asks may see: those whose patient is here."""
    here = sorted((each for each in infusions if each.status in HERE), key=lambda each: as_counted(each.room.name))
    rooms = tuple(_room(read_situation(each, at=at), roles) for each in here)
    return Handover(at=at, rooms=rooms, waiting=_waiting(clinic))


def _waiting(clinic: Clinic) -> tuple[Waiting, ...]:
    names = {member.person_id: member.short_name for member in Staff.objects.all()}
    midnight = datetime.combine(clinic.today(), time(), ZoneInfo(clinic.time_zone))
    found = PatientOrder.objects.filter(
        signed_at=None,
        appointment__cancelled_at=None,
        appointment__starts_at__gte=midnight,
        appointment__starts_at__lt=midnight + timedelta(days=1),
    )
    return tuple(
        Waiting(
            patient=str(each.patient),
            patient_id=each.patient_id,
            starts_at=each.appointment.starts_at,
            drafted_by=names.get(each.drafted_by_id, ""),
        )
        for each in found.select_related("patient", "appointment").order_by("appointment__starts_at")
    )


def _room(now: Situation, roles: Roles) -> RoomOpen:
    state = now.state
    progress = progress_now(now)
    return RoomOpen(
        infusion_id=now.infusion_id,
        href=reverse("bedside:room", args=[now.infusion_id]),
        seq=state.last_seq,
        at=now.at,
        who=fill_who(now),
        status=state.status,
        minutes=elapsed_s(now) // 60,
        of_min=int(now.planned.order.duration_min),
        acts=offered(state, roles),
        keeper=now.name_of(state.taken_by) if state.taken_by else None,
        offer=fill_offer(now),
        alarms=fill_alarms(now),
        due=fill_due(now),
        doubt=fill_doubt(now, roles),
        named=fill_named(now),
        reassigned=fill_reassigned(now),
        seems=fill_seems(now),
        tiles=tuple(each for each in fill_tiles(now) if each.measured_at is not None),
        medicines=_medicines(now),
        paused_at=state.paused_at,
        help_since=state.help_called_at,
        monitor_lost_at=state.monitor_lost_at,
        given_ml=str(shown(progress.run_ml, decimals=0)) if progress else None,
    )


def _medicines(now: Situation) -> tuple[GivenMedicine, ...]:
    return tuple(
        GivenMedicine(
            name=each.fact.name,
            amount=each.fact.amount,
            unit=each.fact.unit,
            at=each.occurred_at,
            by=now.name_of(each.by),
        )
        for each in now.state.medicines
    )
