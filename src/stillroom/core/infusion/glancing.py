"""From which figure on is a patient worth a glance? As the order has it; a pressure, as it was on arrival too."""

from __future__ import annotations

from stillroom.core.infusion.state import InfusionState, observation_of


def glance_high_mmhg(state: InfusionState, sign: str) -> int:
    """Of `sbp_mmhg` or `dbp_mmhg`: the order's level, or that of a pressure risen by the order's share, if lower."""
    order = observation_of(state)
    level = order.sbp_glance_high_mmhg if sign == "sbp_mmhg" else order.dbp_glance_high_mmhg
    risen = raised_mmhg(state, sign)
    return level if risen is None else min(level, risen)


def raised_mmhg(state: InfusionState, sign: str) -> int | None:
    """What the pressure of before the start would be, risen by the order's share; whole mmHg, rounded down."""
    first: int | None = getattr(state.arrival_vitals.fact, sign) if state.arrival_vitals else None
    return None if first is None else first * (100 + observation_of(state).pressure_rise_percent) // 100
