"""Do the drops that were counted, or the pump's display, and the bag tell of the same drip? (SR-24)

Each reading of the bag is held against what was counted since the bag was hung, or since a reading that disagreed: the
level is known again from there. Only where something was counted in between. What a count and a reading leave in doubt
by themselves is no disagreement: the two ranges must lie apart. A set's own tenth is not among that doubt, as it is the
very thing that the order's share leaves room for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from stillroom.core.drip.course import run_ml
from stillroom.core.drip.exact import exact
from stillroom.core.drip.history import BagHung, FlowCounted, FlowRead, Happening, History, LevelRead, in_order
from stillroom.core.drip.pouring import Track, primed_ml


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """What was counted and what the bag lost, mL, likely; `share` is how far apart they are, of what was counted."""

    counted_ml: Fraction
    bag_ml: Fraction
    share: Fraction

    def is_beyond(self, percent: int) -> bool:
        return self.share > Fraction(percent, 100)


@lru_cache(maxsize=512)  # watch asks each second, and the answer changes only with the log
def apart(history: History, *, notice_percent: int, alarm_percent: int) -> Apart | None:
    """The newest comparison, if its two ranges lie apart by more than a notice is worth; else None.

    Both are shares of what was counted, as the order says them (`AlarmSettings`).
    """
    known = in_order(history)
    hung = next((index for index, each in enumerate(known) if isinstance(each, BagHung)), None)
    found: Apart | None = None
    anchor = hung
    for index, each in enumerate(known):
        if anchor is None or not isinstance(each, LevelRead) or not _is_counted(known[anchor:index]):
            continue
        found = _compared(history, known, anchor, index, Fraction(notice_percent, 100))
        anchor = index if found is not None and found.is_beyond(alarm_percent) else anchor
    return found


def _is_counted(window: tuple[Happening, ...]) -> bool:
    return any(isinstance(each, FlowCounted | FlowRead) for each in window)


def _compared(
    history: History, known: tuple[Happening, ...], anchor: int, index: int, notice: Fraction
) -> Apart | None:
    read, begin = known[index], known[anchor]
    assert isinstance(read, LevelRead)
    assert isinstance(begin, LevelRead | BagHung)
    tolerance_ml = exact(read.tolerance_ml)
    if isinstance(begin, BagHung):
        full_ml = exact(begin.volume_ml) - primed_ml(begin, history.line)
    else:
        full_ml, tolerance_ml = exact(begin.volume_ml), tolerance_ml + exact(begin.tolerance_ml)
    bag_ml = full_ml - exact(read.volume_ml)
    least, likely, most = _counted_ml(history, known[: index + 1], begin, read)
    if bag_ml + tolerance_ml >= least and bag_ml - tolerance_ml <= most:
        return None
    share = abs(bag_ml - likely) / likely if likely else Fraction(1)
    return Apart(counted_ml=likely, bag_ml=bag_ml, share=share) if share > notice else None


def _counted_ml(
    history: History, known: tuple[Happening, ...], begin: Happening, read: Happening
) -> tuple[Fraction, Fraction, Fraction]:
    """By clamp, clock and counts alone, with drops of their nominal size."""
    told = tuple(each for each in known if not isinstance(each, LevelRead))
    alone = replace(history, meter=replace(history.meter, tolerance=Decimal(0)), happenings=told)

    def between_ml(track: Track) -> Fraction:
        return run_ml(alone, at_min=read.t_min, track=track) - run_ml(alone, at_min=begin.t_min, track=track)

    return between_ml(Track.LEAST), between_ml(Track.LIKELY), between_ml(Track.MOST)
