"""From which figure on is a patient worth a glance? As the order has it; a pressure, as it was on arrival too."""

from __future__ import annotations

from stillroom.core.infusion.state import InfusionState, observation_of


def glance_high_mmhg(state: InfusionState, sign: str) -> int:
    """Of `sbp_mmhg` or `dbp_mmhg`: from where a symptom beside it makes it grave, the lowest threshold that there is.

    The order's level, the limit by which somebody is called, or a pressure risen by the order's share; that one counts
    from `RISEN_FROM` on, as a fifth over a low pressure is none that a symptom would come of.
    """
    order, limits, risen = observation_of(state), state.watch_limits, raised_mmhg(state, sign)
    is_upper = sign == "sbp_mmhg"
    level = order.sbp_glance_high_mmhg if is_upper else order.dbp_glance_high_mmhg
    limit = limits.sbp_high_mmhg if is_upper else limits.dbp_high_mmhg
    return min(level, limit) if risen is None else min(level, limit, max(risen, RISEN_FROM[sign]))


RISEN_FROM = {"sbp_mmhg": 140, "dbp_mmhg": 90}
"""Own choice: 140/90 is where the safety note (2.1) begins to be careful with a pressure before the start."""


def raised_mmhg(state: InfusionState, sign: str) -> int | None:
    """What the pressure of before the start would be, risen by the order's share; whole mmHg, rounded down."""
    first: int | None = getattr(state.arrival_vitals.fact, sign) if state.arrival_vitals else None
    return None if first is None else first * (100 + observation_of(state).pressure_rise_percent) // 100
