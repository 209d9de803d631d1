"""Why was a message, or one observation in it, not taken? Each reason in words that an engineer can act on.

The same sentence goes to the sender (MSA-3, ERR-8) and to the technician's page, so that both talk of one thing.
Numbers are of HL7 table 0357, error condition codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import final

from stillroom.gateways.contract import Answer


@final
class Reason(StrEnum):
    # It is no message at all.
    OUTSIDE_FRAME = "outside_frame"
    FRAME_TOO_LONG = "frame_too_long"
    # The message is not one we can read.
    NOT_HL7 = "not_hl7"
    SEPARATORS = "separators"
    CHARSET = "charset"
    CHARACTERS = "characters"
    CONTROL_CHARACTER = "control_character"
    LINE_FEEDS = "line_feeds"
    CUT_SHORT = "cut_short"
    SEGMENT = "segment"
    BATCH_COUNT = "batch_count"
    TYPE = "type"
    VERSION = "version"
    NOT_PRODUCTION = "not_production"
    # The message is well formed, and must not be used.
    CONTROL_ID = "control_id"
    PATIENT_SEGMENT = "patient_segment"
    TWO_PATIENTS = "two_patients"
    REQUEST_SEGMENT = "request_segment"
    # We are not ready for it.
    NOT_ENROLLED = "not_enrolled"
    NOT_STORED = "not_stored"
    # One observation is not what it should be.
    NAME_MISSING = "name_missing"
    NAME_MISMATCH = "name_mismatch"
    CODES_DISAGREE = "codes_disagree"
    VALUE_TYPE = "value_type"
    SEVERAL_VALUES = "several_values"
    NOT_A_NUMBER = "not_a_number"
    UNIT_MISSING = "unit_missing"
    UNIT_UNKNOWN = "unit_unknown"
    UNIT_MISMATCH = "unit_mismatch"
    UNIT_OF_ANOTHER_KIND = "unit_of_another_kind"
    TIME_MISSING = "time_missing"
    TIME_UNREADABLE = "time_unreadable"
    TIME_SKIPPED = "time_skipped"
    ZONE_MISSING = "zone_missing"
    TIME_AHEAD = "time_ahead"
    TIME_OLD = "time_old"
    WITHDRAWN = "withdrawn"
    SIGNAL_TWICE = "signal_twice"
    # What a monitor says of its own alarm is not what it should be.
    ALARM_WORD = "alarm_word"
    PUMP_EVENT = "pump_event"
    # One observation is as it should be, and there is nothing to keep.
    NOT_KEPT = "not_kept"
    NO_VALUE = "no_value"


@dataclass(frozen=True, slots=True)
class Meaning:
    hl7_code: str
    hl7_text: str
    sentence: str


_SEQUENCE = ("100", "Segment sequence error")
_REQUIRED = ("101", "Required field missing")
_DATA_TYPE = ("102", "Data type error")
_NOT_FOUND = ("103", "Table value not found")
_INTERNAL = ("207", "Application internal error")

MEANINGS: Mapping[StrEnum, Meaning] = {
    Reason.OUTSIDE_FRAME: Meaning(
        *_SEQUENCE,
        "Bytes outside an MLLP frame were skipped. Each message must begin with the byte 0B and end with 1C 0D:"
        " look at how the sender, or what stands between, frames them.",
    ),
    Reason.FRAME_TOO_LONG: Meaning(
        *_SEQUENCE,
        "A frame was longer than 2 MiB or was never ended, and the line was closed. Each message must end with 1C 0D,"
        " and what is sent in a batch must fit into that.",
    ),
    Reason.NOT_HL7: Meaning(*_SEQUENCE, "The frame does not begin with an MSH segment."),
    Reason.SEPARATORS: Meaning(*_DATA_TYPE, "MSH-1 and MSH-2 must name five or six different marks, as in |^~\\&."),
    Reason.CHARSET: Meaning(*_NOT_FOUND, "The character set that MSH-18 names is not one that Stillroom reads."),
    Reason.CHARACTERS: Meaning(*_DATA_TYPE, "The bytes are not in the character set that MSH-18 names."),
    Reason.CONTROL_CHARACTER: Meaning(*_DATA_TYPE, "There is a control character inside the message."),
    Reason.LINE_FEEDS: Meaning(*_SEQUENCE, "Segments must end with a carriage return, not with a line feed alone."),
    Reason.CUT_SHORT: Meaning(
        *_SEQUENCE,
        "The last segment does not end with a carriage return and is shorter than the others:"
        " the message may have been cut short.",
    ),
    Reason.SEGMENT: Meaning(*_SEQUENCE, "A line does not begin with a segment name, or MSH comes twice."),
    Reason.BATCH_COUNT: Meaning(
        *_SEQUENCE, "The batch does not hold as many messages as BTS-1 says. Nothing of it was taken; send it again."
    ),
    Reason.TYPE: Meaning("200", "Unsupported message type", "Only ORU^R01, ORU^R40 and ORU^R42 are taken here."),
    Reason.VERSION: Meaning("203", "Unsupported version id", "Only HL7 version 2 is taken here (MSH-12)."),
    Reason.NOT_PRODUCTION: Meaning(
        "202", "Unsupported processing id", "Only production messages are taken (MSH-11 is P)."
    ),
    Reason.CONTROL_ID: Meaning(*_REQUIRED, "MSH-10, the message control id, is empty."),
    Reason.PATIENT_SEGMENT: Meaning(*_SEQUENCE, "There is no PID segment; an empty one will do."),
    Reason.TWO_PATIENTS: Meaning(*_SEQUENCE, "The message speaks of two patients or two beds; send one message each."),
    Reason.REQUEST_SEGMENT: Meaning(*_SEQUENCE, "There is no OBR segment before the observations."),
    Reason.NOT_ENROLLED: Meaning(
        "204", "Unknown key identifier", "Not exactly one monitor is enrolled with this address, MSH-3 and PV1-3."
    ),
    Reason.NOT_STORED: Meaning(*_INTERNAL, "The readings could not be stored. Send the message again."),
    Reason.NAME_MISSING: Meaning(*_REQUIRED, "OBX-3 or OBX-6 has a code without its name; both are needed."),
    Reason.NAME_MISMATCH: Meaning(*_NOT_FOUND, "The code and the name in OBX-3 do not belong together."),
    Reason.CODES_DISAGREE: Meaning(*_NOT_FOUND, "The two codes in OBX-3 mean different things."),
    Reason.VALUE_TYPE: Meaning(*_DATA_TYPE, "OBX-2 must be NM for a vital sign."),
    Reason.SEVERAL_VALUES: Meaning(*_DATA_TYPE, "OBX-5 holds more than one value."),
    Reason.NOT_A_NUMBER: Meaning(*_DATA_TYPE, "OBX-5 is not a number."),
    Reason.UNIT_MISSING: Meaning(*_REQUIRED, "OBX-6, the unit, is empty."),
    Reason.UNIT_UNKNOWN: Meaning(*_NOT_FOUND, "The unit in OBX-6 is not known here."),
    Reason.UNIT_MISMATCH: Meaning(*_NOT_FOUND, "The code and the name in OBX-6 mean different units."),
    Reason.UNIT_OF_ANOTHER_KIND: Meaning(*_NOT_FOUND, "The unit in OBX-6 does not measure what OBX-3 names."),
    Reason.TIME_MISSING: Meaning(*_REQUIRED, "There is no time in OBX-14, OBR-7 or MSH-7."),
    Reason.TIME_UNREADABLE: Meaning(*_DATA_TYPE, "The time is not a date with hours and minutes."),
    Reason.TIME_SKIPPED: Meaning(*_DATA_TYPE, "This local time did not happen: clocks went forward over it."),
    Reason.ZONE_MISSING: Meaning(
        *_REQUIRED, "The time has no zone, and no zone is set for this monitor. Set one on the devices page."
    ),
    Reason.TIME_AHEAD: Meaning(*_DATA_TYPE, "The time lies ahead of ours. Set the monitor's clock, or its zone here."),
    Reason.TIME_OLD: Meaning(
        *_DATA_TYPE, "The time is more than a day ago. Set the monitor's clock, or its zone here."
    ),
    Reason.WITHDRAWN: Meaning(*_NOT_FOUND, "OBX-11 withdraws this value; what was stored is left as it is."),
    Reason.SIGNAL_TWICE: Meaning(*_NOT_FOUND, "The same sign came twice for one time; the first was kept."),
    Reason.ALARM_WORD: Meaning(
        *_NOT_FOUND, "The alarm has no event, or its phase, state or inactivation state is no word of IHE PCD-04."
    ),
    Reason.PUMP_EVENT: Meaning(*_NOT_FOUND, "MDC_ATTR_EVT_COND names no event, or its code and name differ."),
    Reason.NOT_KEPT: Meaning(*_NOT_FOUND, "OBX-3 names a sign that is not kept here."),
    Reason.NO_VALUE: Meaning(*_REQUIRED, "The monitor had no value for this sign."),
}

_REJECTING = frozenset(
    {
        Reason.OUTSIDE_FRAME,
        Reason.FRAME_TOO_LONG,
        Reason.NOT_HL7,
        Reason.SEPARATORS,
        Reason.CHARSET,
        Reason.CHARACTERS,
        Reason.CONTROL_CHARACTER,
        Reason.LINE_FEEDS,
        Reason.CUT_SHORT,
        Reason.SEGMENT,
        Reason.BATCH_COUNT,
        Reason.TYPE,
        Reason.VERSION,
        Reason.NOT_PRODUCTION,
        Reason.NOT_ENROLLED,
        Reason.NOT_STORED,
    }
)


def answer_to(reason: StrEnum) -> Answer:
    """The answer a whole message gets for `reason`."""
    return Answer.REJECT if reason in _REJECTING else Answer.ERROR
