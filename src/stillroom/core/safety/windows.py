"""How much in a day and in a week, and how often: with everything the patient had, will have, or may have had.

Each window that holds the new infusion is looked at, not only the one that ends with it: an infusion planned for
tomorrow counts today. Doses count from clock to clock, so a day on which the clocks change has no hour too many;
infusions count by days of the clinic's calendar. Source: SR-10; Open PCA Pump Requirements 1.0.0, R5.2.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from stillroom.core.errors import Finding
from stillroom.core.safety.library import Band, CourseLimits
from stillroom.core.safety.limits import judge_band

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another infusion of the same patient: when it begins or began, and the most that it gives or may have given.

    `on` is that day by the clinic's calendar. What is in doubt counts at its maximum, what is planned as ordered.
    """

    at: datetime
    on: date
    most_mg: Decimal


def judge_windows(
    dose_mg: Decimal, *, at: datetime, on: date, others: Sequence[Other], limits: CourseLimits
) -> tuple[Finding, ...]:
    """One finding for each upper bound that the busiest window around `at` crosses."""
    doses = [(each.at, each.most_mg) for each in others]
    days = [(_day(each.on), Decimal(1)) for each in others]
    today = (_day(on), Decimal(1))
    asked = (
        ("infusions_per_day", most_within(days, today, DAY), limits.infusions_per_day),
        ("infusions_per_week", most_within(days, today, WEEK), limits.infusions_per_week),
        ("dose_mg_in_24_h", most_within(doses, (at, dose_mg), DAY), limits.dose_mg_in_24_h),
        ("dose_mg_in_7_days", most_within(doses, (at, dose_mg), WEEK), limits.dose_mg_in_7_days),
    )
    return tuple(
        found
        for quantity, amount, band in asked
        for found in judge_band(quantity, amount, _upper(band), limits.library_version)
    )


def most_within(
    others: Iterable[tuple[datetime, Decimal]], this: tuple[datetime, Decimal], window: timedelta
) -> Decimal:
    """The most that any window of this length holds which holds `this`; what lies a whole window apart is apart."""
    at, _ = this
    points = [*others, this]
    begins = [when for when, _ in points if at - window < when <= at]
    return max(sum((each for when, each in points if begin <= when < begin + window), Decimal(0)) for begin in begins)


def _day(on: date) -> datetime:
    """Days of a calendar are all of one length."""
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _upper(band: Band) -> Band:
    return Band(soft_high=band.soft_high, hard_high=band.hard_high)
