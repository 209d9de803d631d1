"""How is each link? What the gateway notes in memory as messages come, and writes down every second for people.

Nothing here decides anything: a link's silence is judged by the clock, by whoever looks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q

from stillroom.clinics import clock
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.devices.drivers import driver_of
from stillroom.devices.enrolment import Enrolment
from stillroom.devices.models import LinkState, Stranger
from stillroom.devices.rates import Rate
from stillroom.gateways.contract import Report, SetAside
from stillroom.gateways.hl7.wire import Origin

FIRST = 1
"""Gateways that run side by side are numbered from here on."""
CALLS = 0
"""The number of the process that calls devices, and hears them as a gateway does."""
MAX_REFUSALS = 12
MAX_STRANGERS = 50
# How much the newest gap counts in the mean of gaps: the mean follows a change within about ten messages.
NEWEST_GAP_SHARE = 0.2

_TOLD = [field.column for field in LinkState._meta.fields if field.name not in ("pk", "monitor", "gateway", "clinic")]
# All rows go as one text, as this is done each second, and for every link of a house.
_WRITE = f"""
    INSERT INTO devices_linkstate SELECT * FROM jsonb_populate_recordset(NULL::devices_linkstate, %s)
    ON CONFLICT (monitor_id, gateway) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _TOLD)}
