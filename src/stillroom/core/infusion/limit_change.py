"""May this limit be changed at the bedside, and by whom? For this infusion only: the order stays as it was signed.

Nearer to the patient's own figures is a nurse's to decide. Wider than the order has it, and wider than it is now, is a
prescriber's. Beyond the order's grave level nobody goes: there the staff are called whatever stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stillroom.core.errors import Finding, Severity, refuse
from stillroom.core.infusion.answered import must_be_answered
from stillroom.core.infusion.state import InfusionState, settings_of
from stillroom.core.vitals import Signal
from stillroom.core.vitals.plausible import SPANS


@dataclass(frozen=True, slots=True)
class Bound:
    """Of one limit: the grave level it stops at, its sign, and the limit on the other side, if there is one."""

    grave: str
    signal: Signal
    is_high: bool
    other: str | None = None

    def is_wider(self, value: int, than: int) -> bool:
        return value > than if self.is_high else value < than


BOUNDS: dict[str, Bound] = {
    "spo2_low_percent": Bound("spo2_grave_percent", Signal.SPO2_PERCENT, is_high=False),
    "sbp_high_mmhg": Bound("sbp_grave_high_mmhg", Signal.SBP_MMHG, is_high=True, other="sbp_low_mmhg"),
    "dbp_high_mmhg": Bound("dbp_grave_high_mmhg", Signal.DBP_MMHG, is_high=True),
    "sbp_low_mmhg": Bound("sbp_grave_low_mmhg", Signal.SBP_MMHG, is_high=False, other="sbp_high_mmhg"),
    "pulse_high_per_min": Bound(
        "pulse_grave_high_per_min", Signal.PULSE_PER_MIN, is_high=True, other="pulse_low_per_min"
    ),
    "pulse_low_per_min": Bound(
        "pulse_grave_low_per_min", Signal.PULSE_PER_MIN, is_high=False, other="pulse_high_per_min"
    ),
    "resp_low_per_min": Bound("resp_grave_per_min", Signal.RESP_PER_MIN, is_high=False),
}
"""Every field of `WatchLimits`; a test holds the two equal."""


def must_be_changeable(
    state: InfusionState, limit: str, value: int, *, reason: str | None, by_prescriber: bool
) -> tuple[Finding, ...]:
    """The soft findings that the change goes ahead with. Refused where it may not be made, or not by this author."""
    bound = BOUNDS.get(limit)
    if bound is None or state.planned is None:
        raise refuse("no_such_limit", limit=limit)
    now: int = getattr(state.watch_limits, limit)
    ordered: int = getattr(state.planned.order.watch_limits, limit)
    if value == now:
        raise refuse("limit_is_so_already", limit=limit, value=str(value))
    findings = (*_out_of_bounds(state, bound, limit, value), *_wider(bound, limit, value, now, ordered))
    must_be_answered(findings, reason=reason, by_prescriber=by_prescriber)
    return findings


def _out_of_bounds(state: InfusionState, bound: Bound, limit: str, value: int) -> tuple[Finding, ...]:
    grave: int = getattr(settings_of(state), bound.grave)
    span = SPANS[bound.signal]
    facts = {"limit": limit, "value": str(value)}
    if bound.is_wider(value, grave):
        return (Finding("limit_beyond_grave", Severity.HARD, facts | {"grave": str(grave)}),)
    other: int | None = getattr(state.watch_limits, bound.other) if bound.other else None
    if other is not None and not bound.is_wider(value, other):
        return (Finding("limit_past_the_other", Severity.HARD, facts | {"other": str(other)}),)
    if not span.lowest <= Decimal(value) <= span.highest:
        bounds = {"field": limit, "lowest": str(span.lowest), "highest": str(span.highest)}
        return (Finding("cannot_be_true", Severity.HARD, facts | bounds),)
    return ()


def _wider(bound: Bound, limit: str, value: int, now: int, ordered: int) -> tuple[Finding, ...]:
    if bound.is_wider(value, now) and bound.is_wider(value, ordered):
        facts = {"limit": limit, "value": str(value), "ordered": str(ordered)}
        return (Finding("limit_wider_than_ordered", Severity.SOFT, facts),)
    return ()
