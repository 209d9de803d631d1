"""What does a monitor say of its own alarms? An ORU^R40 (IHE PCD-04), into what stands, or why not. Pure.

Every OBR is one alarm, and every OBX under it one facet: the event, what it is about, its phase, its state, what was
silenced, how urgent it is (IHE Devices Technical Framework, Alert Communication Management). The event stands in OBX-3
of the first facet, or, as newer senders write it, in OBX-5 under 196616 MDC_EVT_ALARM. Urgency and kind stand in its
OBX-8, or in facets of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from stillroom.core.vitals import MonitorAlarm, Signal, Silenced, Standing, Urgency
from stillroom.core.vitals.codes import signal_named
from stillroom.gateways.hl7.message import Fields, Message, components, unescaped
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.times import MessageClock

Meaning = TypeVar("Meaning")

LONGEST_WORDS = 120

# The facets, by code and by name: senders are seen that put them the wrong way round.
_EVENT = frozenset({"196616", "MDC_EVT_ALARM"})
_HEARTBEAT = frozenset({"196614", "MDC_EVT_ACTIVE"})
_PHASE = frozenset({"68481", "MDC_ATTR_EVENT_PHASE", "MDC_ATTR_EVT_PHASE"})
_STATE = frozenset({"68482", "MDC_ATTR_ALARM_STATE"})
_SILENCED = frozenset({"68483", "MDC_ATTR_ALARM_INACTIVATION_STATE"})
_URGENCY = frozenset({"68484", "MDC_ATTR_ALARM_PRIORITY"})
_KIND = frozenset({"68485", "MDC_ATTR_ALERT_TYPE"})
_WORDS = frozenset({"68546", "MDC_ATTR_ALERT_TEXT"})

_STANDINGS = {"active": Standing.ACTIVE, "latched": Standing.LATCHED, "inactive": Standing.INACTIVE}
_PHASES = frozenset(
    {"tpoint", "start", "continue", "end", "present", "update", "escalate", "deescalate", "de-escalate", "reset"}
)
_SILENCINGS = {
    "enabled": Silenced.NO,
    "audio-paused": Silenced.SOUND_PAUSED,
    "audio-off": Silenced.SOUND_OFF,
    "alarm-paused": Silenced.ALARM_PAUSED,
    "alarm-off": Silenced.ALARM_OFF,
    "alert-acknowledged": Silenced.SEEN,
}
_URGENCIES = {"PH": Urgency.HIGH, "PM": Urgency.MEDIUM, "PL": Urgency.LOW, "PI": Urgency.LOW, "PN": Urgency.NOT_SAID}
_KINDS = {"SP": False, "ST": True}


@dataclass(slots=True)
class _Group:
    """One OBR and the observations under it."""

    when: str
    observations: list[Fields] = field(default_factory=list)


@dataclass(slots=True)
class _Facets:
    """What the observations of one alarm say, as sent."""

    event: str = ""
    about: str = ""
    words: str = ""
    signal: Signal | None = None
    phase: str = ""
    state: str = ""
    silenced: str = ""
    flags: set[str] = field(default_factory=set)
    when: str = ""


def read_alarms(message: Message, clock: MessageClock) -> list[MonitorAlarm | tuple[Reason, str]]:
    """Each alarm of the message, or why it was not understood, with the word that says so."""
    groups: list[_Group] = []
    for fields in message.segments:
        if fields[0] == "OBR":
            groups.append(_Group(fields[7] if len(fields) > 7 else ""))
        elif fields[0] == "OBX" and groups:
            groups[-1].observations.append(fields + [""] * (15 - len(fields)))
    marks = message.header.marks
    read = (_alarm(group, marks, clock) for group in groups if group.observations)
    return [found for found in read if found is not None]


def _alarm(group: _Group, marks: str, clock: MessageClock) -> MonitorAlarm | tuple[Reason, str] | None:
    """One alarm; nothing for a sign of life."""
    facets = _facets(group, marks)
    if facets.event in _HEARTBEAT:
        return None
    for word, known in ((facets.phase, _PHASES), (facets.state, _STANDINGS), (facets.silenced, {"", *_SILENCINGS})):
        if word not in known:
            return Reason.ALARM_WORD, word
    if not facets.event:
        return Reason.ALARM_WORD, "MDC_EVT_ALARM"
    said_at = clock.measured_at(facets.when or group.when or clock.sent)
    if isinstance(said_at, Reason):
        return said_at, facets.when or group.when or clock.sent
    return MonitorAlarm(
        key=f"{facets.event} {facets.about}".strip(),
        words=facets.words[:LONGEST_WORDS],
        signal=facets.signal,
        standing=Standing.INACTIVE if facets.phase == "end" else _STANDINGS[facets.state],
        silenced=_SILENCINGS.get(facets.silenced, Silenced.NO),
        urgency=_one_of(_URGENCIES, facets.flags, Urgency.NOT_SAID),
        is_technical=_one_of(_KINDS, facets.flags, None),
        said_at=said_at,
        received_at=clock.received_at,
    )


def _facets(group: _Group, marks: str) -> _Facets:
    facets = _Facets()
    for obx in group.observations:
        named = components(obx[3], marks)
        names, value = set(named[:2]), unescaped(obx[5], marks).strip()
        if names & _PHASE:
            facets.phase = value.lower()
        elif names & _STATE:
            facets.state = value.lower()
        elif names & _SILENCED:
            facets.silenced = value.lower().split(marks[2])[-1]
        elif names & (_URGENCY | _KIND):
            facets.flags.add(value)
        elif names & _WORDS:
            facets.words = value
        elif not facets.event:
            _take_event(facets, obx, named, marks)
        else:
            _take_source(facets, obx, named, marks)
    return facets


def _take_event(facets: _Facets, obx: Fields, named: Sequence[str], marks: str) -> None:
    """The first facet: the event, with urgency, kind and time. A line that names a part of the monitor is none."""
    is_carrier = bool(set(named[:2]) & _EVENT)
    event = components(obx[5], marks) if is_carrier else named
    if not any(part.startswith(("MDC_EVT_", "MDCX_EVT_")) for part in event[:2]):
        return
    facets.event = _code_of(event)
    name = next(part for part in event[:2] if part.startswith(("MDC_EVT_", "MDCX_EVT_")))
    facets.words = facets.words or ("" if is_carrier else unescaped(obx[5], marks).strip()) or _plainly(name)
    facets.about = obx[4].rpartition(".")[0]
    facets.flags |= set(obx[8].split(marks[2]))
    facets.when = obx[14]


def _take_source(facets: _Facets, obx: Fields, named: Sequence[str], marks: str) -> None:
    """What the alarm is about: the sign that is measured, or the part of the monitor."""
    code, name, system = [*named, "", "", ""][:3]
    signal = signal_named(system, code, name)
    if facets.signal is None and isinstance(signal, Signal):
        facets.signal = signal


def _code_of(event: Iterable[str]) -> str:
    """The number where there is one, as senders are seen that put number and name the wrong way round."""
    parts = [part for part in event if part]
    return next((part for part in parts if part.isdecimal()), parts[0])


def _plainly(name: str) -> str:
    """An event's own name without its prefix, where the monitor sent no words: MDC_EVT_LEAD_OFF is `lead off`."""
    return name.partition("_EVT_")[2].replace("_", " ").lower()


def _one_of(meanings: Mapping[str, Meaning], words: set[str], otherwise: Meaning) -> Meaning:
    return next((meanings[word] for word in sorted(words) if word in meanings), otherwise)
