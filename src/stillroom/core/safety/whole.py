"""Do the numbers of an order fit each other? A limit that can never be crossed, or always is, guards nobody."""

from __future__ import annotations

from stillroom.core.errors import Finding, Severity
from stillroom.core.order import UNSIGNED, Order


def judge_whole(order: Order) -> tuple[Finding, ...]:
    """One hard finding for each pair that stands the wrong way round, for no way home, and for nobody who may start."""
    start, watch, alarms = order.start_limits, order.watch_limits, order.alarms or UNSIGNED
    pairs = {
        "hold_sbp": start.hold_sbp_mmhg <= start.no_start_sbp_mmhg,
        "hold_dbp": start.hold_dbp_mmhg <= start.no_start_dbp_mmhg,
        "hold_pressure": start.hold_dbp_mmhg < start.hold_sbp_mmhg,
        "watch_sbp": watch.sbp_low_mmhg < watch.sbp_high_mmhg,
        "watch_pressure": watch.dbp_high_mmhg < watch.sbp_high_mmhg,
        "watch_pulse": watch.pulse_low_per_min < watch.pulse_high_per_min,
        "volumes": alarms.volumes_notice_percent <= alarms.volumes_differ_percent,
        "doors": bool(order.doors),
        "may_start": bool(order.may_start),
    }
    return tuple(
        Finding("limits_out_of_order", Severity.HARD, {"which": which}) for which, fits in pairs.items() if not fits
    )


def judge_range(order: Order) -> tuple[Finding, ...]:
    """A hard finding when the order itself runs faster than the range it lets a nurse use."""
    if order.highest_rate_mg_per_kg_per_h * order.duration_min >= order.dose_mg_per_kg * 60:
        return ()
    return (Finding("limits_out_of_order", Severity.HARD, {"which": "highest_rate"}),)
