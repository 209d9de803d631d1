"""Scores, bands, and what can be said of one person's weeks."""

from stillroom.core.outcomes.change import Change, Score, baseline_of, change_since
from stillroom.core.outcomes.instruments import INSTRUMENTS, Instrument
from stillroom.core.outcomes.scoring import Scored, score_items, score_total

__all__ = [
    "INSTRUMENTS",
    "Change",
    "Instrument",
    "Score",
    "Scored",
    "baseline_of",
    "change_since",
    "score_items",
    "score_total",
]
