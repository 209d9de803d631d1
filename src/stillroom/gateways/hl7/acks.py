"""What do we answer? The acknowledgements a message asked for, in its own separators and version. Pure.

MSH-15 and MSH-16 both empty: the original mode, one application answer. Either of them filled: the enhanced mode, an
accept answer (CA, CE, CR) and an application answer (AA, AE, AR), each only when it was asked for (HL7 2.6, 2.9.3).
IHE PCD-01 senders ask for the application answer alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from stillroom.gateways.contract import Answer, Report, SetAside
from stillroom.gateways.hl7.message import Header
from stillroom.gateways.hl7.reasons import MEANINGS
from stillroom.gateways.hl7.remembering import remembered
from stillroom.gateways.hl7.times import written

MAX_ERRORS = 10
"""A message can hold hundreds of observations; the first reasons tell an engineer what is wrong with the rest."""

_ACCEPT_FORM = {Answer.ACCEPT: "CA", Answer.ERROR: "CE", Answer.REJECT: "CR"}
_ASKED = {
    "AL": frozenset(Answer),
    "SU": frozenset({Answer.ACCEPT}),
    "ER": frozenset({Answer.ERROR, Answer.REJECT}),
}


def acknowledgements(header: Header, report: Report, *, at: datetime, control_id: str) -> tuple[bytes, ...]:
    """The messages to send back, in order; none if the sender wants none. `control_id` is ours."""
    codes = _codes(header[15], header[16], report.answer)
    return tuple(
        _acknowledgement(header, report, code, at=at, control_id=f"{control_id}.{number}")
        for number, code in enumerate(codes)
    )


def _codes(accept: str, application: str, answer: Answer) -> list[str]:
    if not accept and not application:
        return [answer.value]
    wanted = [_ACCEPT_FORM[answer]] if answer in _ASKED.get(accept, ()) else []
    return [*wanted, answer.value] if answer in _ASKED.get(application, ()) else wanted


def _acknowledgement(header: Header, report: Report, code: str, *, at: datetime, control_id: str) -> bytes:
    separator, refusals = header.marks[0], report.refusals
    names, kind, version = _head(header.marks, header[5], header[6], header[3], header[4], header[9], header[12])
    first = _escaped(_sentence(refusals[0]), header.marks) if refusals else ""
    said = separator.join((names, written(at), "", kind, control_id, "P", version))
    said += f"\rMSA{separator}{code}{separator}{header.control_id}{separator}{first}\r"
    if refusals and _has_error_segments(header):
        errors = (_error(header, report.answer, item) for item in refusals[:MAX_ERRORS])
        said += "".join(separator.join(segment) + "\r" for segment in errors)
    return said.encode()


@remembered(1024)
def _head(
    marks: str, us: str, our_facility: str, them: str, their_facility: str, kind: str, version: str
) -> tuple[str, str, str]:
    """What MSH of the answer says to every message of a monitor alike: MSH-1 to 6, MSH-9, and MSH-12 to 18."""
    # Their sender is our receiver, and our name is the one they called us by.
    names = marks[0].join((f"MSH{marks}", us or "Stillroom", our_facility, them, their_facility))
    return names, _kind(marks, kind), marks[0].join((version or "2.6", *[""] * 5, "UNICODE UTF-8"))


def _kind(marks: str, theirs: str) -> str:
    """MSH-9, with the trigger of theirs, where it is one we know."""
    said = theirs.split(marks[1])[1:2]
    return marks[1].join(("ACK", said[0] if said in (["R01"], ["R40"], ["R42"]) else "R01", "ACK"))


def _error(header: Header, answer: Answer, item: SetAside) -> list[str]:
    """ERR as of version 2.5: where, which code of table 0357, how bad, and our words."""
    meaning, component = MEANINGS[item.reason], header.marks[1]
    severity = "W" if answer is Answer.ACCEPT else "E"
    code = component.join((meaning.hl7_code, meaning.hl7_text, "HL70357"))
    words = _escaped(_sentence(item), header.marks)
    return ["ERR", "", _place(item.where, component), code, severity, "", "", "", words]


def _place(where: str, component: str) -> str:
    """`OBX 3` and `MSH-9` as an ERL: segment, its number, its field."""
    name, _, number = where.partition(" ")
    name, _, field = name.partition("-")
    return component.join(filter(None, (name, number or "1", field)))


def _sentence(item: SetAside) -> str:
    words = MEANINGS[item.reason].sentence
    return f"{item.where}: {words} ({item.what})" if item.what else f"{item.where}: {words}"


def _has_error_segments(header: Header) -> bool:
    version = header[12].split(header.marks[1])[0]
    return version >= "2.5"


def _escaped(text: str, marks: str) -> str:
    return "".join(_escapes(text, marks))


def _escapes(text: str, marks: str) -> Iterator[str]:
    names = dict(zip((marks[0], marks[1], marks[2], marks[3], marks[4]), "FSRET", strict=True))
    for letter in text:
        yield f"{marks[3]}{names[letter]}{marks[3]}" if letter in names else letter
