"""The scene of a rehearsal as the database has it: read anew only when its log has grown."""

from __future__ import annotations

from uuid import UUID

from django.db import DatabaseError, close_old_connections

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.timeline import drip_history, start_of
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of
from stillroom.rehearsal.people import body_of
from stillroom.rehearsal.play.clock import ScriptClock
from stillroom.rehearsal.play.parts import Script
from stillroom.rehearsal.play.scene import Scene

BY = "system:rehearsal"


class Stage:
    """One infusion that a script is played to, at so many times its speed."""

    def __init__(self, script: Script, *, speed: float, clinic_id: UUID, infusion_id: UUID) -> None:
        self.script, self.speed = script, speed
        self.clinic_id, self.infusion_id = clinic_id, infusion_id
        self._seen: tuple[int, Scene] | None = None

    def scene(self) -> Scene:
        """As it stands; while the database is away, as it was last seen."""
        try:
            return self._now()
        except DatabaseError:
            close_old_connections()
            if self._seen is None:
                raise
            return self._seen[1]

    def _now(self) -> Scene:
        with clinic_scope(self.clinic_id, by=BY):
            infusion = Infusion.objects.select_related("patient").get(pk=self.infusion_id)
            if self._seen is None or self._seen[0] != infusion.last_seq:
                self._seen = infusion.last_seq, self._read(infusion)
        return self._seen[1]

    def _read(self, infusion: Infusion) -> Scene:
        log = entries_of(infusion.pk)
        kept = tuple(surviving(log))
        planned = next(entry.fact for entry in log if isinstance(entry.fact, e.InfusionPlanned))
        started_at = start_of(log) if any(isinstance(entry.fact, e.StartConfirmed) for entry in kept) else None
        begin_min = self.script.begin_min or 0.0
        clock = ScriptClock(started_at=started_at, begin_min=begin_min, speed=self.speed) if started_at else None
        return Scene(
            script=self.script,
            surviving=kept,
            patient=body_of(infusion.patient.identifier),
            weight_kg=float(planned.weight_kg),
            clock=clock,
            drip=drip_history(log) if started_at else None,
        )
