"""Each parser of what comes over a wire or in a file: takes any bytes, and may only do what it says it does.

A target raises AssertionError where bytes crash a parser, or where it believes what does not parse.
"""

from __future__ import annotations

import atexit
import gzip
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from stillroom.core.vitals import Signal
from stillroom.core.vitals.codes import Unit, in_own_unit
from stillroom.gateways.contract import AHEAD_LIMIT, OLD_LIMIT, Answer, Report
from stillroom.gateways.hl7.acks import MAX_ERRORS, acknowledgements
from stillroom.gateways.hl7.batches import batch_in
from stillroom.gateways.hl7.frames import MAX_FRAME_BYTES, FrameReader, FrameTooLong, framed
from stillroom.gateways.hl7.message import Message, Unreadable, open_message
from stillroom.gateways.hl7.wire import SHOWN_CHARACTERS, origin_of, read
from stillroom.gateways.recordings import NotARecording, read_file, read_recording
from stillroom.gateways.sdc.wire import read as read_sdc
from tests.gateways.hl7.messages import AT

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
LONGEST = 16
"""Digits of a value that is read."""
RECORDED = Path(__file__).parents[1] / "recordings" / "3975656n.dat"
_KEPT = ExitStack()
atexit.register(_KEPT.close)


def hl7_frame(data: bytes) -> None:
    """A frame: as a message, or as a batch of them, to the answers."""
    try:
        batch = batch_in(data)
        for message in batch.messages if batch else (data,):
            _message(message)
    except Unreadable:
        return


def hl7_line(data: bytes) -> None:
    """Bytes of a line, in two pieces: the frames in them, each then read."""
    reader = FrameReader()
    half = len(data) // 2
    try:
        frames = [*reader.feed(data[:half]), *reader.feed(data[half:]), *reader.feed(framed(b"end"))]
    except FrameTooLong:
        assert len(data) > MAX_FRAME_BYTES
        return
    assert frames[-1:] == [b"end"]
    assert sum(map(len, frames)) <= len(data) + len(b"end")
    for frame in frames:
        hl7_frame(frame)


def recording(data: bytes) -> None:
    try:
        moments = read_recording(data.decode("utf-8", "replace"))
    except NotARecording:
        return
    assert moments
    assert all(value > 0 for moment in moments for value in moment.signs.values())


def vital_file(data: bytes) -> None:
    """What is packed in a file of VitalDB."""
    _read_as("any.vital", gzip.compress(data, compresslevel=1))


def wfdb_header(data: bytes) -> None:
    """A header of PhysioNet, beside the data that a real one names."""
    _read_as("any.hea", data)


def sdc_report(data: bytes) -> None:
    report = read_sdc(data, received_at=AT, zone=None)
    if report.samples:
        assert report.answer is Answer.ACCEPT
    _is_possible_now(report)


def _read_as(name: str, data: bytes) -> None:
    path = _folder() / name
    path.write_bytes(data)
    try:
        moments = read_file(path)
    except NotARecording:
        return
    assert moments
    assert all(value > 0 for moment in moments for value in moment.signs.values())


@cache
def _folder() -> Path:
    """Kept as long as the process lives."""
    folder = Path(_KEPT.enter_context(TemporaryDirectory(prefix="stillroom-fuzz-")))
    shutil.copy(RECORDED, folder)
    return folder


def _message(data: bytes) -> None:
    opened = open_message(data)
    origin_of(opened)
    report = read(opened, received_at=AT, zone=UTC)
    _is_believable(opened, report)
    for answer in acknowledgements(opened.header, report, at=AT, control_id="1"):
        assert answer.startswith(b"MSH")
        assert answer.count(b"\rERR") <= MAX_ERRORS


def _is_believable(opened: Message, report: Report) -> None:
    """What is believed stands in the message as a number, in its unit or another, at a time that can be now, once."""
    texts = {fields[5] for fields in opened.segments if fields[0] == "OBX" and fields[2:3] == ["NM"] and fields[5:]}
    if report.samples or report.alarms or report.pump_events:
        assert report.answer is Answer.ACCEPT
    if report.samples:
        numbers = {Decimal(text) for text in texts if NUMBER.fullmatch(text)}
        converted = {in_own_unit(*each) for number in numbers for each in _as_other_units(number)}
        assert {sample.value for sample in report.samples} <= numbers | converted
    _is_possible_now(report)


def _as_other_units(number: Decimal) -> Iterator[tuple[Signal, Decimal, Unit]]:
    if number.adjusted() < LONGEST:
        yield Signal.SBP_MMHG, number, Unit.KPA
        yield Signal.TEMPERATURE_CEL, number, Unit.DEGF


def _is_possible_now(report: Report) -> None:
    assert len({(sample.signal, sample.measured_at) for sample in report.samples}) == len(report.samples)
    for sample in report.samples:
        assert AT - OLD_LIMIT <= sample.measured_at <= AT + AHEAD_LIMIT
        assert sample.value.is_finite()
    assert all(len(item.what) <= SHOWN_CHARACTERS for item in report.set_aside)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "hl7_frame": hl7_frame,
    "hl7_line": hl7_line,
    "recording": recording,
    "vital_file": vital_file,
    "wfdb_header": wfdb_header,
    "sdc_report": sdc_report,
}
