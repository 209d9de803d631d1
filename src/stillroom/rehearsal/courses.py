"""Invented courses of infusions, to study what `core.outcomes.comparison` says where there is nothing to say.

A course is 36 infusions: six in three weeks, then one a week. Daily mood is low on average 6 of 10, wanders from day to
day with a memory of its own (a lag-one correlation between 0.5 and 0.95), falls by 2 after each infusion and returns
with a half-life of six days. In a null course both ways do exactly that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from stillroom.core.outcomes.comparison import LOOKS, Bools, effects
from stillroom.core.outcomes.spans import Floats, Spans, spans

PRE_DAYS = 14
INFUSIONS = LOOKS[-1]
GAPS_DAYS = np.array([3, 4, 3, 4, 3] + [7] * (INFUSIONS - 5))
STARTS = PRE_DAYS + np.concatenate([[0], np.cumsum(GAPS_DAYS[:-1])])
DAYS = int(STARTS[-1] + GAPS_DAYS[-1])
MEAN_LOW, WANDER_SD, DAY_SD = 6.0, 1.8, 0.8
BENEFIT, HALF_LIFE_DAYS = 2.0, 6.0
MISSING = 0.15
TREND = 4.0

Choice = Callable[[Generator, "Told"], Bools]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What who chooses the next way knows: the ways so far, how low the days after each were, and before the first."""

    ways: NDArray[np.bool_]
    after: Floats
    at_first: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is true of a kind of course. `difference`: how much lower days after the second way really are."""

    choose: Choice
    begins_bad: bool = False
    drifts: bool = False
    missing_when_worse: bool = False
    difference: float = 0.0


def by_chance(chance: Generator, told: Told) -> Bools:
    """A coin for every infusion."""
    return chance.random(len(told.ways)) < 0.5


def in_turn(chance: Generator, told: Told) -> Bools:
    """One and the other in turn; the first by a coin."""
    return ~told.ways[:, -1] if told.ways.shape[1] else by_chance(chance, told)


def in_pairs_by_lot(chance: Generator, told: Told) -> Bools:
    """Each two infusions are one of each way, and a coin says which comes first."""
    return by_chance(chance, told) if told.ways.shape[1] % 2 == 0 else ~told.ways[:, -1]


def in_runs(chance: Generator, told: Told) -> Bools:
    """Kept for some infusions, then changed."""
    if not told.ways.shape[1]:
        return by_chance(chance, told)
    return np.asarray(told.ways[:, -1] ^ (chance.random(len(told.ways)) < 0.35))


def more_and_more(chance: Generator, told: Told) -> Bools:
    """The second way ever more often: one in ten at first, nine in ten at last."""
    done = told.ways.shape[1] / (INFUSIONS - 1)
    return np.asarray(chance.random(len(told.ways)) < 0.1 + 0.8 * done)


def raised_after_a_bad_week(chance: Generator, told: Told) -> Bools:
    """The dose goes up the likelier the worse the last stretch was against the person's own, and down as well."""
    if not told.ways.shape[1]:
        return np.zeros(len(told.ways), dtype=bool)
    worse = _known(told.after[:, -1], told.at_first) - _mean_known(told.after, told.at_first)
    return chance.random(len(told.ways)) < 1 / (1 + np.exp(-2 * worse))


def only_ever_raised(chance: Generator, told: Told) -> Bools:
    """Raised for good after a stretch that was no better than the time before the first infusion."""
    if not told.ways.shape[1]:
        return np.zeros(len(told.ways), dtype=bool)
    no_response = _known(told.after[:, -1], told.at_first) > told.at_first - 1.5
    return told.ways[:, -1] | (no_response & (chance.random(len(told.ways)) < 0.3))


NULLS: Mapping[str, World] = {
    "autocorrelated mood": World(choose=in_runs),
    "enrolled at a bad moment": World(choose=more_and_more, begins_bad=True),
    "a trend over the months": World(choose=more_and_more, drifts=True),
    "dose raised after a bad week": World(choose=raised_after_a_bad_week),
    "dose only ever raised": World(choose=only_ever_raised),
    "days missing when worse": World(choose=in_runs, missing_when_worse=True),
    "all of these together": World(
        choose=raised_after_a_bad_week, begins_bad=True, drifts=True, missing_when_worse=True
    ),
}


