"""How far has somebody come from where they began? Response, remission and getting worse, the baseline always named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from stillroom.core.outcomes.instruments import Instrument


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One total of one instrument on a day. `id` is the questionnaire it came from."""

    id: UUID
    on: date
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From `baseline` to `now`. `responded` is None where the baseline is below the clinic's minimum: half of little
    says nothing. `remitted` and `worse` are None where the instrument has no such rule.
    """

    baseline: Score
    now: Score
    responded: bool | None
    remitted: bool | None
    worse: bool | None


def baseline_of(scores: Sequence[Score], *, first_infusion_on: date) -> Score | None:
    """The last total on or before the day of the first infusion. None where nobody asked in time: a later one is no
    baseline.
    """
    before = [score for score in scores if score.on <= first_infusion_on]
    return max(before, key=lambda score: score.on, default=None)


def change_since(baseline: Score, now: Score, instrument: Instrument, *, least_baseline: int) -> Change:
    """Response is a fall by half or more of the baseline's total (facts/safety.md 2.9); worse is a rise by what the
    instrument calls a reliable change.
    """
    remission, reliable = instrument.remission_at_most, instrument.reliable_change
    return Change(
        baseline=baseline,
        now=now,
        responded=None if baseline.total < max(least_baseline, 1) else now.total * 2 <= baseline.total,
        remitted=None if remission is None else now.total <= remission,
        worse=None if reliable is None else now.total - baseline.total >= reliable,
    )
