"""Does the band hold the share that is stated, and where may a page not say so?

Measured by `stillroom simulate`: people drawn from one model are watched over an infusion or more, another model (or
the same) learns from their scores, and the scores of their next infusion are compared with its 90 % band. Where the
band holds less than 85 % or more than 95 % of them for any model that might be the true one, no share may be named.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

LEAST_PERCENT, MOST_PERCENT = 85.0, 95.0
CHANCE_PERCENT = 0.5  # of a row below, two standard errors


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what people of model `truth` said next, percent, lay in the band that `fitted` had learned."""

    fitted: str
    truth: str
    percent: float


# `stillroom simulate --people 3000 --seed 1`: 24 000 scores a row. A test draws other people and finds the same.
PEOPLE_OF_EACH = 3000
COVERAGE: tuple[Coverage, ...] = (
    Coverage("kamp2020", "kamp2020", 93.8),
    Coverage("kamp2020", "kamp2020_linear", 94.0),
    Coverage("kamp2020", "domino1984", 92.0),
    Coverage("kamp2020", "clements1981", 91.3),
    Coverage("kamp2020", "perezruixo2021", 91.4),
    Coverage("domino1984", "kamp2020", 91.5),
    Coverage("domino1984", "kamp2020_linear", 91.7),
    Coverage("domino1984", "domino1984", 94.2),
    Coverage("domino1984", "clements1981", 86.1),
    Coverage("domino1984", "perezruixo2021", 86.6),
    Coverage("clements1981", "kamp2020", 89.9),
    Coverage("clements1981", "kamp2020_linear", 90.3),
    Coverage("clements1981", "domino1984", 85.2),
    Coverage("clements1981", "clements1981", 94.6),
    Coverage("clements1981", "perezruixo2021", 95.0),
)


def holds_as_stated(
    fitted: str, coverage: tuple[Coverage, ...] = COVERAGE, *, leeway_percent: float = -CHANCE_PERCENT
) -> bool:
    """Whether 90 % may be stated of what this model learned: measured, and borne out whichever model was true.

    Of what is kept, not by chance either: a row so near the edge that other people might cross it does not count as
    borne out.
    """
    least, most = LEAST_PERCENT - leeway_percent, MOST_PERCENT + leeway_percent
    measured = [each.percent for each in coverage if each.fitted == fitted]
    return bool(measured) and all(least <= percent <= most for percent in measured)


def chance_percent(people: int) -> float:
    """How far a row of so many people is off by chance, two standard errors: people differ by about 15 points."""
    return 2.0 * 15.0 / sqrt(people)
