"""How long did the relief after an infusion last? In days of one's own answers, and "cannot tell" is an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

RELIEF = 2.0
"""Points of 10 below the week before that count as relief. Own decision: a fifth of the scale, as 5 of 27 nearly is."""
WEEK_BEFORE_DAYS = 7
LEAST_BEFORE = 3
BEGINS_WITHIN_DAYS = 3
SILENT_AFTER_DAYS = 3
NEW_SERIES_AFTER_DAYS = 56
"""With eight weeks between two infusions the second begins a series of its own."""


class Ending(StrEnum):
    """How the relief ended, or why nobody can tell."""

    UNKNOWN_BEFORE = "unknown_before"
    TOO_SOON = "too_soon"
    NOT_SEEN = "not_seen"
    RETURNED = "returned"
    NEXT_INFUSION = "next_infusion"
    STILL = "still"
    DAYS_MISSING = "days_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasted:
    """`days` from the infusion to the last day of relief; None where there is none to count."""

    on: date
    days: int | None
    ending: Ending


def how_long(lows: Mapping[date, int], infusions: Sequence[date], *, today: date) -> list[Lasted]:
    """One for each infusion, in their order. `lows`: how low on each answered day, 0 to 10, lower is better.

    Relief is `RELIEF` below the week before the infusion, or below the week before the first of its series if that was
    lower in spirits: who is kept well by one infusion a week is not said to have no relief. It begins within three
    days and ends before the first two answers in a row that are none; four days without an answer leave the end open.
    """
    ordered = sorted(set(infusions))
    found: list[Lasted] = []
    first_week: float | None = None
    for before, on, following in zip([None, *ordered], ordered, [*ordered[1:], None], strict=False):
        week = _week_before(lows, on)
        if before is None or (on - before).days > NEW_SERIES_AFTER_DAYS:
            first_week = week
        found.append(_lasted(lows, on, _higher(week, first_week), following=following, today=today))
    return found


def _lasted(lows: Mapping[date, int], on: date, before: float | None, *, following: date | None, today: date) -> Lasted:
    if before is None:
        return Lasted(on=on, days=None, ending=Ending.UNKNOWN_BEFORE)
    end = ((following or today) - on).days - (1 if following else 0)
    highest = before - RELIEF
    relieved = {n: lows[day] <= highest for n in range(1, end + 1) if (day := on + timedelta(days=n)) in lows}
    return _walk(on, relieved, end, at_end=Ending.NEXT_INFUSION if following else Ending.STILL)


def _week_before(lows: Mapping[date, int], on: date) -> float | None:
    """The mean of the answered days of the week before, without the infusion's own; None where they are too few."""
    before = [lows[day] for n in range(1, WEEK_BEFORE_DAYS + 1) if (day := on - timedelta(days=n)) in lows]
    return sum(before) / len(before) if len(before) >= LEAST_BEFORE else None


def _higher(one: float | None, other: float | None) -> float | None:
    return max((each for each in (one, other) if each is not None), default=None)


def _walk(on: date, relieved: Mapping[int, bool], end: int, *, at_end: Ending) -> Lasted:
    """`relieved`: day after the infusion -> whether it was one of relief, for the answered ones."""
    last, was_not, silent = None, 0, 0
    for day in range(1, end + 1):
        silent = 0 if day in relieved else silent + 1
        was_not = 0 if relieved.get(day) else was_not + (day in relieved)
        last = day if relieved.get(day) else last
        if silent > SILENT_AFTER_DAYS:
            return Lasted(on=on, days=last, ending=Ending.DAYS_MISSING)
        if was_not >= 2 and (last is not None or day >= BEGINS_WITHIN_DAYS):
            return Lasted(on=on, days=last, ending=Ending.RETURNED if last is not None else Ending.NOT_SEEN)
    if last is None:
        return Lasted(on=on, days=None, ending=_without_relief(len(relieved), end, at_end))
    return Lasted(on=on, days=last, ending=at_end)


def _without_relief(answered: int, days: int, at_end: Ending) -> Ending:
    if at_end is Ending.STILL and days < BEGINS_WITHIN_DAYS:
        return Ending.TOO_SOON
    return Ending.NOT_SEEN if answered >= 2 else Ending.DAYS_MISSING
