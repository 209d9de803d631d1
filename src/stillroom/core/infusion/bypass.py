"""Where did an infusion go beyond the drug library's soft limits, and why? For whoever reviews the library each month.

What was ordered, started at or set faster beyond a soft limit went ahead with a reason; here it is found again from the
log, by the limits that the order froze. Source: SR-12, after the ISMP guidelines for smart pumps (2020): overrides are
reviewed, and at least 95 of 100 infusions are to stay within the library.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from stillroom.core.drip.exact import shown
from stillroom.core.errors import Finding, Severity
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import apply, surviving
from stillroom.core.infusion.planning import judge_planned, rate_mg_per_kg_per_h
from stillroom.core.infusion.state import InfusionState

GOAL_PERCENT = 95
ABOVE, BELOW = "rate_mg_per_kg_per_h_above_soft", "rate_mg_per_kg_per_h_below_soft"


@dataclass(frozen=True, slots=True)
class Bypass:
    """One soft limit that was crossed: at the order, the start or a faster rate; when, by whom, and why."""

    seq: int
    kind: str
    at: datetime
    by: str
    finding: Finding
    reason: str | None


def bypasses(log: Iterable[e.Logged]) -> tuple[Bypass, ...]:
    """Every soft limit of the library that this infusion crossed, in the order of the log; what was struck is left out.

    What was meant and not done is told too: somebody asked for it.
    """
    found: list[Bypass] = []
    state = InfusionState()
    for entry in surviving(list(log)):
        found.extend(
            Bypass(entry.seq, entry.kind, entry.occurred_at, entry.by, finding, getattr(entry.fact, "reason", None))
            for finding in _crossed(state, entry)
            if finding.severity is Severity.SOFT
        )
        state = apply(state, entry)
    return tuple(found)


def _crossed(state: InfusionState, entry: e.Logged) -> tuple[Finding, ...]:
    """An order is judged again; at a start and a faster rate stands what was found then, before it was rounded down."""
    fact = entry.fact
    if isinstance(fact, e.InfusionPlanned):
        return judge_planned(fact, limits=fact.limits)
    if not isinstance(fact, e.StartIntended | e.RateIntended) or state.planned is None:
        return ()
    limits, band = state.planned.limits, state.planned.limits.rate_mg_per_kg_per_h
    value = str(shown(rate_mg_per_kg_per_h(state, fact.rate_ml_per_h), decimals=3))
    bounds = {ABOVE: band.soft_high, BELOW: band.soft_low}
    return tuple(
        Finding(code, Severity.SOFT, {"value": value, "limit": str(bounds[code])}, limits.library_version)
        for code in fact.findings
        if code in bounds
    )
