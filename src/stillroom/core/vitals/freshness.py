"""How old is a reading, and what does its age mean?

Freshness is judged by the clock when asked, looking back from now, and by how often the link sends: a monitor that
sends every 60 s is not silent after 20 s, and one that sends every second is. It is never stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

from stillroom.core.vitals.sample import Sample
from stillroom.core.vitals.signals import CUFF_SIGNALS, Signal


class Freshness(StrEnum):
    """`fresh`: what is now. `stale`: shown greyed, counts for nothing. `lost`: not shown; the loss is an alarm."""

    FRESH = "fresh"
    STALE = "stale"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Until which age, in seconds, a reading is fresh, and until which age it is stale; after that it is lost."""

    fresh_s: float
    stale_s: float


# Stillroom's own choices, listed with the hazards they serve in docs/clinical.
ALLOWANCE_S = 2.0
"""For the way: the monitor's own averaging, the network, and the commit."""
FRESH_INTERVALS = 2
"""One message that does not come is chance; after two the figure is old."""
STALE_INTERVALS = 4
STALE_AT_LEAST_S = 10.0
"""A link that sends every second is given this long before its loss is an alarm."""
CUFF_FRESH_OVERDUE_S = 120.0
CUFF_STALE_OVERDUE_S = 300.0
"""A cuff's reading is wanted again two minutes after it was due, and missed after five."""


@lru_cache(maxsize=256)  # of a few intervals, asked of every reading that is judged or shown
def lifetime_of(signal: Signal, *, interval_s: float, cuff_interval_s: float) -> Lifetime:
    """How long a reading of `signal` holds on a link that sends every `interval_s`.

    `cuff_interval_s` is how often the cuff is set to inflate; it rules pressures and the cuff's pulse. Both positive.
    """
    if interval_s <= 0 or cuff_interval_s <= 0:
        raise ValueError(f"intervals must be positive: {interval_s=}, {cuff_interval_s=}")
    link = Lifetime(
        fresh_s=FRESH_INTERVALS * interval_s + ALLOWANCE_S,
        stale_s=max(STALE_INTERVALS * interval_s + ALLOWANCE_S, STALE_AT_LEAST_S),
    )
    if signal not in CUFF_SIGNALS:
        return link
    return Lifetime(
        fresh_s=max(cuff_interval_s + CUFF_FRESH_OVERDUE_S, link.fresh_s),
        stale_s=max(cuff_interval_s + CUFF_STALE_OVERDUE_S, link.stale_s),
    )


def age_s(sample: Sample, at: datetime) -> float:
    """Seconds since the reading was true, counted from the earlier of the two clocks; never below zero.

    A monitor whose clock runs ahead therefore cannot make a reading look younger than its arrival.
    """
    return max(0.0, (at - min(sample.measured_at, sample.received_at)).total_seconds())


def freshness_of(sample: Sample | None, at: datetime, lifetime: Lifetime) -> Freshness:
    """Fresh, stale or lost at the instant `at`. No reading at all is lost."""
    return Freshness.LOST if sample is None else freshness_at(age_s(sample, at), lifetime)


def freshness_at(age_in_s: float, lifetime: Lifetime) -> Freshness:
    """Fresh, stale or lost at that age, in seconds."""
    if age_in_s <= lifetime.fresh_s:
        return Freshness.FRESH
    return Freshness.STALE if age_in_s <= lifetime.stale_s else Freshness.LOST
