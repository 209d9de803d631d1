"""From days to stretches: how low somebody was just before each infusion, and from it to the next.

All arrays are courses by days or courses by infusions; a day without an answer is NaN. One person is one course.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LONGEST_DAYS = 14
"""A stretch ends with the next infusion, and after two weeks in any case: what is later is told by other things."""
LEAST_ANSWERS = 2
LEAST_SHARE = 0.5
BEFORE_DAYS = 3
FIRST_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Per course and infusion. `after`: mean low from the day after it to the day before the next; `last`: the same
    of the infusion before, or the week before the first; `before`: mean low of the three days before it. An infusion's
    own day is in none of them, as it may have been answered before or after. NaN where too few days were
    answered. `answered`: the share of days of `after` that have an answer.
    """

    after: Floats
    last: Floats
    before: Floats
    answered: Floats


def spans(lows: Floats, starts: NDArray[np.int_]) -> Spans:
    """`lows` is courses by days; `starts` are the days of the infusions, rising, the same for all courses."""
    days = lows.shape[1]
    ends = np.minimum(np.append(starts[1:], days), starts + 1 + LONGEST_DAYS)
    after, share = _means(lows, starts + 1, ends)
    before, _ = _means(lows, np.maximum(starts - BEFORE_DAYS, 0), starts, least_share=0.0, least=1)
    week, _ = _means(lows, np.maximum(starts[:1] - FIRST_WEEK_DAYS, 0), starts[:1])
    return Spans(after=after, last=np.concatenate([week, after[:, :-1]], axis=1), before=before, answered=share)


def _means(
    lows: Floats,
    starts: NDArray[np.int_],
    ends: NDArray[np.int_],
    *,
    least_share: float = LEAST_SHARE,
    least: int = LEAST_ANSWERS,
) -> tuple[Floats, Floats]:
    """The mean of the answered days from `starts` up to, not with, `ends`; and the share of days that were answered."""
    is_answered = ~np.isnan(lows)
    zero = np.zeros((len(lows), 1))
    sums = np.concatenate([zero, np.cumsum(np.where(is_answered, lows, 0.0), axis=1)], axis=1)
    counts = np.concatenate([zero, np.cumsum(is_answered, axis=1)], axis=1)
    total, count = sums[:, ends] - sums[:, starts], counts[:, ends] - counts[:, starts]
    share = count / np.maximum(ends - starts, 1)
    enough = (count >= least) & (share >= least_share)
    return np.where(enough, total / np.maximum(count, 1), np.nan), share