"""  # noqa: S608


@dataclass
class Noted:
    """One link as it is known since the gateway started."""

    enrolment: Enrolment
    lines: set[int] = field(default_factory=set)
    peer: str = ""
    last_heard_at: datetime | None = None
    last_sample_at: datetime | None = None
    observed_interval_s: float | None = None
    clock_offset_s: float | None = None
    frames: int = 0
    samples: int = 0
    refused: int = 0
    refusals: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    counted: Rate = field(default_factory=Rate)
    is_changed: bool = True

    def hear(self, line: int, peer: str, report: Report, received_at: datetime) -> None:
        """One more message, and what it came to."""
        if self.last_heard_at is not None:
            self._note_gap((received_at - self.last_heard_at).total_seconds())
        self.lines.add(line)
        self.peer, self.last_heard_at, self.is_changed = peer, received_at, True
        self.frames += 1
        self.counted.count(received_at)
        self.samples += len(report.samples)
        self.last_sample_at = received_at if report.samples else self.last_sample_at
        if report.sent_at is not None:
            self.clock_offset_s = (received_at - report.sent_at).total_seconds()
        for item in report.refusals:
            self.refuse(item, received_at)

    def open(self, line: int, peer: str) -> None:
        self.lines.add(line)
        self.peer, self.is_changed = peer, True

    def close(self, line: int) -> None:
        if line in self.lines:
            self.lines.discard(line)
            self.is_changed = True

    def refuse(self, item: SetAside, at: datetime) -> None:
        """Kinds of refusals, the newest first; the same again counts up."""
        self.refused += 1
        self.is_changed = True
        known = self.refusals.pop((item.reason, item.what), {"times": 0})
        self.refusals[item.reason, item.what] = {
            "reason": item.reason.value,
            "sentence": driver_of(self.enrolment.driver).sentences[item.reason],
            "where": item.where,
            "what": item.what,
            "at": at.isoformat(),
            "times": known["times"] + 1,
        }
        while len(self.refusals) > MAX_REFUSALS:
            self.refusals.pop(next(iter(self.refusals)))

    def _note_gap(self, gap_s: float) -> None:
        mean_s = gap_s if self.observed_interval_s is None else self.observed_interval_s
        self.observed_interval_s = mean_s + NEWEST_GAP_SHARE * (gap_s - mean_s)


@dataclass(frozen=True, slots=True)
class Knock:
    """Somebody no monitor is enrolled for: from where, with which certificate, and what they call themselves."""

    peer: str
    certificate: str
    origin: Origin | None


class Links:
    """All links of the gateway of this number, and who else knocked."""

    def __init__(self, gateway: int = FIRST) -> None:
        self._gateway = gateway
        self._noted: dict[UUID, Noted] = {}
        self._strangers: dict[UUID, dict[tuple[str, str, str, str], datetime]] = {}

    def begin(self) -> None:
        """Nobody is connected to a gateway that begins, nor to one that no longer runs, as there are fewer now.

        What they counted was of then; when a monitor was heard last stays.
        """
        here = Q(gateway=self._gateway)
        if self._gateway == FIRST:
            here |= Q(gateway__gt=settings.HL7_PROCESSES)
        for clinic_id in clinic_ids():
            with clinic_scope(clinic_id, by="system:gateway"):
                LinkState.objects.filter(here).update(lines=0, frames=0, samples=0, refused=0, refusals=[])

    def of(self, enrolment: Enrolment) -> Noted:
        noted = self._noted.get(enrolment.id)
        if noted is None:
            noted = self._noted[enrolment.id] = Noted(enrolment)
        noted.enrolment = enrolment
        return noted

    def known(self, monitor_id: UUID) -> Noted:
        """The link of a monitor that sent before."""
        return self._noted[monitor_id]

    def close(self, line: int) -> None:
        for noted in self._noted.values():
            noted.close(line)

    def note_stranger(self, clinics: Iterable[UUID], knock: Knock, at: datetime) -> None:
        """Told to the clinics it may concern."""
        names = (knock.origin.sender[:227], knock.origin.bed[:200]) if knock.origin else ("", "")
        who = (knock.peer, knock.certificate, *names)
        for clinic_id in clinics:
            heard = self._strangers.setdefault(clinic_id, {})
            if len(heard) < MAX_STRANGERS or who in heard:
                heard[who] = at

    def take_changes(self) -> Changes:
        """What is new since the last time. Taken by whoever notes, so that nothing is noted while it is written."""
        changed = [noted for noted in self._noted.values() if noted.is_changed]
        changes = Changes([_row(noted, self._gateway) for noted in changed], self._strangers)
        self._strangers = {}
        for noted in changed:
            noted.is_changed = False
        return changes

    def put_back(self, changes: Changes) -> None:
        """They could not be written, and are told again with what is noted since."""
        for row in changes.links:
            self._noted[row["monitor_id"]].is_changed = True
        for clinic_id, heard in changes.strangers.items():
            self._strangers[clinic_id] = heard | self._strangers.get(clinic_id, {})


@dataclass(frozen=True, slots=True)
class Changes:
    """As they were at one moment: links, each as a row of their table, and by clinic who else knocked, and when."""

    links: Sequence[Mapping[str, Any]]
    strangers: Mapping[UUID, dict[tuple[str, str, str, str], datetime]]

    def write_down(self) -> None:
        """Clinic by clinic."""
        for clinic_id in {row["clinic_id"] for row in self.links} | set(self.strangers):
            with clinic_scope(clinic_id, by="system:gateway"):
                _write_links([row for row in self.links if row["clinic_id"] == clinic_id])
                _write_strangers(clinic_id, self.strangers.get(clinic_id, {}))


def _write_links(rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [json.dumps(rows, default=str)])


def _row(noted: Noted, gateway: int) -> dict[str, Any]:
    now = clock.now()
    return {
        "monitor_id": noted.enrolment.id,
        "gateway": gateway,
        "clinic_id": noted.enrolment.clinic_id,
        "lines": len(noted.lines),
        "peer": noted.peer,
        "last_heard_at": noted.last_heard_at,
        "last_sample_at": noted.last_sample_at,
        "observed_interval_s": noted.observed_interval_s,
        "messages_per_s": noted.counted.per_s(now),
        "clock_offset_s": noted.clock_offset_s,
        "frames": noted.frames,
        "samples": noted.samples,
        "refused": noted.refused,
        "refusals": list(reversed(noted.refusals.values())),
        "noted_at": now,
    }


def _write_strangers(clinic_id: UUID, heard: Mapping[tuple[str, str, str, str], datetime]) -> None:
    who = ["clinic", "peer", "certificate", "sending_application", "bed"]
    rows = [
        Stranger(clinic_id=clinic_id, **dict(zip(who[1:], said, strict=True)), last_heard_at=at)
        for said, at in sorted(heard.items())  # in one order, as two gateways may write the same ones at once
    ]
    Stranger.objects.bulk_create(rows, update_conflicts=True, unique_fields=who, update_fields=["last_heard_at"])
    for old in Stranger.objects.order_by("-last_heard_at")[MAX_STRANGERS:]:
        old.delete()
