"""Who is connected to a simulated monitor now, and what is at their effect site? Read from the real log.

The monitor stands in a room; the infusion in that room has a log; from the log core.drip knows what reached the vein.
Whatever staff do in a rehearsal, the simulated patient answers to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.history import History
from stillroom.core.infusion.fold import fold
from stillroom.core.infusion.timeline import drip_history, minutes_from, start_of
from stillroom.devices.assignments import standing_at
from stillroom.infusions.models import HERE, Infusion
from stillroom.infusions.reading import entries_of
from stillroom.rehearsal.level import effect_site_ng_per_ml
from stillroom.rehearsal.patient import Signs, signs_at
from stillroom.rehearsal.people import body_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A patient on the monitor: who, where, and what their drip did, as far as entry `last_seq` says."""

    infusion_id: UUID
    last_seq: int
    identifier: str
    room: str
    weight_kg: float
    started_at: datetime | None
    drip: History | None


class Watcher:
    """Looks who is connected to one monitor; a log is read anew only when it has grown."""

    def __init__(self, clinic_id: UUID, monitor_id: UUID) -> None:
        self._clinic_id = clinic_id
        self._monitor_id = monitor_id
        self._seen: Connected | None = None

    def look(self, at: datetime) -> Connected | None:
        with clinic_scope(self._clinic_id, by="system:rehearsal"):
            infusion = self._infusion(at)
            if infusion is None:
                self._seen = None
            elif self._seen is None or (self._seen.infusion_id, self._seen.last_seq) != (
                infusion.pk,
                infusion.last_seq,
            ):
                self._seen = _read(infusion)
        return self._seen

    def _infusion(self, at: datetime) -> Infusion | None:
        standing = standing_at(at).filter(monitor=self._monitor_id).first()
        if standing is None:
            return None
        here = Infusion.objects.filter(room=standing.room_id, status__in=HERE)
        return here.select_related("patient", "room").first()


def signs_of(connected: Connected, at: datetime) -> Signs:
    """What there is to measure at this moment."""
    level = 0.0
    if connected.drip is not None and connected.started_at is not None:
        at_min = minutes_from(connected.started_at, at)
        (level,) = effect_site_ng_per_ml(connected.drip, [at_min], weight_kg=connected.weight_kg)
    return signs_at(body_of(connected.identifier), at_s=at.timestamp(), effect_site_ng_per_ml=level)


def _read(infusion: Infusion) -> Connected:
    log = entries_of(infusion.pk)
    planned = fold(log).planned
    assert planned is not None
    return Connected(
        infusion_id=infusion.pk,
        last_seq=infusion.last_seq,
        identifier=infusion.patient.identifier,
        room=infusion.room.name,
        weight_kg=float(planned.weight_kg),
        started_at=start_of(log),
        drip=drip_history(log),
    )
