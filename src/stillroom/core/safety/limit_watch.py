"""Which figures of which signs are beyond a limit, and which are back inside it?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from math import ceil, floor

from stillroom.core.order import AlarmSettings, WatchLimits
from stillroom.core.vitals import Signal

RATES = (Signal.PULSE_PER_MIN, Signal.HEART_RATE_PER_MIN)


@dataclass(frozen=True, slots=True)
class Crossed:
    """A condition, with the figure and the limit where it is of that kind. It may stand for milder conditions."""

    condition: str
    value: str | None = None
    limit: str | None = None
    stands_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitWatch:
    """One limit of one sign. `is_single`: the sign is measured now and then, so one figure is enough to call.

    `delay_s` is how long figures must lie beyond the limit; `needs_to_break` how many good ones in between begin that
    anew, and `needs_to_clear` how many must be back inside for it to be over.
    `step`: what is further beyond by more is clearly worse. None: of this limit nothing is.
    """

    condition: str
    signals: tuple[Signal, ...]
    limit: int
    is_high: bool
    margin: int
    delay_s: int
    is_single: bool
    needs_to_clear: int
    stands_for: str = ""
    needs_to_break: int = 1
    step: int | None = None

    def is_beyond(self, value: Decimal) -> bool:
        """A value on the limit has not crossed it."""
        return self.beyond_by(value) > 0

    def beyond_by(self, value: Decimal) -> Decimal:
        return value - self.limit if self.is_high else self.limit - value

    def is_inside(self, value: Decimal) -> bool:
        return self.beyond_by(value) <= -self.margin

    def further_than(self, value: Decimal) -> LimitWatch | None:
        """What is clearly worse than this value."""
        if self.step is None:
            return None
        further = floor(value) + self.step if self.is_high else ceil(value) - self.step
        return replace(self, limit=further)

    def crossed(self, value: Decimal | None) -> Crossed:
        shown = None if value is None else f"{value.normalize():f}"
        return Crossed(self.condition, shown, str(self.limit), (self.stands_for,) if self.stands_for else ())


@lru_cache(maxsize=256)  # of one order, asked each second
def limit_watches(limits: WatchLimits, settings: AlarmSettings) -> tuple[LimitWatch, ...]:
    """Every limit of the order, the grave one of a sign before the plain one it stands for.

    Clearly worse than a grave figure is one as far from it again as the grave limit is from the plain one, and two
    margins at least, so that nothing wavers across it. Own choice.
    """
    return tuple(_each(limits, settings))


def _each(limits: WatchLimits, settings: AlarmSettings) -> Iterator[LimitWatch]:
    spo2, resp = (Signal.SPO2_PERCENT,), (Signal.RESP_PER_MIN,)
    sbp, dbp = (Signal.SBP_MMHG,), (Signal.DBP_MMHG,)
    s, m = settings, limits
    pressure, pulse = s.pressure_margin_mmhg, s.pulse_margin_per_min
    for sign, signals, side, grave, limit, margin, is_single in (
        ("spo2", spo2, "low", s.spo2_grave_percent, m.spo2_low_percent, s.spo2_margin_percent, False),
        ("resp", resp, "low", s.resp_grave_per_min, m.resp_low_per_min, s.resp_margin_per_min, False),
        ("sbp", sbp, "high", s.sbp_grave_high_mmhg, m.sbp_high_mmhg, pressure, True),
        ("dbp", dbp, "high", s.dbp_grave_high_mmhg, m.dbp_high_mmhg, pressure, True),
        ("sbp", sbp, "low", s.sbp_grave_low_mmhg, m.sbp_low_mmhg, pressure, True),
        ("pulse", RATES, "high", s.pulse_grave_high_per_min, m.pulse_high_per_min, pulse, False),
        ("pulse", RATES, "low", s.pulse_grave_low_per_min, m.pulse_low_per_min, pulse, False),
    ):
        common = {"signals": signals, "is_high": side == "high", "margin": margin, "is_single": is_single}
        plain = f"{sign}_{side}"
        yield LimitWatch(
            condition=GRAVE[plain],
            stands_for=plain,
            limit=grave,
            delay_s=s.grave_delay_s,
            needs_to_break=2,
            needs_to_clear=2,
            step=max(abs(grave - limit), 2 * margin),
            **common,  # type: ignore[arg-type]
        )
        yield LimitWatch(
            condition=plain,
            limit=limit,
            delay_s=s.limit_delay_s,
            needs_to_clear=1 if is_single else 2,
            **common,  # type: ignore[arg-type]
        )


GRAVE = {
    "spo2_low": "spo2_grave",
    "resp_low": "resp_grave",
    "sbp_high": "sbp_grave_high",
    "dbp_high": "dbp_grave_high",
    "sbp_low": "sbp_grave_low",
    "pulse_high": "pulse_grave_high",
    "pulse_low": "pulse_grave_low",
}
"""The grave condition of each plain one."""

SENSORS = frozenset({"probe_fault", "leads_off", "cuff_fault", "monitor_fault"})
"""Conditions that the monitor itself has said."""

MEASURED = frozenset(GRAVE) | frozenset(GRAVE.values()) | SENSORS
"""Conditions that a bedside monitor calls out as well. What is not here only Stillroom knows."""
