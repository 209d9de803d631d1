"""What did a monitor really send? Its last messages, shown without what they say of the patient.

Whoever sets a monitor up needs to see codes, units, values and times, and nobody's name. So the segments that carry
those are shown, and of every other only that it was there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from stillroom.devices.models import Frame, Monitor
from stillroom.gateways.hl7.reasons import MEANINGS, Reason

LAST = 20
LONGEST_SHOWN = 4_000
SHOWN_WHOLE = frozenset({"MSH", "FHS", "BHS", "BTS", "FTS"})
# PV1-3 is the bed, by which a monitor is told from others. What follows it, and what follows OBR-8, names people.
SHOWN_UP_TO = {"PV1": 3, "OBR": 8}
# An observation whose value is a number, a time or a code. One of words may hold anything.
SHOWN_VALUES = frozenset({"", "NM", "SN", "CE", "CWE", "CNE", "TS", "DTM"})


@dataclass(frozen=True, slots=True)
class Line:
    """One segment: as sent, or with how many fields of it are not shown."""

    text: str
    hidden_fields: int = 0


@dataclass(frozen=True, slots=True)
class HeardMessage:
    received_at: datetime
    peer: str
    answer: str
    sentences: tuple[str, ...]
    lines: tuple[Line, ...]
    is_cut: bool
    digest: str


def last_heard(monitor: Monitor, *, refused_alone: bool) -> list[HeardMessage]:
    """The last messages of a monitor, newest first; `refused_alone`: those of which something was not taken."""
    frames = Frame.objects.filter(monitor=monitor).order_by("-received_at")
    if refused_alone:
        frames = frames.exclude(reasons="")
    return [_shown(frame) for frame in frames[:LAST]]


def frame_of(monitor: Monitor, digest: str) -> Frame | None:
    """The message with this digest (hex), as it came last; none if there is none, or it is no digest."""
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        return None
    return Frame.objects.filter(monitor=monitor, frame_digest=wanted).order_by("-received_at").first()


def _shown(frame: Frame) -> HeardMessage:
    text = frame.bytes_sent[: LONGEST_SHOWN + 1].decode("utf-8", "replace")
    return HeardMessage(
        frame.received_at,
        frame.peer,
        frame.answer,
        tuple(MEANINGS[Reason(reason)].sentence for reason in frame.reasons.split(",") if reason),
        tuple(map(without_people, filter(None, text[:LONGEST_SHOWN].replace("\n", "\r").split("\r")))),
        len(text) > LONGEST_SHOWN,
        bytes(frame.frame_digest).hex(),
    )


def without_people(segment: str) -> Line:
    """A segment as a technician may see it. What is no segment we know may hold anything, and is not shown."""
    name, separator = segment[:3], segment[3:4]
    if not name.isalnum() or not separator or separator.isalnum():
        return Line("", hidden_fields=1)
    fields = segment.split(separator)
    shown = fields[: _shown_fields(name, fields)]
    return Line(separator.join(shown), len(fields) - len(shown))


def _shown_fields(name: str, fields: list[str]) -> int:
    if name in SHOWN_WHOLE or (name == "OBX" and fields[2:3] and fields[2] in SHOWN_VALUES):
        return len(fields)
    return 5 if name == "OBX" else SHOWN_UP_TO.get(name, 0) + 1
