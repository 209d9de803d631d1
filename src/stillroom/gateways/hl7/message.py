"""Is this frame an HL7 version 2 message, and what are its fields? Bytes in, fields out, or a reason.

Our own tokenizer: libraries that read HL7 are a hundred times slower, and none of them refuses a message that was cut
short. What the standard leaves open is decided here for safety: segments end with a carriage return (a line feed after
it is forgiven, as many senders write one; a line feed alone is not), and no control character stands inside a message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.remembering import remembered

Fields = list[str]

_CONTROLS = bytes({*range(0x20), 0x7F} - {0x09, 0x0D})
_SEGMENT_NAME = re.compile(r"[A-Z][A-Z0-9]{2}")
_MARKS = re.compile(r"[!-/:-@\[-`{-~]{5,6}", re.ASCII)

# Of HL7 table 0211 all but ISO IR6, CNS 11643-1992, and UTF-16 and UTF-32, which cannot stand between the single-byte
# blocks of MLLP. A message is decoded whole before it is split, so no second byte is taken for a separator.
_CHARSETS = {
    "": ("utf-8", "latin-1"),
    "ASCII": ("ascii",),
    **{f"8859/{part}": (f"iso8859-{part}",) for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 15)},
    "UNICODE": ("utf-8",),
    "UNICODE UTF-8": ("utf-8",),
    "GB 18030-2000": ("gb18030",),
    "KS X 1001": ("euc_kr",),
    "BIG-5": ("big5",),
    "ISO IR14": ("shift_jis",),
    "ISO IR87": ("iso2022_jp",),
    "ISO IR159": ("iso2022_jp_1",),
}
_SHIFTING = frozenset({"ISO IR87", "ISO IR159"})
"""Japanese sets that change over within the text by an escape character, which is no stray control there."""
_ESC = b"\x1b"


class Unreadable(Exception):
    """The frame is not a message we can read; `header` is what could be told of who sent it.

    `what` is the word that is to blame, where there is one.
    """

    def __init__(self, reason: Reason, header: Header, what: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.header = header
        self.what = what


@dataclass(frozen=True, slots=True)
class Header:
    """What MSH says, field by field as sent; `marks` are the field separator and MSH-2."""

    marks: str
    fields: tuple[str, ...]

    def __getitem__(self, number: int) -> str:
        """MSH-`number`, or nothing."""
        return self.fields[number] if number < len(self.fields) else ""

    @property
    def control_id(self) -> str:
        return self[10]


@dataclass(frozen=True, slots=True)
class Message:
    """A message taken apart into segments; `segment[3]` is its third field. Fields that were not sent are missing."""

    header: Header
    segments: tuple[Fields, ...]

    def first(self, name: str, number: int) -> str:
        """Field `number` of the first segment called `name`, or nothing."""
        for fields in self.segments:
            if fields[0] == name:
                return fields[number] if number < len(fields) else ""
        return ""


USUAL = Header("|^~\\&", ("MSH", "|", "^~\\&"))
"""Stands in where a frame has no header that can be read, so that it can still be answered."""


def open_message(frame: bytes) -> Message:
    """The message in one frame; raises `Unreadable` with its reason."""
    header = header_of(frame)
    if header.fields[0] != "MSH":
        raise Unreadable(Reason.NOT_HL7, USUAL)
    if b"\n" in frame:
        frame = frame.replace(b"\r\n", b"\r")
    charset = _charset_of(header)
    strays = _CONTROLS.replace(_ESC, b"") if charset in _SHIFTING else _CONTROLS
    if len(frame.translate(None, strays)) != len(frame):
        raise Unreadable(Reason.LINE_FEEDS if b"\n" in frame else Reason.CONTROL_CHARACTER, header)
    text = _decoded(frame, charset, header)
    separator = header.marks[0]
    segments = tuple([line.split(separator) for line in text.split("\r") if line])
    header = Header(header.marks, ("MSH", separator, *segments[0][1:]))
    if not text.endswith("\r") and _may_be_cut(segments):
        raise Unreadable(Reason.CUT_SHORT, header)
    if not _are_names(*{fields[0] for fields in segments[1:]}):
        raise Unreadable(Reason.SEGMENT, header)
    return Message(header, segments)


def components(field: str, header_marks: str) -> list[str]:
    """The components of the first repetition of a field, unescaped."""
    parts = field.split(header_marks[2], 1)[0].split(header_marks[1])
    return [unescaped(part, header_marks) for part in parts]


def unescaped(text: str, marks: str) -> str:
    """Text with the escape sequences of separators and hex bytes undone; others are left as they came."""
    escape = marks[3]
    if escape not in text:
        return text
    plain = {"F": marks[0], "S": marks[1], "R": marks[2], "E": escape, "T": marks[4]}
    sequence = re.escape(escape) + r"(?:([FSRET])|X((?:[0-9A-Fa-f]{2})+))" + re.escape(escape)
    return re.sub(sequence, lambda found: plain[found[1]] if found[1] else _from_hex(found[2]), text)


@remembered(256)
def _are_names(*names: str) -> bool:
    """Whether segments after the header may be called so. A monitor's messages have the same ones each time."""
    return "MSH" not in names and all(map(_SEGMENT_NAME.fullmatch, names))


def header_of(frame: bytes) -> Header:
    """The first segment of a frame: MSH, or BHS or FHS, which begin alike."""
    line = frame.split(b"\r", 1)[0].split(b"\n", 1)[0].decode("latin-1")
    if line[:3] not in ("MSH", "BHS", "FHS") or len(line) < 4:
        raise Unreadable(Reason.NOT_HL7, USUAL)
    separator = line[3]
    fields = line.split(separator)
    marks = separator + fields[1]
    if not _are_marks(marks):
        raise Unreadable(Reason.SEPARATORS, USUAL)
    return Header(marks, (line[:3], separator, *fields[1:]))


@remembered(64)
def _are_marks(marks: str) -> bool:
    return bool(_MARKS.fullmatch(marks)) and len(set(marks)) == len(marks)


def _charset_of(header: Header) -> str:
    """The set the message is in. Where others follow the first, it changes to the last of them by escape (MSH-18)."""
    first, *others = header[18].split(header.marks[2])
    return others[-1] if others and others[-1] in _SHIFTING else first


def _decoded(frame: bytes, charset: str, header: Header) -> str:
    if charset not in _CHARSETS:
        raise Unreadable(Reason.CHARSET, header, charset)
    for codec in _CHARSETS[charset]:
        try:
            return frame.decode(codec)
        except UnicodeDecodeError:
            continue
    raise Unreadable(Reason.CHARACTERS, header)


def _may_be_cut(segments: tuple[Fields, ...]) -> bool:
    """Whether the last line, which nothing ends, leaves a doubt about an observation.

    Senders exist that never end their last segment. An observation that stands there is believed if it has as many
    fields as the longest other one of its value type, and a last field as long as that one's: what was cut is shorter.
    """
    if segments[-1][0] != "OBX":
        return not any(fields[0] == "OBX" for fields in segments)
    *others, last = (fields for fields in segments if fields[0] == "OBX" and fields[2:3] == segments[-1][2:3])
    longest = max(others, key=len, default=[])
    return len(last) != len(longest) or len(last[-1]) != len(longest[-1])


def _from_hex(digits: str) -> str:
    return bytes.fromhex(digits).decode("latin-1")
