"""What does a script consist of? Things that happen at a minute, and what staff are expected to do about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sign(StrEnum):
    """What can rise and fall, as a script calls it."""

    PRESSURE = "pressure"
    PULSE = "pulse"
    SATURATION = "saturation"
    BREATHING = "breathing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A sign goes to a value over some minutes, and comes back once staff have done one of `unless`.

    `low` is the lower figure of a pressure.
    """

    sign: Sign
    to: int
    low: int | None = None
    over_min: float = 1.0
    unless: tuple[str, ...] = ()


class Kind(StrEnum):
    """What happens besides signs that drift. Those of the patient pass by themselves, or when staff help."""

    VOMITS = "the patient vomits"
    FRIGHT = "the patient is frightened"
    FAINTS = "the patient faints"
    MOVES = "the patient moves"
    KINK = "the line kinks"
    FREE_FLOW = "the drip runs free"
    PROBE_OFF = "the probe comes off"
    SILENT = "the monitor falls silent"
    POWER = "the power goes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """One of those, for some minutes where it passes by itself."""

    kind: Kind
    for_min: float = 2.0
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """The cuff shows a pressure that is not the patient's, once."""

    sbp_mmhg: int
    dbp_mmhg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Somebody says something; whoever leads the rehearsal says it."""

    who: str
    words: str


What = Drift | Mishap | Misread | Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What staff are to do about it: one of `acts`, `within_s` of it or of its alarm; until the end where that is None.

    `is_needless`: it is wrong to do it.
    """

    acts: tuple[str, ...]
    words: str
    line: int
    within_s: float | None = None
    of_alarm: bool = False
    is_needless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happens at a minute of the drip, in the words of the script, and what is expected then."""

    minute: float
    what: What
    words: str
    line: int
    expected: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A rehearsal. It begins at a minute of a drip that runs; or, at None, with a patient who is ready to start."""

    title: str
    about: str
    begin_min: float | None
    end_min: float
    events: tuple[Event, ...]
