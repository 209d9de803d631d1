"""One piece of advice: what is the matter, what was seen, how surely, and what staff may do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Code(StrEnum):
    """What is the matter."""

    BEHIND = "behind"  # it runs too slowly for what was set, or ends late by the plan
    AHEAD = "ahead"  # it runs too fast for what was set, or ends early by the plan
    RECOUNT = "recount"  # nobody can tell how fast it runs
    TOO_FAST = "too_fast"  # the patient shows more than the order allows
    GLANCE = "glance"  # a figure that nobody is called for
    LINE_SITE = "line_site"  # where the cannula goes in looked doubtful
    SICK_BEFORE = "sick_before"  # easily sick, and nothing against it is in
    SICK_NOT_ASKED = "sick_not_asked"
    SICK = "sick"
    FRIGHT = "fright"
    ANXIOUS_BEFORE = "anxious_before"


class Sure(StrEnum):
    """How surely it is so."""

    SEEN = "seen"  # counted, read or measured, and true at both ends of its range
    SAID = "said"  # a score or a look, as somebody gave it
    ON_RECORD = "on_record"
    UNKNOWN = "unknown"


class Step(StrEnum):
    """What staff may do. There is none by which more drug comes sooner: that is between the order and a prescriber."""

    COUNT = "count"
    READ_BAG = "read_bag"
    LOOK_AT_LINE = "look_at_line"
    LOOK_AT_ARM = "look_at_arm"
    NEW_LINE = "new_line"
    END_LATE = "end_late"
    LOOK = "look"
    MEASURE = "measure"
    SLOWER = "slower"
    PAUSE = "pause"
    MEDICINE = "medicine"
    ASK_PRESCRIBER = "ask_prescriber"
    ASK = "ask"
    CALM = "calm"
    WAIT = "wait"


class Sign(StrEnum):
    """What may be beyond a bound of the order. Too high and too low are two signs."""

    SLEEPY = "sleepy"
    DISTRESS = "distress"
    NAUSEA = "nausea"
    SBP = "sbp"
    SBP_LOW = "sbp_low"
    DBP = "dbp"
    RESP = "resp"
    SPO2 = "spo2"
    SBP_RISEN = "sbp_risen"  # over the one on arrival, by the order's share
    DBP_RISEN = "dbp_risen"
    PULSE = "pulse"
    PULSE_LOW = "pulse_low"


@dataclass(frozen=True, slots=True)
class Beyond:
    """A sign beyond its bound of the order: a measured one with its figure, or how somebody seems.

    `level`: how many bounds of the order it is beyond, how hard they are to rouse, or the score.
    """

    sign: Sign
    value: str = ""
    bound: str = ""
    is_measured: bool = True
    level: int = 1

    @property
    def dismissed_as(self) -> str:
        return f"{self.sign}:{self.level}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """`level` is how bad it is on the advice's own scale; `saw` and `beyond` are what was seen."""

    code: Code
    level: int
    sure: Sure
    steps: tuple[Step, ...]
    saw: Mapping[str, str] = field(default_factory=dict)
    beyond: tuple[Beyond, ...] = ()

    @property
    def dismissed_as(self) -> str:
        """What a dismissal names: its code, and its signs each with its level, as in `too_fast nausea:7 sbp:1`."""
        return " ".join((self.code, *(each.dismissed_as for each in self.beyond if self.code in OF_SIGNS)))


OF_SIGNS = frozenset({Code.TOO_FAST, Code.GLANCE})
"""Told apart by what was seen: one more sign, or another in its place, was not dismissed with the rest."""

WORSE_BY: Mapping[Code, int] = MappingProxyType(
    {
        # Hundredths of what was set, or of the bag. Own choice.
        Code.BEHIND: 5,
        Code.AHEAD: 5,
        # Points of ten: two are about the least change in such a score that people call a change (Farrar et al., Pain
        # 2001;94:149, for pain; nobody has looked at fright or nausea here). Own choice to borrow it.
        Code.SICK: 2,
        Code.FRIGHT: 2,
        Code.ANXIOUS_BEFORE: 2,
    }
)
"""By how much it must have got worse to be said again before its time. What is not here does not get worse."""

SIGN_WORSE_BY: Mapping[Sign, int] = MappingProxyType({Sign.NAUSEA: 2, Sign.DISTRESS: 2})
"""Of one sign, likewise: points of ten as above; of every other the next of its levels is clearly worse."""
