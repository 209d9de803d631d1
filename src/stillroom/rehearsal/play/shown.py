"""What do patient and monitor show at a minute of a script? The signs that follow from the drug, and what came to them.

All of it is made up for rehearsal: a sign goes in a straight line to where the script sends it, and comes back by half
every three of the patient's minutes once staff have done what the script says helps.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf
from random import Random

from stillroom.core.vitals import Signal
from stillroom.rehearsal.measured import BY_CUFF
from stillroom.rehearsal.patient import Signs
from stillroom.rehearsal.play.clock import ScriptClock
from stillroom.rehearsal.play.parts import Drift, Event, Kind, Mishap, Misread, Script, Sign

BACK_BY_HALF_MIN = 3.0
BY_PROBE = frozenset({Signal.SPO2_PERCENT, Signal.PULSE_PER_MIN})
LOWEST_PULSE, LOWEST_BREATHS, LOWEST_SPO2 = 25, 0, 40
CUFF_TAKES_MIN = 5.0
"""A misreading waits for the next time that the cuff inflates, so long at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """How far a mishap moves each sign while it lasts, and how the patient seems. Made up."""

    sbp_mmhg: float = 0
    dbp_mmhg: float = 0
    pulse_per_min: float = 0
    resp_per_min: float = 0
    anxious: int = 0
    nauseous: int = 0
    sleepy: int = 0
    over_min: float = 0.5


