"""What may be said to one person, and what to their clinician, of the ways their infusions were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil, isnan

import numpy as np

from stillroom.core.outcomes.comparison import ALPHA, LOOKS, Effects, Lacking, effects
from stillroom.core.outcomes.spans import FIRST_WEEK_DAYS, LONGEST_DAYS, spans
from stillroom.core.outcomes.student import critical

POWER_Z = 0.8416
"""The normal quantile of 80 %."""
WORTH_KNOWING = 2.0
"""The true difference, in points of 10, for which `needed_of_each` is reckoned."""
MANY_DF = 1000


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """How an infusion was ordered: what is compared. What was given differs a little each time."""

    dose_mg_per_kg: Decimal
    duration_min: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A difference that may be shown: the days after `better` were lower by `least` to `most` points than after
    `other`.
    """

    better: Way
    other: Way
    infusions: int
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """`said` is None until it is earned and sure. The rest is for the clinician only: which two ways, how many of each,
    what is lacking, at how many infusions it is looked at next, and how many of each it would take, at this person's
    scatter, to see a true difference of two points four times in five (None: the scatter is not known yet).
    """

    said: Said | None
    ways: tuple[Way, ...]
    given: tuple[int, ...] = ()
    lacking: tuple[Lacking, ...] = ()
    looks_next_at: int | None = None
    needed_of_each: int | None = None


def compare(lows: Mapping[date, int], infusions: Sequence[tuple[date, Way]], *, today: date) -> Compared:
    """The two ways given most often, after the last look that their number has reached; all others stand between."""
    given = sorted(dict(infusions).items())
    whole = _whole(given, today)
    pair = _most_given(whole)
    if len(pair) < 2:
        return Compared(said=None, ways=pair)
    counts = tuple(sum(way == each for _, way in whole) for each in pair)
    next_look = next((look for look in LOOKS if look > sum(counts)), None)
    reached = max((look for look in LOOKS if look <= sum(counts)), default=None)
    seen = _up_to(whole, pair, reached or sum(counts))
    found = _effects(lows, seen, pair, until=_next_after(seen[-1][0], given, today))
    lacking = tuple(reason for reason, holds in found.lacking.items() if holds[0])
    return Compared(
        said=_said(found, pair, seen) if reached and found.is_said[0] else None,
        ways=pair,
        given=counts,
        lacking=lacking if reached else tuple(dict.fromkeys((Lacking.INFUSIONS, *lacking))),
        looks_next_at=next_look,
        needed_of_each=_needed(found),
    )


def _whole(given: list[tuple[date, Way]], today: date) -> list[tuple[date, Way]]:
    """Those whose stretch is over: the last one's when two weeks have gone by."""
    return given[:-1] if given and today - given[-1][0] <= timedelta(days=LONGEST_DAYS) else given


def _next_after(on: date, given: Sequence[tuple[date, Way]], today: date) -> date:
    """The day that ends the stretch of the infusion on `on`, and is no more in it."""
    return next((later for later, _ in given if later > on), today + timedelta(days=1))


def _most_given(infusions: Sequence[tuple[date, Way]]) -> tuple[Way, ...]:
    """Chosen by how often, never by how it went; in the order in which they were first given."""
    often = [way for way, _ in Counter(way for _, way in infusions).most_common(2)]
    return tuple(way for way in dict.fromkeys(way for _, way in infusions) if way in often)


def _up_to(whole: Sequence[tuple[date, Way]], pair: tuple[Way, ...], count: int) -> list[tuple[date, Way]]:
    """All infusions up to the one that is number `count` of the two ways."""
    places = [place for place, (_, way) in enumerate(whole) if way in pair]
    return list(whole[: places[count - 1] + 1])


def _effects(
    lows: Mapping[date, int], seen: Sequence[tuple[date, Way]], pair: tuple[Way, ...], *, until: date
) -> Effects:
    begins = seen[0][0] - timedelta(days=FIRST_WEEK_DAYS)
    days = [begins + timedelta(days=n) for n in range((until - begins).days)]
    answers = np.array([[float(lows[day]) if day in lows else np.nan for day in days]])
    starts = np.array([(on - begins).days for on, _ in seen])
    is_second = np.array([[way == pair[1] for _, way in seen]])
    is_either = np.array([[way in pair for _, way in seen]])
    return effects(spans(answers, starts), is_second=is_second, is_either=is_either)


def _said(found: Effects, pair: tuple[Way, ...], seen: Sequence[tuple[date, Way]]) -> Said:
    difference, half = float(found.difference[0]), float(found.half_width[0])
    other, better = pair if difference < 0 else pair[::-1]
    return Said(
        better=better,
        other=other,
        infusions=sum(way in pair for _, way in seen),
        least=_tenths(abs(difference) - half),
        most=_tenths(abs(difference) + half),
    )


def _tenths(points: float) -> Decimal:
    return Decimal(str(round(points, 1)))


def _needed(found: Effects) -> int | None:
    scatter = float(found.residual_sd[0])
    if isnan(scatter):
        return None
    z = critical(ALPHA, MANY_DF) + POWER_Z
    return ceil(2 * (z * scatter / WORTH_KNOWING) ** 2 * max(float(found.inflation[0]), 1.0))
