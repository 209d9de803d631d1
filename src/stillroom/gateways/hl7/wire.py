"""What does one message report? An ORU^R01 of any monitor, into samples and what was set aside. Pure.

An ORU^R40 says what its own alarms do (alarms.py), an ORU^R42 what a pump did (pumps.py); they bring no samples.

An observation that is not what it should be is set aside with its reason, and the rest of the message is kept: a
saturation with a wrong unit must not cost the blood pressure beside it. What concerns the whole message (two patients,
no zone for its times) refuses it whole. Shapes seen of GE, Philips, Comen, Edan and IHE PCD-01 senders differ in
MSH-21, in OBX-1, OBX-11 and in where the time stands; none of those is asked for here.

Signs are read by MDC, MDIL (Philips), EHC (Edan) and LOINC codes, and by no other. A code of a maker's own (99COMEN),
or a word without a coding system (HR, NIBPs), is not kept: nothing beside it vouches for what it means.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from stillroom.core.drip.pump import PumpEvent
from stillroom.core.vitals import MonitorAlarm, Sample, Signal, Validity, flagged
from stillroom.core.vitals.codes import CodeFault, in_own_unit, signal_named
from stillroom.gateways.contract import HARMLESS, Answer, Report, SetAside
from stillroom.gateways.hl7.alarms import read_alarms
from stillroom.gateways.hl7.message import Fields, Message, Unreadable
from stillroom.gateways.hl7.numbers import amount_of, triplets, unit_of
from stillroom.gateways.hl7.pumps import read_pump_events
from stillroom.gateways.hl7.reasons import Reason, answer_to
from stillroom.gateways.hl7.remembering import LONGEST_REMEMBERED, remembered
from stillroom.gateways.hl7.times import MessageClock, offset_of

READINGS, ALARMS, PUMP_EVENTS = ("ORU", "R01"), ("ORU", "R40"), ("ORU", "R42")
SHOWN_CHARACTERS = 80
OBX_FIELDS = 15
"""As many as are looked at, the name of the segment among them."""
MOST_REMEMBERED = 8192

# OBX-11, HL7 table 0085: final, entered and not verified, preliminary, corrected; some monitors leave it out.
_USABLE_STATUS = frozenset({"", "F", "R", "P", "S", "C", "A"})
_STANDARDS = frozenset({"MDC", "MDIL", "LN", "LOINC"})
_NO_RESULT_STATUS = frozenset({"X", "N", "I", "O"})

# OBX-8, HL7 table 0078 and the measurement status of IHE PCD-01 (ISO/IEEE 11073-10201 MeasurementStatus).
_SAYS_NOTHING_OF_VALIDITY = frozenset({"", "N", "H", "L", "HH", "LL", "A", "AA", "U", "D", "B", "W"})
_NOT_OF_THIS_PATIENT_NOW = frozenset({"INV", "NAV", "CAL", "TEST", "DEMO", "BUSY", "OFF"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Who sent a message and of whom it speaks: MSH-3, MSH-4, PV1-3 and PID-3, as sent."""

    sender: str
    facility: str
    bed: str
    patient_id: str

    @property
    def length(self) -> int:
        """In characters."""
        return len(self.sender) + len(self.facility) + len(self.bed) + len(self.patient_id)


def origin_of(message: Message) -> Origin:
    return Origin(message.header[3], message.header[4], message.first("PV1", 3), message.first("PID", 3))


def read(message: Message, *, received_at: datetime, zone: tzinfo | None) -> Report:
    """The samples of a message that came at `received_at` (aware, UTC); `zone` is where a time without one is told."""
    fault = _fault_of(message)
    if fault is not None:
        return refusal(fault)
    sent = message.header[7]
    clock = MessageClock(sent, received_at, offset_of(sent) or zone)
    event = _event_of(message.header.marks, message.header[9])
    if event == ALARMS:
        return _alarms_reported(message, clock)
    if event == PUMP_EVENTS:
        return _pump_reported(message, clock)
    samples, set_aside = _observations(message, clock)
    is_useless = not samples and any(item.reason not in HARMLESS for item in set_aside)
    answer = Answer.ERROR if is_useless else Answer.ACCEPT
    return Report(answer, flagged(samples), set_aside=tuple(set_aside), sent_at=clock.sent_at)