PUSHES: Mapping[Kind, Push] = {
    Kind.VOMITS: Push(sbp_mmhg=8, dbp_mmhg=5, pulse_per_min=14, resp_per_min=3, nauseous=9),
    Kind.FRIGHT: Push(sbp_mmhg=18, dbp_mmhg=10, pulse_per_min=28, resp_per_min=6, anxious=9),
    # A vasovagal slump: pulse and pressure fall together within half a minute.
    Kind.FAINTS: Push(sbp_mmhg=-46, dbp_mmhg=-34, pulse_per_min=-30, sleepy=6, nauseous=4),
    Kind.MOVES: Push(pulse_per_min=12),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The signs as they are; what the monitor fails to measure of them, and the pressure that a misreading cuff says.

    `happening` are the mishaps under way. Scores go from 0 to 10.
    """

    signs: Signs
    anxious: int = 1
    nauseous: int = 0
    missing: frozenset[Signal] = frozenset()
    cuff_says: tuple[int, int] | None = None
    is_silent: bool = False
    happening: tuple[Kind, ...] = ()


@dataclass(frozen=True, slots=True)
class Under:
    """An event that has begun: since how many of the patient's minutes, and since how many staff have helped."""

    event: Event
    for_min: float
    eased_for_min: float = 0.0
    is_eased: bool = False


OF_THE_ROOM = frozenset({Kind.PROBE_OFF, Kind.SILENT, Kind.POWER})
"""Equipment does not hurry with the patient: it is away for minutes of the clock on the wall."""


def shown_at(
    signs: Signs, script: Script, *, clock: ScriptClock, minute: float, helped_at: Mapping[int, float], seed: int
) -> Shown:
    """At the patient's `minute`. `signs` are those of the drug alone. `helped_at`: by the line of an event, the minute
    at which staff did what helps.
    """
    under = [_under(event, minute, helped_at, clock) for event in script.events if event.minute <= minute]
    shown = Shown(signs=signs)
    for each in under:
        shown = _with(shown, each, seed=seed, minute=minute)
    return replace(shown, signs=_possible(shown.signs))


def _under(event: Event, minute: float, helped_at: Mapping[int, float], clock: ScriptClock) -> Under:
    if isinstance(event.what, Mishap) and event.what.kind in OF_THE_ROOM:
        return Under(event, clock.room_minute(minute) - clock.room_minute(event.minute))
    helped = helped_at.get(event.line, inf)
    is_eased = helped <= minute
    return Under(event, minute - event.minute, minute - helped if is_eased else 0.0, is_eased)


def _with(shown: Shown, under: Under, *, seed: int, minute: float) -> Shown:
    what = under.event.what
    if isinstance(what, Drift):
        return replace(shown, signs=_drifted(shown.signs, what, _share(under, what.over_min)))
    if isinstance(what, Misread) and under.for_min < CUFF_TAKES_MIN:
        return replace(shown, cuff_says=(what.sbp_mmhg, what.dbp_mmhg))
    if isinstance(what, Mishap):
        return _mishap(shown, what, under, seed=seed, minute=minute)
    return shown


def _share(under: Under, over_min: float, lasts_min: float = inf) -> float:
    """How far it has come, 0 to 1: straight up, and back by halves once it is eased or has lasted its time."""
    turned_min = min(under.for_min - under.eased_for_min, lasts_min)
    reached = min(turned_min / over_min, 1.0) if over_min else 1.0
    return float(reached * 0.5 ** ((under.for_min - turned_min) / BACK_BY_HALF_MIN))


def _drifted(signs: Signs, drift: Drift, share: float) -> Signs:
    if drift.sign is Sign.PRESSURE:
        assert drift.low is not None, "a pressure has two figures"
        sbp = signs.sbp_mmhg + share * (drift.to - signs.sbp_mmhg)
        dbp = signs.dbp_mmhg + share * (drift.low - signs.dbp_mmhg)
        return _with_pressure(signs, sbp, dbp)
    name = {Sign.PULSE: "pulse_per_min", Sign.SATURATION: "spo2_percent", Sign.BREATHING: "resp_per_min"}[drift.sign]
    now = getattr(signs, name)
    return replace(signs, **{name: round(now + share * (drift.to - now))})


def _mishap(shown: Shown, mishap: Mishap, under: Under, *, seed: int, minute: float) -> Shown:
    is_under_way = under.for_min < mishap.for_min and not under.is_eased
    if is_under_way:
        shown = replace(shown, happening=(*shown.happening, mishap.kind))
    push = PUSHES.get(mishap.kind)
    if push is not None:
        shown = _pushed(shown, push, _share(under, push.over_min, mishap.for_min))
    if not is_under_way:
        return shown
    if mishap.kind is Kind.PROBE_OFF:
        return replace(shown, missing=shown.missing | BY_PROBE)
    if mishap.kind is Kind.SILENT:
        return replace(shown, is_silent=True)
    return _shaken(shown, seed=seed, minute=minute) if mishap.kind is Kind.MOVES else shown


def _pushed(shown: Shown, push: Push, share: float) -> Shown:
    signs = _with_pressure(
        shown.signs, shown.signs.sbp_mmhg + share * push.sbp_mmhg, shown.signs.dbp_mmhg + share * push.dbp_mmhg
    )
    signs = replace(
        signs,
        pulse_per_min=round(signs.pulse_per_min + share * push.pulse_per_min),
        resp_per_min=round(signs.resp_per_min + share * push.resp_per_min),
        sleepy=min(round(signs.sleepy + share * push.sleepy), 10),
    )
    anxious, nauseous = round(share * push.anxious), round(share * push.nauseous)
    return replace(shown, signs=signs, anxious=max(shown.anxious, anxious), nauseous=max(shown.nauseous, nauseous))


def _shaken(shown: Shown, *, seed: int, minute: float) -> Shown:
    """Movement: the cuff gives up, and the probe shows figures that jump."""
    jump = Random(f"{seed}/{int(minute * 60)}").uniform(0, 9)  # noqa: S311 (a rehearsal, not a secret)
    signs = replace(shown.signs, spo2_percent=round(shown.signs.spo2_percent - jump))
    return replace(shown, signs=signs, missing=shown.missing | frozenset(BY_CUFF))


def _with_pressure(signs: Signs, sbp: float, dbp: float) -> Signs:
    dbp = min(dbp, sbp - 10)
    return replace(signs, sbp_mmhg=round(sbp), dbp_mmhg=round(dbp), mbp_mmhg=round(dbp + (sbp - dbp) / 3))


def _possible(signs: Signs) -> Signs:
    return replace(
        signs,
        pulse_per_min=max(signs.pulse_per_min, LOWEST_PULSE),
        resp_per_min=max(signs.resp_per_min, LOWEST_BREATHS),
        spo2_percent=min(max(signs.spo2_percent, LOWEST_SPO2), 100),
    )
