"""How does a simulated drip really run? A log can only estimate that; a story's counts and readings come from here.

A clamp that is set once and left lets through a little less as the bag empties: its turns say how many drops a minute
fell, from when on. Everything else follows from them by core.drip, as it does for a real one.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from stillroom.core.drip.bag import Bag
from stillroom.core.drip.course import ledger
from stillroom.core.drip.exact import exact, shown
from stillroom.core.drip.history import BagHung, FlowSettled, Happening, History, LineFlushed
from stillroom.core.drip.line import Gravity, Line
from stillroom.core.drip.rates import rate_of_drops_ml_per_h

READ_TO_ML = Decimal(5)
"""A bag's marks are 25 or 50 mL apart; between them a nurse reads by eye."""


@dataclass(frozen=True, slots=True)
class Turn:
    """From this minute on, so many drops fall a minute. 0: the clamp is closed."""

    from_min: float
    drops_per_min: int


@dataclass(frozen=True, kw_only=True)
class SimulatedDrip:
    """One bag through one line, turn by turn; `flushed_at_min` is when plain fluid was pushed after it, if ever."""

    bag: Bag
    line: Line
    meter: Gravity
    turns: tuple[Turn, ...]
    flushed_at_min: float | None = None
    flush_takes_min: int = 5

    @cached_property
    def history(self) -> History:
        """As core.drip would know it, if everything were known."""
        hung = BagHung(t_min=0.0, drug_mg=self.bag.drug_mg, volume_ml=self.bag.final_volume_ml)
        happenings: list[Happening] = [hung, *(self._flow(turn) for turn in self.turns)]
        if self.flushed_at_min is not None:
            minutes = Decimal(self.flush_takes_min)
            happenings.append(
                LineFlushed(t_min=self.flushed_at_min, volume_ml=self.line.volume_ml, duration_min=minutes)
            )
        return History(line=self.line, meter=self.meter, happenings=tuple(happenings))

    def _flow(self, turn: Turn) -> FlowSettled:
        rate_ml_per_h = rate_of_drops_ml_per_h(turn.drops_per_min, drops_per_ml=self.meter.drops_per_ml)
        return FlowSettled(t_min=turn.from_min, rate_ml_per_h=shown(rate_ml_per_h, decimals=2))


def drops_in(drip: SimulatedDrip, *, at_min: float, seconds: int) -> int:
    """How many drops a nurse counts in the `seconds` before `at_min`, while the clamp is left alone."""
    turn = next(turn for turn in reversed(drip.turns) if turn.from_min <= at_min)
    return round(turn.drops_per_min * seconds / 60)


def read_of_bag_ml(drip: SimulatedDrip, *, at_min: float) -> Decimal:
    """What a nurse reads of the bag."""
    left_ml = ledger(drip.history, at_min=at_min).bag_volume_ml
    return Decimal(round(left_ml / exact(READ_TO_ML))) * READ_TO_ML


def empty_at_min(drip: SimulatedDrip) -> float:
    """When the bag is empty, if its last turn stays as it is."""
    last = drip.turns[-1]
    left_ml = ledger(drip.history, at_min=last.from_min).bag_volume_ml
    return last.from_min + float(left_ml) * drip.meter.drops_per_ml / last.drops_per_min
