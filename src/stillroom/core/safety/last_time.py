"""What is otherwise than last time, and is it so far from it that a second clinician must look?

A ten-fold slip is the classic fatal one (Long, Int J Med Toxicol 2003; 41.7 mL/h keyed for 4.17 mL/h, a patient-safety
review of 2019). Source: SR-11.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stillroom.core.errors import Finding, Severity
from stillroom.core.order import Order, changes

FAR_TIMES = Decimal(5)
"""An order of five times the last, or of a fifth, is looked at by two. Source: SR-11."""

DOSE = "dose_mg_per_kg"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastTime:
    """The order of the patient's last completed infusion, and the dose it came to."""

    order: Order
    dose_mg: Decimal


def judge_change(order: Order, *, dose_mg: Decimal, last: LastTime | None) -> tuple[Finding, ...]:
    """Soft findings for a dose far from the last, a higher dose per weight, and whatever else differs."""
    if last is None:
        return ()
    changed = [change.field for change in changes(last.order, order)]
    rise = order.dose_mg_per_kg - last.order.dose_mg_per_kg
    found = []
    if is_far(order, dose_mg=dose_mg, last=last):
        facts = {"dose_mg": str(dose_mg), "last_dose_mg": str(last.dose_mg)}
        found.append(Finding("far_from_last_order", Severity.SOFT, facts | _per_kg(order, last), "SR-11"))
    if rise > 0:
        found.append(Finding("more_than_last_time", Severity.SOFT, {"more": str(rise)} | _per_kg(order, last)))
        changed.remove(DOSE)
    if changed:
        found.append(Finding("order_changed", Severity.SOFT, {"fields": ", ".join(changed)}))
    return tuple(found)


def judge_next_version(order: Order, before: Order | None) -> tuple[Finding, ...]:
    """A soft finding where an order says otherwise than the one that was signed before for the same visit."""
    changed = [change.field for change in changes(before, order)] if before else []
    return (Finding("next_version", Severity.SOFT, {"fields": ", ".join(changed)}),) if changed else ()


def is_far(order: Order, *, dose_mg: Decimal, last: LastTime) -> bool:
    """By weight or in all: a slip in the weight shows only in the milligrams."""
    pairs = ((order.dose_mg_per_kg, last.order.dose_mg_per_kg), (dose_mg, last.dose_mg))
    return any(now >= FAR_TIMES * before or now * FAR_TIMES <= before for now, before in pairs)


def _per_kg(order: Order, last: LastTime) -> dict[str, str]:
    return {DOSE: str(order.dose_mg_per_kg), f"last_{DOSE}": str(last.order.dose_mg_per_kg)}