CHOICES: Mapping[str, Choice] = {
    "by a coin each time": by_chance,
    "in pairs, drawn by lot": in_pairs_by_lot,
    "kept for some, then changed": in_runs,
    "strictly in turn": in_turn,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Shares of courses: where a comparison was ever allowed, where a difference was ever said at any look, the same by
    the last look only for a plain comparison of means at 5 %, and where it was said the right way round: at any look,
    and `right_by` each of `LOOKS`, that many infusions having been given.
    """

    earned: float
    said: float
    right: float
    right_by: tuple[float, ...]
    naive: float


def study(world: World, *, courses: int, chance: Generator) -> Outcome:
    """Tell `courses` courses and look at each at every look, as the pages would."""
    lows, ways = tell(world, courses=courses, chance=chance)
    earned, said, right = (np.zeros(courses, dtype=bool) for _ in range(3))
    found, right_by = spans(lows, STARTS), []
    for look in LOOKS:
        seen = _first(found, look)
        result = effects(seen, is_second=ways[:, :look])
        earned |= result.is_earned
        said |= result.is_said
        right |= result.is_said & (result.difference < 0)
        right_by.append(float(right.mean()))
    return Outcome(
        earned=float(earned.mean()),
        said=float(said.mean()),
        right=float(right.mean()),
        right_by=tuple(right_by),
        naive=float(_plainly_differs(found.after, ways).mean()),
    )


def tell(world: World, *, courses: int, chance: Generator) -> tuple[Floats, Bools]:
    """How low on each day (courses by days, NaN where not answered), and whether each infusion was the second way."""
    true_low = MEAN_LOW + _wander(world, courses, chance) + _drift(world, courses, chance)
    noise, luck = DAY_SD * chance.standard_normal((courses, DAYS)), chance.random((courses, DAYS))
    lows, ways = np.full((courses, DAYS), np.nan), np.zeros((courses, 0), dtype=bool)
    edges = np.concatenate([[0], STARTS + 1, [DAYS]])
    lows[:, : edges[1]] = _answered(world, true_low[:, : edges[1]] + noise[:, : edges[1]], luck[:, : edges[1]])
    for number, (start, end) in enumerate(pairwise(edges[1:])):
        after = spans(lows[:, :start], STARTS[:number]).after if number else np.zeros((courses, 0))
        told = Told(ways=ways, after=after, at_first=_mean_known(lows[:, :PRE_DAYS], np.full(courses, MEAN_LOW)))
        way = world.choose(chance, told)
        ways = np.concatenate([ways, way[:, None]], axis=1)
        relief = BENEFIT * 0.5 ** (np.arange(1, end - start + 1) / HALF_LIFE_DAYS)
        day = true_low[:, start:end] - relief - world.difference * way[:, None] + noise[:, start:end]
        lows[:, start:end] = _answered(world, day, luck[:, start:end])
    return lows, ways


def _wander(world: World, courses: int, chance: Generator) -> Floats:
    memory = chance.uniform(0.5, 0.95, courses)
    steps = chance.standard_normal((courses, DAYS)) * WANDER_SD * np.sqrt(1 - memory**2)[:, None]
    wander = np.empty((courses, DAYS))
    wander[:, PRE_DAYS] = chance.standard_normal(courses) * WANDER_SD
    if world.begins_bad:
        wander[:, PRE_DAYS] = WANDER_SD * chance.uniform(2, 4, courses)
    for day in range(PRE_DAYS + 1, DAYS):
        wander[:, day] = memory * wander[:, day - 1] + steps[:, day]
    for day in range(PRE_DAYS - 1, -1, -1):
        wander[:, day] = memory * wander[:, day + 1] + steps[:, day]
    return wander


def _drift(world: World, courses: int, chance: Generator) -> Floats:
    """Straight, to better in two courses of three and to worse in one."""
    if not world.drifts:
        return np.zeros((courses, DAYS))
    ends_at = np.where(chance.random(courses) < 2 / 3, -TREND, TREND)
    return ends_at[:, None] * np.clip((np.arange(DAYS) - PRE_DAYS) / (DAYS - PRE_DAYS), 0, 1)


def _answered(world: World, day: Floats, luck: Floats) -> Floats:
    """Whole numbers from 0 to 10; some days have no answer, and where it is so, the worse the likelier."""
    low = np.clip(np.rint(day), 0, 10)
    missing = 0.9 / (1 + np.exp(7.5 - low)) if world.missing_when_worse else MISSING
    return np.where(luck < missing, np.nan, low)


def _first(found: Spans, look: int) -> Spans:
    cut = (each[:, :look] for each in (found.after, found.last, found.before, found.answered))
    after, last, before, answered = cut
    return Spans(after=after, last=last, before=before, answered=answered)


def _plainly_differs(after: Floats, ways: Bools) -> Bools:
    """What most would do: the two means, and two standard errors."""
    known = ~np.isnan(after)
    sums = []
    for chosen in (known & ways, known & ~ways):
        count = np.maximum(chosen.sum(axis=1), 1)
        mean = np.where(chosen, after, 0.0).sum(axis=1) / count
        square = np.where(chosen, (after - mean[:, None]) ** 2, 0.0).sum(axis=1) / np.maximum(count - 1, 1)
        sums.append((mean, square / count, count))
    (second, second_var, seconds), (first, first_var, firsts) = sums
    apart = np.abs(second - first) > 2 * np.sqrt(np.maximum(second_var + first_var, 1e-12))
    return np.asarray(apart & (seconds > 1) & (firsts > 1))


def _known(values: Floats, otherwise: Floats) -> Floats:
    return np.where(np.isnan(values), otherwise, values)


def _mean_known(values: Floats, otherwise: Floats) -> Floats:
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    return np.where(count, np.where(known, values, 0.0).sum(axis=1) / np.maximum(count, 1), otherwise)
