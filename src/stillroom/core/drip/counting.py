"""What does a count of drops say, and how surely?

Counting `n` drops in a time can miss one or take one too many, whoever counts: the truth lies between `n - 1` and
`n + 1`. So ten drops say far less than forty (one in ten, one in forty), and a longer count is a better one: at 25
drops a minute one drop is 4 % of a minute's count and 16 % of a quarter minute's. The hand that starts and stops the
time is off by a moment more. The set itself adds its own tenth. Where all this is from: docs/clinical/drip.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from stillroom.core.drip.exact import Amount, exact
from stillroom.core.drip.line import Flow, Gravity
from stillroom.core.drip.rates import rate_of_drops_ml_per_h
from stillroom.core.errors import refuse

MISCOUNT_DROPS = 1
"""A count in a fixed time has no better grain than one drop at its edge, either way."""

HAND_S = Decimal("0.2")
"""How far off the counted time may be: a hand's two taps, each with a standard deviation of 50 ms (recalled, not
verified), are 1.96 x 1.41 x 50 = 139 ms off at the most, and the time is written to a tenth, so 50 ms more."""

ENOUGH_SHARE = Decimal("0.05")
"""A count surer than this is enough: half of what a drip may be off and still count as on plan. Own choice."""

ROUGH_SHARE = Decimal("0.1")
"""A count less sure than this tells no drip on plan from one that is not. Own choice: what it may be off."""


@dataclass(frozen=True, slots=True)
class DropRate:
    """Drops a minute: surely this many, likely this many, at most this many."""

    least_per_min: Fraction
    likely_per_min: Fraction
    most_per_min: Fraction

    @property
    def doubt_share(self) -> Fraction | None:
        """How far off it may be, as a share of what is likely; None when no drop was seen."""
        if self.likely_per_min == 0:
            return None
        off = max(self.most_per_min - self.likely_per_min, self.likely_per_min - self.least_per_min)
        return off / self.likely_per_min


@lru_cache(maxsize=1024)  # a screen asks of each count again whenever it is drawn
def count_drops(*, drops: int, seconds: Amount) -> DropRate:
    """The drops a minute of `drops` seen in `seconds`, give or take one drop and the hand's `HAND_S`."""
    if seconds <= 0:
        raise refuse("count_took_no_time", seconds=str(seconds))
    if drops < 0:
        raise refuse("drops_below_zero", drops=str(drops))
    took_s, hand_s = exact(seconds), exact(HAND_S)
    shortest_s = max(took_s - hand_s, took_s / 2)  # of a count as short as the hand is quick, no time is left
    fewest = max(drops - MISCOUNT_DROPS, 0)
    return DropRate(60 * fewest / (took_s + hand_s), 60 * drops / took_s, 60 * (drops + MISCOUNT_DROPS) / shortest_s)


def count_taps(tapped_at_s: Sequence[Decimal]) -> DropRate:
    """The drops a minute from a tap on each drop, seconds on one clock: `n` taps span `n - 1` drops."""
    if len(tapped_at_s) < 2:
        raise refuse("too_few_taps", taps=str(len(tapped_at_s)))
    if any(later <= earlier for earlier, later in pairwise(tapped_at_s)):
        raise refuse("taps_out_of_order", taps=str(len(tapped_at_s)))
    return count_drops(drops=len(tapped_at_s) - 1, seconds=exact(tapped_at_s[-1]) - exact(tapped_at_s[0]))


@lru_cache(maxsize=1024)
def flow_counted(counted: DropRate, gravity: Gravity) -> Flow:
    """The flow of counted drops, mL/h: the count's own doubt, and the set's, one upon the other."""

    def rate(per_min: Fraction, share: Amount) -> Fraction:
        return rate_of_drops_ml_per_h(per_min, drops_per_ml=gravity.drops_per_ml) * exact(share)

    return Flow(
        rate(counted.least_per_min, 1 - gravity.tolerance),
        rate(counted.likely_per_min, 1),
        rate(counted.most_per_min, 1 + gravity.tolerance),
    )
