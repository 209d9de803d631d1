"""Does an order or a rate stay within the library's limits? The one enforcement point."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from stillroom.core.drip.bag import Bag, check_bag
from stillroom.core.errors import Finding, Severity
from stillroom.core.order import Order
from stillroom.core.safety.glances import judge_glances
from stillroom.core.safety.library import Band, Limits
from stillroom.core.safety.whole import judge_whole


def judge_order(order: Order, *, dose_mg: Decimal, bag: Bag, limits: Limits) -> tuple[Finding, ...]:
    """Every finding about an order, hard ones first.

    `dose_mg` is the ordered dose and `bag` what holds it, as worked out by core.drip.
    """
    by_dose = judge_band("dose_mg", dose_mg, limits.dose_mg, limits.library_version)
    return hard_first((*by_dose, *judge_protocol(order, limits=limits), *check_bag(bag)))


def judge_protocol(order: Order, *, limits: Limits) -> tuple[Finding, ...]:
    """What can be found about an order before it is anybody's: what needs no weight, hard ones first."""
    rate_mg_per_kg_per_h = order.dose_mg_per_kg * 60 / order.duration_min
    found = [
        *judge_band("dose_mg_per_kg", order.dose_mg_per_kg, limits.dose_mg_per_kg, limits.library_version),
        *judge_band("duration_min", order.duration_min, limits.duration_min, limits.library_version),
        *judge_rate(rate_mg_per_kg_per_h, limits=limits),
        *judge_whole(order),
        *judge_glances(order),
    ]
    if order.bag.vial_mg_per_ml != limits.vial_mg_per_ml:
        facts = {"vial_mg_per_ml": str(order.bag.vial_mg_per_ml)}
        found.append(Finding("concentration_not_in_library", Severity.HARD, facts, limits.library_version))
    return hard_first(found)


def hard_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """As one reads them: what refuses, then what asks for a reason, then what only informs."""
    return tuple(sorted(findings, key=lambda finding: list(Severity).index(finding.severity)))


def judge_rate(rate_mg_per_kg_per_h: Decimal, *, limits: Limits) -> tuple[Finding, ...]:
    """Findings about a drug rate in mg/kg/h. Only ever asked about a start or a faster rate."""
    return judge_band("rate_mg_per_kg_per_h", rate_mg_per_kg_per_h, limits.rate_mg_per_kg_per_h, limits.library_version)


def judge_band(quantity: str, value: Decimal, band: Band, source: str) -> tuple[Finding, ...]:
    """At most one finding: the worst limit that `value` crosses. A value on a limit has not crossed it."""
    for severity, low, high in (
        (Severity.HARD, band.hard_low, band.hard_high),
        (Severity.SOFT, band.soft_low, band.soft_high),
    ):
        if high is not None and value > high:
            return (
                Finding(f"{quantity}_above_{severity}", severity, {"value": str(value), "limit": str(high)}, source),
            )
        if low is not None and value < low:
            return (
                Finding(f"{quantity}_below_{severity}", severity, {"value": str(value), "limit": str(low)}, source),
            )
    return ()
