"""One infusion as it stands at a moment: all that its screen is drawn from, read once, then only looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from stillroom.adverse.reading import Kept
from stillroom.bedside.people import NOBODY, People
from stillroom.core.drip.history import History
from stillroom.core.drip.pump import PumpEvent
from stillroom.core.errors import Finding
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.elapsed import Running, running
from stillroom.core.infusion.fold import fold, surviving
from stillroom.core.infusion.state import InfusionState
from stillroom.core.infusion.timeline import drip_history, minutes_from, start_of
from stillroom.core.safety.consent import Consented
from stillroom.core.safety.nausea import EasilySick
from stillroom.core.vitals import MonitorAlarm, Sample, Signal
from stillroom.ledger.drawing import InHand

THINNED_S = 15
"""Of each signal at most one reading in this time is kept for traces: more could not be told apart on a screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientSeen:
    """What the bedside needs to know of the patient. `allergies` of None: nobody asked. `wishes`: own words.

    `conditions` and `takes`, the medicines of every day, stand as they were told.
    `on_record`: what the record says to a question before the drip, by the question. `consent`: how it stands there,
    None where it was not looked at. `harm_said_at`: an answer with thoughts of death or self-harm waits for somebody.
    """

    given_name: str
    family_name: str
    born: date
    weight_kg: Decimal | None
    allergies: tuple[str, ...] | None
    wishes: tuple[tuple[str, str], ...] = ()
    conditions: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    on_record: Mapping[str, str] = field(default_factory=dict)
    consent: Consented | None = None
    easily_sick: EasilySick | None = None
    harm_said_at: datetime | None = None

    @property
    def short_name(self) -> str:
        return f"{self.given_name[:1]}. {self.family_name}"

    @property
    def initials(self) -> str:
        return f"{self.given_name[:1]}. {self.family_name[:1]}."


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorSeen:
    """The monitor assigned to the room: how often its link sends and its cuff inflates, and when it was last heard.

    `sources`: where several devices stand in the room, what the one that counts for each sign is called. `intervals_s`:
    how often a sign comes, where that is another's than the monitor's and nothing is judged by it.
    """

    interval_s: float
    cuff_interval_s: float
    last_heard_at: datetime | None
    sources: Mapping[Signal, str] = field(default_factory=dict)
    intervals_s: Mapping[Signal, float] = field(default_factory=dict)
    pulse_first: Signal = Signal.PULSE_PER_MIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """An infusion at `at`, aware UTC. `readings` are the monitor's since arrival, thinned, oldest first.

    `again`: before the drip, what the record says against it now and did not when the order was signed.
    `said`: the alarms of the devices in the room, as they say that they stand; none of ours.
    `can_be_heard`: a screen that shows the room had its sound turned on and heard. `in_hand`: vials of the ledger that
    were taken out for this infusion and not accounted for.
    """

    infusion_id: UUID
    at: datetime
    room: str
    patient: PatientSeen
    log: tuple[e.Logged, ...]
    surviving: tuple[e.Logged, ...]
    state: InfusionState
    names: Mapping[str, str]
    monitor: MonitorSeen | None
    readings: tuple[Sample, ...]
    people: People
    started_at: datetime | None
    drip: History | None
    running: Running
    again: tuple[Finding, ...] = ()
    can_be_heard: bool = False
    pump: PumpEvent | None = None
    said: tuple[MonitorAlarm, ...] = ()
    in_hand: tuple[InHand, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def planned(self) -> e.InfusionPlanned:
        """Entry 1 of every log."""
        assert self.state.planned is not None
        return self.state.planned

    def name_of(self, by: str) -> str:
        return self.names.get(by, by.partition(":")[0])

    def minute_of(self, at: datetime) -> float:
        """Minutes from the start of the drip; from now, while there has been none."""
        return minutes_from(self.started_at or self.at, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A log with what follows from it alone: it stays right for ever, as logs only grow."""

    log: tuple[e.Logged, ...]
    surviving: tuple[e.Logged, ...]
    state: InfusionState
    started_at: datetime | None
    drip: History | None
    running: Running


def fold_log(log: Iterable[e.Logged]) -> Folded:
    entries = tuple(log)
    standing = tuple(surviving(entries))
    return Folded(
        log=entries,
        surviving=standing,
        state=fold(entries),
        started_at=start_of(entries),
        drip=drip_history(entries),
        running=running(standing),
    )


def situation(*, log: Iterable[e.Logged], **about: Any) -> Situation:
    """The situation after all of `log`; `about` is what `situated` takes."""
    return situated(fold_log(log), **about)


def situated(
    folded: Folded,
    *,
    infusion_id: UUID,
    at: datetime,
    room: str,
    patient: PatientSeen,
    names: Mapping[str, str],
    monitor: MonitorSeen | None = None,
    readings: Iterable[Sample] = (),
    people: People = NOBODY,
    again: tuple[Finding, ...] = (),
    can_be_heard: bool = False,
    in_hand: tuple[InHand, ...] = (),
    kept: tuple[Kept, ...] = (),
    pump: PumpEvent | None = None,
    said: tuple[MonitorAlarm, ...] = (),
) -> Situation:
    """The situation of an infusion whose log is folded, at `at`."""
    return Situation(
        infusion_id=infusion_id,
        at=at,
        room=room,
        patient=patient,
        log=folded.log,
        surviving=folded.surviving,
        state=folded.state,
        names=names,
        monitor=monitor,
        readings=tuple(readings),
        people=people,
        can_be_heard=can_be_heard,
        in_hand=in_hand,
        kept=kept,
        started_at=folded.started_at,
        drip=folded.drip,
        running=folded.running,
        again=again,
        pump=pump,
        said=said,
    )
