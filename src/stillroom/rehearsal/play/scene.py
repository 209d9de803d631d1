"""What is to be seen in the room of a rehearsal at a moment: patient, monitor and drip?

Everything follows from the script, its clock and the log. The patient's level of the drug is that of the drip as it
really ran, with what the script did to it, at the patient's own pace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stillroom.core.drip.history import History
from stillroom.core.infusion import entries as e
from stillroom.rehearsal.level import effect_site_ng_per_ml
from stillroom.rehearsal.patient import SimulatedPatient, signs_at
from stillroom.rehearsal.play.clock import ScriptClock, hurried
from stillroom.rehearsal.play.parts import Event, Kind, Mishap, Script
from stillroom.rehearsal.play.scoring import helped_at
from stillroom.rehearsal.play.shown import Shown, shown_at
from stillroom.rehearsal.play.true_drip import drops_per_min, left_in_bag_ml, true_history


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One rehearsal as far as its log goes. `clock` and `drip` are None until the drip has been started."""

    script: Script
    surviving: tuple[e.Logged, ...]
    patient: SimulatedPatient
    weight_kg: float
    clock: ScriptClock | None
    drip: History | None

    def shown(self, at: datetime) -> Shown:
        if self.clock is None:
            return Shown(signs=signs_at(self.patient, at_s=at.timestamp(), effect_site_ng_per_ml=0.0))
        minute = self.clock.minute(at)
        signs = signs_at(self.patient, at_s=at.timestamp(), effect_site_ng_per_ml=self._level(at, self.clock))
        helped = helped_at(self.script, self.surviving, self.clock)
        return shown_at(signs, self.script, clock=self.clock, minute=minute, helped_at=helped, seed=self.patient.seed)

    def drops_per_min(self, at: datetime) -> int:
        return drops_per_min(self._true(at, self.clock), at_min=_room_min(at, self.clock)) if self.clock else 0

    def left_in_bag_ml(self, at: datetime) -> float | None:
        """None while no bag hangs that drips."""
        if self.clock is None or self.drip is None:
            return None
        return float(left_in_bag_ml(self._true(at, self.clock), at_min=_room_min(at, self.clock)))

    def has_come(self, at: datetime) -> Sequence[Event]:
        """The events so far, oldest first."""
        clock = self.clock
        return [event for event in self.script.events if clock and clock.at(event.minute) <= at]

    def is_dark(self, at: datetime) -> bool:
        """The power is away."""
        return any(
            isinstance(event.what, Mishap)
            and event.what.kind is Kind.POWER
            and at < self._at(event) + timedelta(minutes=event.what.for_min)
            for event in self.has_come(at)
        )

    def _at(self, event: Event) -> datetime:
        assert self.clock is not None
        return self.clock.at(event.minute)

    def _true(self, at: datetime, clock: ScriptClock) -> History:
        assert self.drip is not None
        return true_history(self.drip, self.script, clock, until_min=_room_min(at, clock))

    def _level(self, at: datetime, clock: ScriptClock) -> float:
        if self.drip is None:
            return 0.0
        history = hurried(self._true(at, clock), clock)
        (level,) = effect_site_ng_per_ml(history, [clock.minute(at)], weight_kg=self.weight_kg)
        return level


def _room_min(at: datetime, clock: ScriptClock) -> float:
    return (at - clock.started_at) / timedelta(minutes=1)