def _alarms_reported(message: Message, clock: MessageClock) -> Report:
    found = read_alarms(message, clock)
    alarms = tuple(item for item in found if isinstance(item, MonitorAlarm))
    set_aside = tuple(
        SetAside(item[0], f"OBR {number}", item[1][:SHOWN_CHARACTERS])
        for number, item in enumerate(found, 1)
        if not isinstance(item, MonitorAlarm)
    )
    answer = Answer.ERROR if set_aside and not alarms else Answer.ACCEPT
    return Report(answer, alarms=alarms, set_aside=set_aside, sent_at=clock.sent_at)


def _pump_reported(message: Message, clock: MessageClock) -> Report:
    found = read_pump_events(message, clock)
    events = tuple(item for item in found if isinstance(item, PumpEvent))
    set_aside = tuple(
        SetAside(item[0], "OBR", item[1][:SHOWN_CHARACTERS]) for item in found if not isinstance(item, PumpEvent)
    )
    answer = Answer.ERROR if set_aside and not events else Answer.ACCEPT
    return Report(answer, pump_events=events, set_aside=set_aside, sent_at=clock.sent_at)


@remembered(64)
def _event_of(marks: str, kind: str) -> tuple[str, ...]:
    """Message and trigger, as MSH-9 names them."""
    return tuple(kind.split(marks[1])[:2])


def refusal(item: SetAside) -> Report:
    """A report that nothing of the message was taken, and why."""
    return Report(answer_to(item.reason), set_aside=(item,))


def unread(fault: Unreadable, where: str) -> Report:
    """A report that nobody could read what came."""
    return refusal(SetAside(fault.reason, where, fault.what[:SHOWN_CHARACTERS]))


def _fault_of(message: Message) -> SetAside | None:
    """What forbids the whole message, first things first."""
    header = message.header
    fault = _fault_of_kind(header.marks, header[9], header[12], header[11])
    if fault is not None:
        return fault
    names = [fields[0] for fields in message.segments]
    if not header.control_id:
        return SetAside(Reason.CONTROL_ID, "MSH-10")
    if "PID" not in names:
        return SetAside(Reason.PATIENT_SEGMENT, "PID")
    if not (_says_one(message, names, "PID") and _says_one(message, names, "PV1")):
        return SetAside(Reason.TWO_PATIENTS, "PID")
    if "OBR" not in names or "OBX" in names[: names.index("OBR")]:
        return SetAside(Reason.REQUEST_SEGMENT, "OBR")
    return None


@remembered(64)
def _fault_of_kind(marks: str, kind: str, version: str, processing: str) -> SetAside | None:
    """What forbids every message that calls itself so. A monitor's messages all do."""
    if _event_of(marks, kind) not in (READINGS, ALARMS, PUMP_EVENTS):
        return SetAside(Reason.TYPE, "MSH-9")
    if not version.startswith("2."):
        return SetAside(Reason.VERSION, "MSH-12")
    if processing.split(marks[1], maxsplit=1)[0] != "P":
        return SetAside(Reason.NOT_PRODUCTION, "MSH-11")
    return None


def _says_one(message: Message, names: list[str], name: str) -> bool:
    """Whether all segments of this name say the same in their third field."""
    if names.count(name) <= 1:
        return True
    return len({fields[3] if len(fields) > 3 else "" for fields in message.segments if fields[0] == name}) <= 1


def _observations(message: Message, clock: MessageClock) -> tuple[list[Sample], list[SetAside]]:
    """Every observation of the message, in order: kept or set aside."""
    meanings = _meanings_by(message.header.marks)
    requested = clock.sent
    number = 0
    samples: dict[tuple[Signal, datetime], Sample] = {}
    set_aside: list[SetAside] = []
    for fields in message.segments:
        if fields[0] == "OBR":
            requested = (fields[7] if len(fields) > 7 else "") or clock.sent
        if fields[0] != "OBX":
            continue
        number += 1
        whole = fields if len(fields) >= OBX_FIELDS else fields + [""] * (OBX_FIELDS - len(fields))
        outcome = _observed(whole, meanings, clock, requested)
        if isinstance(outcome, Sample):
            if samples.setdefault((outcome.signal, outcome.measured_at), outcome) is outcome:
                continue
            outcome = Reason.SIGNAL_TWICE, fields[3]
        reason, what = outcome
        set_aside.append(SetAside(reason, f"OBX {number}", what[:SHOWN_CHARACTERS]))
    return list(samples.values()), set_aside


