"""Does the band hold the share that is stated, and where may a page not say so?

Measured by `stillroom simulate`: people drawn from one model are watched over an infusion or more, another model (or
the same) learns from their scores, and the scores of their next infusion are compared with its 90 % band. Where the
band holds less than 85 % or more than 95 % of them for any model that might be the true one, no share may be named.
"""

from __future__ import annotations

from dataclasses import dataclass

LEAST_PERCENT, MOST_PERCENT = 85.0, 95.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of what people of model `truth` said next, percent, lay in the band that `fitted` had learned."""

    fitted: str
    truth: str
    percent: float


COVERAGE: tuple[Coverage, ...] = ()


def holds_as_stated(fitted: str, coverage: tuple[Coverage, ...] = COVERAGE) -> bool:
    """Whether 90 % may be stated of what this model learned: measured, and borne out whichever model was true."""
    measured = [each.percent for each in coverage if each.fitted == fitted]
    return bool(measured) and all(LEAST_PERCENT <= percent <= MOST_PERCENT for percent in measured)
