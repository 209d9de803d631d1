"""What does a pump say it did? An ORU^R42 (IHE PCD-10), into its events, or why not. Pure. Received only.

Every OBR is one event, and the observations under it say what happened (MDC_ATTR_EVT_COND), in which source of the pump
(MDC_ATTR_EVT_SOURCE, a place in its containment), and how much flows, was given and is left. IHE's own sample gives
several of these terms the number 0, which was pending then; so they are read by their names, and a number that is known
must agree. Only what stands in the source of the event counts for it, never what another bag on the pump has given.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from stillroom.core.drip.pump import PumpDid, PumpEvent
from stillroom.core.vitals.codes import Unit
from stillroom.gateways.hl7.message import Fields, Message, components, unescaped
from stillroom.gateways.hl7.numbers import amount_of, unit_of
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.times import MessageClock

LONGEST_WORDS = 120
EVENT, SOURCE = "MDC_ATTR_EVT_COND", "MDC_ATTR_EVT_SOURCE"
FLOWS, GIVEN, LEFT = "MDC_FLOW_FLUID_PUMP_CURRENT", "MDC_VOL_FLUID_DELIV_TOTAL", "MDC_VOL_FLUID_TBI_REMAIN"
_UNITS = {FLOWS: Unit.ML_PER_H, GIVEN: Unit.ML, LEFT: Unit.ML}
# ISO/IEEE 11073-10101 by IHE PCD TF; 0 where a sender has none yet.
_NUMBERS = {
    EVENT: "68487",
    SOURCE: "68488",
    FLOWS: "158014",
    GIVEN: "157993",
    LEFT: "157872",
    "MDC_EVT_PUMP_DELIV_START": "197288",
    "MDC_EVT_PUMP_DELIV_COMP": "197292",
}
_DID = {
    "MDC_EVT_PUMP_DELIV_START": PumpDid.STARTED,
    "MDC_EVT_PUMP_DELIV_STOP": PumpDid.STOPPED,
    "MDC_EVT_PUMP_DELIV_COMP": PumpDid.COMPLETED,
}
_UNKNOWN = frozenset({"", "0"})

Read = PumpEvent | tuple[Reason, str]


def read_pump_events(message: Message, clock: MessageClock) -> list[Read]:
    """Each event of the message in order, and each part of one that was not understood, with the word that says so."""
    groups: list[tuple[str, list[Fields]]] = []
    for fields in message.segments:
        if fields[0] == "OBR":
            groups.append((fields[7] if len(fields) > 7 else "", []))
        elif fields[0] == "OBX" and groups:
            groups[-1][1].append(fields + [""] * (15 - len(fields)))
    marks = message.header.marks
    return [each for when, observations in groups if observations for each in _event(when, observations, marks, clock)]


def _event(when: str, observations: Sequence[Fields], marks: str, clock: MessageClock) -> list[Read]:
    said = {name: obx for obx in observations if (name := _name(obx[3], marks))}
    named = components(said[EVENT][5], marks) if EVENT in said else []
    name = next((part for part in named if part.startswith(("MDC_EVT_", "MDCX_EVT_"))), "")
    if not name or _disagree(named[0], name):
        return [(Reason.PUMP_EVENT, "^".join(named[:2]) or EVENT)]
    at_text = said[EVENT][14] or when or clock.sent
    said_at = clock.measured_at(at_text)
    if isinstance(said_at, Reason):
        return [(said_at, at_text)]
    source = unescaped(said[SOURCE][5], marks).strip() if SOURCE in said else ""
    amounts: dict[str, Decimal | None] = {}
    faults: list[Read] = []
    for term, unit in _UNITS.items():
        amount = _amount(observations, term, unit, source, marks)
        amounts[term] = None if isinstance(amount, tuple) else amount
        faults += [amount] if isinstance(amount, tuple) else []
    did = _DID.get(name, PumpDid.OTHER)
    words = "" if did is not PumpDid.OTHER else name.partition("_EVT_")[2].replace("_", " ").lower()[:LONGEST_WORDS]
    flows, given, left = (amounts[term] for term in (FLOWS, GIVEN, LEFT))
    return [PumpEvent(did, words, flows, given, left, said_at, clock.received_at), *faults]


def _amount(
    observations: Sequence[Fields], term: str, unit: Unit, source: str, marks: str
) -> Decimal | tuple[Reason, str] | None:
    """What the event's own source, or the pump's delivery beside it, says; two that differ say nothing."""
    found: set[Decimal] = set()
    for obx in observations:
        if _name(obx[3], marks) != term or not _is_of(obx[4], source, is_of_pump=term == FLOWS):
            continue
        amount, in_unit = amount_of(obx[2], obx[5], marks), unit_of(obx[6], marks)
        if isinstance(amount, Reason):
            return None if amount is Reason.NO_VALUE else (amount, obx[5])
        if in_unit is not unit:
            return (in_unit if isinstance(in_unit, Reason) else Reason.UNIT_OF_ANOTHER_KIND), obx[6]
        if amount < 0:
            return Reason.NOT_A_NUMBER, obx[5]
        found.add(amount)
    return found.pop() if len(found) == 1 else None


def _is_of(place: str, source: str, *, is_of_pump: bool) -> bool:
    """Whether OBX-4 stands in the source 1.1.2.0, as 1.1.2.7 does; of the pump's flow, in its part 1.1."""
    parts = 2 if is_of_pump else 3
    return not source or place.split(".")[:parts] == source.split(".")[:parts]


def _name(field: str, marks: str) -> str:
    """The name of a term, if its number does not say otherwise."""
    parts = [*components(field, marks), "", ""]
    name = next((part for part in parts[:2] if part.startswith("MDC_")), "")
    number = next((part for part in parts[:2] if part.isdecimal()), "")
    return "" if _disagree(number, name) else name


def _disagree(number: str, name: str) -> bool:
    known = _NUMBERS.get(name)
    return known is not None and number.isdecimal() and number not in (*_UNKNOWN, known)
