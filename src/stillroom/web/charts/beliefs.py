"""Which traits moved: for each, what was believed before any score and what is believed now, on one line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from stillroom.core.pharmacology.learned import LearnedTrait
from stillroom.core.pharmacology.prior import Belief
from stillroom.web.charts.scale import Scale

MARGIN = 1.1  # beyond the widest end, as a factor
MOVED = 0.15  # of the width believed before, by which the middle must have moved, or the width shrunk, to say so


@dataclass(frozen=True, slots=True)
class Reach:
    """One belief on its line, in percent: from where, how far, and its middle; and the three as one reads them."""

    x: str
    width: str
    middle: str
    lower_word: str
    middle_word: str
    upper_word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeliefDrawing:
    """`moved` is "up", "down" or nothing; `is_surer` says that the scores have narrowed it. `trait` is its code."""

    trait: str
    unit: str
    basis: str
    prior: Reach
    posterior: Reach
    moved: str
    is_surer: bool


def draw_beliefs(traits: Iterable[LearnedTrait]) -> tuple[BeliefDrawing, ...]:
    return tuple(map(_belief, traits))


def _belief(learned: LearnedTrait) -> BeliefDrawing:
    prior, posterior = learned.prior, learned.posterior
    low, high = min(prior.lower, posterior.lower) / MARGIN, max(prior.upper, posterior.upper) * MARGIN
    scale = Scale(log(low), log(high))
    before, after = _width(prior), _width(posterior)
    shift = log(posterior.median / prior.median)
    return BeliefDrawing(
        trait=learned.trait.value,
        unit=learned.unit,
        basis=learned.basis,
        prior=_reach(prior, scale),
        posterior=_reach(posterior, scale),
        moved="" if abs(shift) < MOVED * before else "up" if shift > 0 else "down",
        is_surer=after < (1.0 - MOVED) * before,
    )


def _width(belief: Belief) -> float:
    return log(belief.upper / belief.lower)


def _reach(belief: Belief, scale: Scale) -> Reach:
    lower, middle, upper = (scale.part(log(each)) * 100 for each in (belief.lower, belief.median, belief.upper))
    words = (_word(each) for each in (belief.lower, belief.median, belief.upper))
    return Reach(f"{lower:.2f}%", f"{upper - lower:.2f}%", f"{middle:.2f}%", *words)


def _word(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}"
