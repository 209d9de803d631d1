"""Did one way of giving it help this person more than another? Said only when it is earned; else nothing is said.

One person's weeks are few, hang together from day to day, begin when things are bad, drift, and the next infusion is
chosen by how the last one went. Each of these makes two ways look different that are not. So the level after each
infusion is compared *given* the level after the one before, the last three days before it, and its place in the
course; and a figure is shown only when every condition of `Lacking` is met and the difference passes a test whose four
looks share 5 %. docs/decisions/0007 tells what else was tried, and `stillroom study` measures it.

Lower is better. Everything is pure arithmetic on arrays of courses by infusions; one person is one course.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stillroom.core.outcomes.spans import Floats, Spans
from stillroom.core.outcomes.student import critical

Bools = NDArray[np.bool_]

LOOKS = (12, 18, 24, 36)
"""After how many infusions that count is looked: four looks in all, however often the page is opened."""
ALPHA = 0.05 / len(LOOKS)
LEAST_OF_EACH = 4
LEAST_CHANGES = 4
LEAST_DIFFERENCE = 1.0
"""Points of 10. A smaller one is no reason to speak, however sure it is."""
MOST_INFLATED = 2.0
"""How far the choice between the two may be told from how somebody was: variance inflation of its coefficient."""
MOST_UNEVEN = 0.25
LEAST_DF = 3


class Lacking(StrEnum):
    """Why nothing may be said yet. For the clinician's eyes."""

    INFUSIONS = "infusions"
    OF_EACH = "of_each"
    CHANGES = "changes"
    CHOICE_FOLLOWED_MOOD = "choice_followed_mood"
    DAYS_MISSING_UNEVENLY = "days_missing_unevenly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Per course: how much lower the days after the second way were (negative is better), and may it be said?"""

    difference: Floats
    half_width: Floats
    residual_sd: Floats
    inflation: Floats
    lacking: dict[Lacking, Bools]

    @property
    def is_earned(self) -> Bools:
        return np.asarray(~np.logical_or.reduce(list(self.lacking.values())))

    @property
    def is_said(self) -> Bools:
        sure = np.abs(self.difference) > self.half_width
        return np.asarray(self.is_earned & sure & (np.abs(self.difference) >= LEAST_DIFFERENCE))


def effects(found: Spans, *, is_second: Bools, is_either: Bools | None = None) -> Effects:
    """The second way against the first, over all infusions given; `is_either` marks those of the two, all if None.

    Least squares of `after` on 1, `last`, `before`, place in the course and the way, each course by itself; a
    two-sided t test at `ALPHA` with as many degrees of freedom as infusions less five.
    """
    counted = ~(np.isnan(found.after) | np.isnan(found.last) | np.isnan(found.before))
    counted &= True if is_either is None else is_either
    design, level = _design(found, is_second, counted)
    inverse = np.linalg.inv(np.einsum("cki,ckj->cij", design, design) + 1e-9 * np.eye(design.shape[-1]))
    fitted = np.einsum("cij,ckj,ck->ci", inverse, design, level)
    df = counted.sum(axis=1) - design.shape[-1]
    residual = np.where(counted, level - np.einsum("cki,ci->ck", design, fitted), 0.0)
    variance = (residual**2).sum(axis=1) / np.maximum(df, 1)
    spread = np.maximum(inverse[:, -1, -1], 0.0)
    seconds, firsts = (counted & is_second).sum(axis=1), (counted & ~is_second).sum(axis=1)
    inflation = spread * seconds * firsts / np.maximum(seconds + firsts, 1)
    return Effects(
        difference=fitted[:, -1],
        half_width=_criticals(df) * np.sqrt(np.maximum(variance * spread, 1e-12)),
        residual_sd=np.where(df >= LEAST_DF, np.sqrt(variance), np.nan),
        inflation=inflation,
        lacking={
            Lacking.INFUSIONS: df < LEAST_DF,
            Lacking.OF_EACH: np.minimum(firsts, seconds) < LEAST_OF_EACH,
            Lacking.CHANGES: _changes(is_second, counted) < LEAST_CHANGES,
            Lacking.CHOICE_FOLLOWED_MOOD: inflation > MOST_INFLATED,
            Lacking.DAYS_MISSING_UNEVENLY: _unevenness(found, is_second, is_either) > MOST_UNEVEN,
        },
    )


def _design(found: Spans, is_second: Bools, counted: Bools) -> tuple[Floats, Floats]:
    """Rows that do not count are nought throughout, and weigh nothing."""
    courses, infusions = found.after.shape
    place = np.broadcast_to(np.linspace(-1.0, 1.0, infusions), (courses, infusions))
    columns = (np.ones_like(found.after), found.last, found.before, place, is_second.astype(float))
    design = np.where(counted[..., None], np.stack(columns, axis=-1), 0.0)
    return design, np.where(counted, found.after, 0.0)


def _criticals(df: NDArray[np.int_]) -> Floats:
    return np.array([critical(ALPHA, int(each)) if each >= LEAST_DF else np.inf for each in df])


def _changes(is_second: Bools, counted: Bools) -> NDArray[np.int_]:
    """How often the way changed from one infusion that counts to the next that counts."""
    changes = np.zeros(len(is_second), dtype=int)
    last = np.full(len(is_second), -1)
    for way, counts in zip(is_second.T.astype(int), counted.T, strict=True):
        changes += counts & (last >= 0) & (way != last)
        last = np.where(counts, way, last)
    return changes


def _unevenness(found: Spans, is_second: Bools, is_either: Bools | None) -> Floats:
    """How far apart the shares of answered days are after one way and after the other."""
    chosen = np.ones_like(is_second) if is_either is None else is_either
    seconds, firsts = (
        np.where(way, found.answered, 0.0).sum(axis=1) / np.maximum(way.sum(axis=1), 1)
        for way in (is_second & chosen, ~is_second & chosen)
    )
    return np.asarray(np.abs(seconds - firsts))
