"""What of a message may a technician see? Codes, units, values and times, and nobody's name.

The segments that carry those are shown, and of every other only that it was there.
"""

from __future__ import annotations

from collections.abc import Iterator

from stillroom.gateways.contract import Shown

SHOWN_WHOLE = frozenset({"MSH", "FHS", "BHS", "BTS", "FTS"})
# PV1-3 is the bed, by which a monitor is told from others. What follows it, and what follows OBR-8, names people.
SHOWN_UP_TO = {"PV1": 3, "OBR": 8}
# An observation whose value is a number, a time or a code. One of words may hold anything.
SHOWN_VALUES = frozenset({"", "NM", "SN", "CE", "CWE", "CNE", "TS", "DTM"})


def shown(text: str) -> Iterator[Shown]:
    """The segments of a message, or of the beginning of one."""
    return map(without_people, filter(None, text.replace("\n", "\r").split("\r")))


def without_people(segment: str) -> Shown:
    """A segment as a technician may see it. What is no segment we know may hold anything, and is not shown."""
    name, separator = segment[:3], segment[3:4]
    if not name.isalnum() or not separator or separator.isalnum():
        return Shown("", hidden_fields=1)
    fields = segment.split(separator)
    shown = fields[: _shown_fields(name, fields)]
    return Shown(separator.join(shown), len(fields) - len(shown))


def _shown_fields(name: str, fields: list[str]) -> int:
    if name in SHOWN_WHOLE or (name == "OBX" and fields[2:3] and fields[2] in SHOWN_VALUES):
        return len(fields)
    return 5 if name == "OBX" else SHOWN_UP_TO.get(name, 0) + 1
