"""Does what was signed still hold on the day? The order is judged again by what is known now, before it starts.

What was found when it was signed was answered for then and is not asked again; what is found only now is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from stillroom.core.errors import Finding, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """`on`: the day by the clinic's calendar. `due_on`: the day the order is for, None where it names none.

    `weight_kg`: the newest on record; `noted_from_percent`: from which change on a weight needs a reason.
    """

    on: date
    due_on: date | None = None
    is_cancelled: bool = False
    weight_kg: Decimal | None = None
    noted_from_percent: Decimal = Decimal(0)


def only_now(now: Iterable[Finding], *, answered: Iterable[Finding]) -> tuple[Finding, ...]:
    """What was not answered before in exactly this form; what refuses is never answered, and a note is not new.

    A limit that a newer library holds as it was is the same finding, though its source has another name.
    """
    before = [_said(each) for each in answered]
    return tuple(
        each
        for each in now
        if each.severity is Severity.HARD or (each.severity is Severity.SOFT and _said(each) not in before)
    )


def _said(finding: Finding) -> Finding:
    return replace(finding, source="")


def judge_day(today: Today, *, signed_weight_kg: Decimal) -> tuple[Finding, ...]:
    """Soft findings where the day, the appointment or the weight is not the one the order was signed for."""
    found = []
    if today.due_on and today.due_on != today.on:
        found.append(Finding("not_the_ordered_day", Severity.SOFT, {"due_on": today.due_on.isoformat()}))
    if today.is_cancelled:
        found.append(Finding("ordered_time_cancelled", Severity.SOFT))
    if today.weight_kg is not None and today.weight_kg != signed_weight_kg:
        found.append(_weighed_since(today.weight_kg, signed_weight_kg, today.noted_from_percent))
    return tuple(found)


def judge_clock(set_by: timedelta | None) -> tuple[Finding, ...]:
    """A hard finding while the computer's clock is not the one that times are kept by. Source: SR-59, F11."""
    if set_by is None:
        return ()
    facts = {"set_by_s": str(round(set_by.total_seconds()))}
    return (Finding("clock_was_set", Severity.HARD, facts, source="SR-59"),)


def _weighed_since(weight_kg: Decimal, signed_kg: Decimal, noted_from_percent: Decimal) -> Finding:
    is_far = abs(weight_kg - signed_kg) * 100 > signed_kg * noted_from_percent
    facts = {"weight_kg": str(weight_kg), "signed_kg": str(signed_kg)}
    return Finding("weighed_since_signed", Severity.SOFT if is_far else Severity.NOTE, facts)
