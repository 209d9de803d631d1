"""What is in this file? Recordings in the formats that others keep them in, each by the library of those who made it.

    .vital   VitalDB, read by `vitaldb`       a record for each figure of each device
    .hea     PhysioNet, read by `wfdb`        numerics of a monitor at one rate, in the files that the header names
    else     text: see recording.py

The libraries come with the extra `recordings`. They are made for files that somebody trusts; so before they see one, it
is asked whether it stays within bounds and within its folder, and whatever they stumble over is a file that is refused.
"""

from __future__ import annotations

import gzip
import math
import re
import warnings
import zlib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from stillroom.core.vitals import Signal
from stillroom.gateways.recordings.recording import MIMIC_COLUMNS, Moment, NotARecording, read_recording, value_of

MAX_VITAL_BYTES = 512 * 1024**2
MAX_WFDB_VALUES = 50_000_000
FASTEST_HZ = 4.0
"""What comes more often is a curve, and not a figure on a monitor's face."""

# VitalDB's list of parameters: the last part of a track's name, whichever device recorded it.
VITAL_TRACKS: Mapping[str, Signal] = {
    "PLETH_SPO2": Signal.SPO2_PERCENT,
    "PLETH_HR": Signal.PULSE_PER_MIN,
    "HR": Signal.HEART_RATE_PER_MIN,
    "NIBP_SBP": Signal.SBP_MMHG,
    "NIBP_DBP": Signal.DBP_MMHG,
    "NIBP_MBP": Signal.MBP_MMHG,
    "RR": Signal.RESP_PER_MIN,
    "ETCO2": Signal.ETCO2_MMHG,
    "BT": Signal.TEMPERATURE_CEL,
}
_PRESSURES = (Signal.SBP_MMHG, Signal.DBP_MMHG, Signal.MBP_MMHG)
_UNITS = {
    Signal.SPO2_PERCENT: {"%", ""},
    Signal.TEMPERATURE_CEL: {"C", "degC", "\N{DEGREE SIGN}C", "Cel", ""},
    **{pressure: {"mmHg", ""} for pressure in (*_PRESSURES, Signal.ETCO2_MMHG)},
}
_RATES = {"/min", "bpm", "rpm", "pm", "1/min", ""}
_BESIDE = re.compile(r"~|\w[\w.-]*", re.ASCII)
"""A file's plain name, or the gap between two segments."""


def read_file(path: Path) -> tuple[Moment, ...]:
    """The moments of a recording, in their order; at least one. Raises `NotARecording`."""
    readers = {".vital": _vital, ".hea": _wfdb}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        try:
            return read_recording(path.read_text())
        except UnicodeDecodeError:
            raise NotARecording("it is no text, and its name ends neither with .vital nor with .hea") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            moments = reader(path.resolve())
    except NotARecording:
        raise
    except ImportError:
        raise NotARecording("to read it, stillroom[recordings] has to be installed") from None
    except Exception as fault:  # whatever a library made for trusted files stumbles over
        raise NotARecording(f"it cannot be read: {type(fault).__name__}") from fault
    if not moments:
        raise NotARecording("there is not one vital sign in it")
    return moments


def _vital(path: Path) -> tuple[Moment, ...]:
    """By the second. Of two devices that recorded one sign the first by name is read, and never both."""
    _refuse_a_bomb(path)
    from vitaldb import VitalFile

    found = VitalFile(str(path))
    tracks = _one_each(
        (name, VITAL_TRACKS.get(name.rpartition("/")[2]), getattr(track, "unit", ""))
        for name, track in sorted(found.trks.items())
    )
    seconds: dict[int, dict[Signal, Decimal]] = {}
    for signal, name in tracks.items():
        for record in found.trks[name].recs:
            value = _value(record["val"])
            if value is not None:
                seconds.setdefault(math.floor(record["dt"] - found.dtstart), {})[signal] = value
    return tuple(Moment(at_s / 60, signs) for at_s, signs in sorted(seconds.items()))


def _wfdb(path: Path) -> tuple[Moment, ...]:
    """A row for each time at which the monitor was asked."""
    _refuse_what_leads_elsewhere(path)
    import wfdb

    header = wfdb.rdheader(str(path.with_suffix("")))
    if header.fs > FASTEST_HZ:
        raise NotARecording(f"it holds curves of {header.fs:g} values a second; figures of a monitor are wanted")
    if header.sig_len * header.n_sig > MAX_WFDB_VALUES:
        raise NotARecording("it says that it is longer than any stay")
    record = wfdb.rdrecord(str(path.with_suffix("")))
    named = [re.sub(r"[\s%]", "", name) for name in record.sig_name]
    tracks = _one_each(
        (str(number), MIMIC_COLUMNS.get(name), unit)
        for number, (name, unit) in enumerate(zip(named, record.units, strict=True))
    )
    return tuple(
        Moment(round(row / header.fs / 60, 6), signs)
        for row, values in enumerate(record.p_signal)
        if (signs := {signal: v for signal, n in tracks.items() if (v := _value(values[int(n)])) is not None})
    )


def _one_each(named: Iterable[tuple[str, Signal | None, str]]) -> dict[Signal, str]:
    """The first track of each sign whose unit is its own. Another unit is not converted by guess: it is not read."""
    tracks: dict[Signal, str] = {}
    for name, signal, unit in named:
        if signal is not None and unit in _UNITS.get(signal, _RATES):
            tracks.setdefault(signal, name)
    return tracks


def _value(said: Any) -> Decimal | None:
    return value_of(str(float(said)))


def _refuse_a_bomb(path: Path) -> None:
    """Some kilobytes may unpack to what fills a memory."""
    unpacked = 0
    try:
        with gzip.open(path) as file:
            while piece := file.read(1024**2):
                unpacked += len(piece)
                if unpacked > MAX_VITAL_BYTES:
                    raise NotARecording("unpacked it is longer than any recording")
    except (OSError, EOFError, zlib.error):
        raise NotARecording("it is not packed as a .vital file is, or breaks off") from None


def _refuse_what_leads_elsewhere(path: Path) -> None:
    """A header names files. Only ones beside it are read."""
    first, *others = [
        line.split(" ", 1)[0]
        for line in path.read_text(encoding="ascii", errors="replace").splitlines()
        if line.strip() and not line.startswith("#")
    ] or [""]
    if not re.fullmatch(r"\w[\w.-]*(/\d+)?", first) or not all(_BESIDE.fullmatch(name) for name in others):
        raise NotARecording("it is no header of a record, or names a file that is not beside it")
