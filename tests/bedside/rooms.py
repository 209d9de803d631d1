"""Situations made by hand: a walk of tests/examples.py, a patient, and what a monitor sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from stillroom.bedside.fill import fill_room
from stillroom.bedside.fill.offered import Roles
from stillroom.bedside.room import RoomView
from stillroom.bedside.situation import MonitorSeen, PatientSeen, Situation, situation
from stillroom.core.vitals import MonitorAlarm, Sample, Signal
from tests.examples import ADA, BEN, DEE, DISPLAY, Walk, an_id

NURSE: Roles = frozenset({"nurse"})
PRESCRIBER: Roles = frozenset({"prescriber"})
NAMES = {ADA.by: "A. Okafor", BEN.by: "B. Osei", DEE.by: "D. Lind", DISPLAY.by: "Tablet 1", "system:watch": "Stillroom"}
ALDER = PatientSeen(given_name="Mara", family_name="Alder", born=date(1985, 5, 4), weight_kg=Decimal(70), allergies=())
EVERY_5_S = MonitorSeen(interval_s=5, cuff_interval_s=300, last_heard_at=None)


def seen(
    walk: Walk,
    *,
    at: datetime | None = None,
    monitor: MonitorSeen | None = None,
    readings: Iterable[Sample] = (),
    patient: PatientSeen = ALDER,
    said: tuple[MonitorAlarm, ...] = (),
) -> Situation:
    """The walk as the bedside sees it at `at`, or at the moment the walk has come to."""
    return situation(
        log=walk.log,
        infusion_id=an_id("infusion"),
        at=at or walk.at,
        room="Room 2",
        patient=patient,
        names=NAMES,
        monitor=monitor,
        readings=readings,
        said=said,
    )


def shown(now: Situation, roles: Roles = NURSE) -> RoomView:
    return fill_room(now, href="/bedside/1/", roles=roles)


def sent(signal: Signal, value: int, measured_at: datetime) -> Sample:
    return Sample(signal, Decimal(value), measured_at, measured_at)
