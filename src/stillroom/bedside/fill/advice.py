"""What there is to say now: the core's advice, asked with what the situation knows. It is shown; nothing follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from statistics import median_low

from stillroom.bedside.fill.drip import pace_now
from stillroom.bedside.fill.tiles import lifetime_by, partners_of_cuff, readings_of
from stillroom.bedside.parts import TileKind
from stillroom.bedside.situation import Situation
from stillroom.core.infusion.advising import Measured, advice
from stillroom.core.safety.advice import Advice, Step
from stillroom.core.vitals import Freshness, Signal, freshness_of

LATELY = timedelta(minutes=1)
"""Own choice: the middle one of a minute's figures does not flicker around a level, as each single one does."""


def fill_advice(now: Situation) -> tuple[Advice, ...]:
    found = advice(
        now.state,
        pacing=pace_now(now),
        measured=_measured(now),
        easily_sick=now.patient.easily_sick,
        at=now.at,
    )
    return tuple(_each_step_once(found))


def _each_step_once(found: Iterable[Advice]) -> Iterator[Advice]:
    """Where two ask for the same step, the first has its button: dismissed, the next one has it."""
    offered: set[Step] = set()
    for each in found:
        yield replace(each, steps=tuple(step for step in each.steps if step not in offered))
        offered |= set(each.steps)


def _measured(now: Situation) -> Measured:
    return Measured(
        sbp_mmhg=_fresh(now, TileKind.PRESSURE),
        dbp_mmhg=_fresh_lower(now),
        resp_per_min=_fresh(now, TileKind.BREATHING),
        spo2_percent=_fresh(now, TileKind.OXYGEN),
        lately=dict(_lately(now)),
    )


def _lately(now: Situation) -> Iterator[tuple[str, int]]:
    """By the names of `Measured`: the middle one of the last minute, where the newest is fresh."""
    for name, kind in (
        ("spo2_percent", TileKind.OXYGEN),
        ("pulse_per_min", TileKind.PULSE),
        ("resp_per_min", TileKind.BREATHING),
    ):
        if _fresh(now, kind) is not None:
            readings = readings_of(now, kind)
            since = readings[-1].sample.measured_at - LATELY
            yield name, median_low([each.number for each in readings if each.sample.measured_at > since])


def _fresh(now: Situation, kind: TileKind) -> int | None:
    """The newest reading of a tile, by monitor or by hand, while it may be shown."""
    readings = readings_of(now, kind)
    if not readings:
        return None
    last = readings[-1]
    lifetime = lifetime_by(now, last.sample.signal, is_by_hand=last.is_by_hand)
    return last.number if freshness_of(last.sample, now.at, lifetime) is Freshness.FRESH else None


def _fresh_lower(now: Situation) -> int | None:
    """The lower pressure of the cuff's newest reading."""
    if _fresh(now, TileKind.PRESSURE) is None:
        return None
    last = readings_of(now, TileKind.PRESSURE)[-1]
    return partners_of_cuff(now, Signal.DBP_MMHG).get(last.sample.measured_at)