def _observed(
    fields: Fields, meanings: Meanings, clock: MessageClock, default_time: str
) -> Sample | tuple[Reason, str]:
    """One OBX as a sample, or why not, with the text that says so."""
    meant = meanings[_SAID(fields)]
    if len(meant) == 2:
        return meant
    signal, value, validity = meant
    measured_at = clock.measured_at(fields[14] or default_time)
    if type(measured_at) is Reason:
        return measured_at, fields[14] or default_time
    return Sample(signal, value, measured_at, clock.received_at, validity)


# What an OBX says but for its time: OBX-3, 11, 2, 5, 6 and 8.
_SAID = itemgetter(3, 11, 2, 5, 6, 8)
Said = tuple[str, str, str, str, str, str]
Meant = tuple[Signal, Decimal, Validity] | tuple[Reason, str]


class Meanings(dict[Said, Meant]):
    """What observations mean that are written with these separators, by what they say.

    A monitor says the same codes, units and numbers with every message, so they are remembered. A plain dict, as
    there are ten of these to a message.
    """

    def __init__(self, marks: str) -> None:
        super().__init__()
        self._marks = marks

    def __missing__(self, said: Said) -> Meant:
        meant = _meant(*said, self._marks)
        if sum(map(len, said)) <= LONGEST_REMEMBERED:
            if len(self) >= MOST_REMEMBERED:
                self.clear()
            self[said] = meant
        return meant


@lru_cache(maxsize=4)
def _meanings_by(marks: str) -> Meanings:
    return Meanings(marks)


def _meant(code: str, status: str, value_type: str, text: str, unit_said: str, flags: str, marks: str) -> Meant:
    """What an OBX says but for its time: a sign, its value in the sign's unit, how far to believe it. Or why not."""
    # isinstance() of an enumeration takes ten times as long.
    signal = _signal_of(code, marks)
    if type(signal) is Reason:
        return signal, code
    if status not in _USABLE_STATUS:
        return Reason.NO_VALUE if status in _NO_RESULT_STATUS else Reason.WITHDRAWN, code
    amount = amount_of(value_type, text, marks)
    if type(amount) is Reason:
        return amount, code if amount is Reason.NO_VALUE else text
    unit = unit_of(unit_said, marks)
    if type(unit) is Reason:
        return unit, unit_said
    value = in_own_unit(signal, amount, unit)
    if value is None:
        return Reason.UNIT_OF_ANOTHER_KIND, unit_said
    return signal, value, _validity_of(flags, marks)


@remembered(2048)
def _signal_of(field: str, marks: str) -> Signal | Reason:
    """The signal that OBX-3 names, by its first or its alternate code.

    A maker's own code that is not known may have a known one beside it. One of a standard that is not known may not:
    that the other is broader does not make an arterial pressure one of the cuff.
    """
    found = [(system, signal_named(system, code, name)) for code, name, system in triplets(field, marks)]
    named = [meant for system, meant in found if meant is not CodeFault.UNKNOWN or system in _STANDARDS]
    if CodeFault.NAME_MISMATCH in named:
        return Reason.NAME_MISMATCH
    if not named or CodeFault.UNKNOWN in named:
        return Reason.NOT_KEPT
    if CodeFault.NAME_MISSING in named:
        return Reason.NAME_MISSING
    signals = {signal for signal in named if isinstance(signal, Signal)}
    return signals.pop() if len(signals) == 1 else Reason.CODES_DISAGREE


@remembered(256)
def _validity_of(field: str, marks: str) -> Validity:
    """What OBX-8 says of the value. A flag that nobody knows makes it questionable."""
    flags = set(field.split(marks[2]))
    if flags & _NOT_OF_THIS_PATIENT_NOW:
        return Validity.INVALID
    return Validity.VALID if flags <= _SAYS_NOTHING_OF_VALIDITY else Validity.QUESTIONABLE
