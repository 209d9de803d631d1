"""Where is the drug: in the bag, in the line, or in the patient; and how fast does it arrive?

Plug flow: what enters the line at the top pushes out, at the vein, what entered a line's volume earlier. So the line is
a strip of fluid laid out by volume, not by time: first what it was primed with, then what was poured and flushed in.
Where the strip ends in the vein is told by the volume that has entered. No mixing along the line is assumed, which is
the usual simplification for narrow tubing; the true front is a little blurred.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from stillroom.core.drip.exact import Minutes, exact
from stillroom.core.drip.history import BagHung, History, LineFlushed, in_order
from stillroom.core.drip.pouring import Poured, Track, pour, primed_ml
from stillroom.core.drip.spans import spans_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Where the drug is at `at_min`, exact: in_bag_mg + in_line_mg + reached_patient_mg = held_mg.

    `held_mg` is all the drug of every bag hung so far, `in_bag_mg` what is left in all of them, `bag_volume_ml` what is
    left in the one that hangs. `ordered_mg` is what the rates asked for would have let out by the clock. `drip_ml` is
    what fell through the drip chamber, so not what went to prime the line.
    """

    at_min: Fraction
    held_mg: Fraction
    ordered_mg: Fraction
    in_bag_mg: Fraction
    left_bag_mg: Fraction
    in_line_mg: Fraction
    reached_patient_mg: Fraction
    bag_volume_ml: Fraction
    drip_ml: Fraction


@dataclass(frozen=True, slots=True)
class RateSegment:
    """Drug reaches the vein at this steady rate, mg/min, from one minute to another. Floats, for pharmacology."""

    start_min: float
    end_min: float
    rate_mg_per_min: float


@dataclass(frozen=True, slots=True)
class Plug:
    """A piece of the strip of fluid: from one volume to another, mL, at one strength. Below 0 lies the priming."""

    from_ml: Fraction
    to_ml: Fraction
    mg_per_ml: Fraction


def ledger(history: History, *, at_min: Minutes, track: Track = Track.LIKELY) -> Ledger:
    """The ledger at a time, with all that is known now, also of later times. In doubt counts at its maximum."""
    at = exact(at_min)
    spans = spans_of(history, until_min=at)
    poured = _up_to(at, pour(spans, line=history.line, track=track))
    ordered = _up_to(at, pour(spans, line=history.line, track=Track.ORDERED))
    bags = _bags_hung(history, at)
    strip, entered_ml = _strip(history, poured), _entered_ml(poured)
    at_vein_ml = entered_ml - exact(history.line.volume_ml)
    return Ledger(
        at_min=at,
        held_mg=sum((exact(bag.drug_mg) for bag in bags), Fraction(0)),
        ordered_mg=_ran_mg(ordered),
        in_bag_mg=sum((_left_ml(bag, bags, poured, history) * bag.strength_mg_per_ml for bag in bags), Fraction(0)),
        left_bag_mg=_primed_mg(bags, history) + _ran_mg(poured),
        in_line_mg=_mg_between(strip, at_vein_ml, entered_ml) if bags else Fraction(0),
        reached_patient_mg=_mg_between(strip, -exact(history.line.volume_ml), at_vein_ml),
        bag_volume_ml=_left_ml(bags[-1], bags, poured, history) if bags else Fraction(0),
        drip_ml=_ran_ml(poured),
    )


def stays_in_line_mg(history: History) -> Fraction:
    """What no flush brings in, of those that are known: in the line once the last of them is through, mg."""
    flushes = (each for each in history.happenings if isinstance(each, LineFlushed))
    through_min = [exact(each.t_min) + exact(each.duration_min) for each in flushes]
    at_min = max([*through_min, *(exact(each.t_min) for each in history.happenings)], default=Fraction(0))
    return ledger(history, at_min=at_min).in_line_mg


def brought_in_mg(history: History) -> Fraction:
    """What the flush that was written down last brings out of the line into the patient, mg."""
    flush = next((each for each in reversed(history.happenings) if isinstance(each, LineFlushed)), None)
    without = replace(history, happenings=tuple(each for each in history.happenings if each is not flush))
    return stays_in_line_mg(without) - stays_in_line_mg(history)


def flushed_in_mg(history: History) -> Fraction:
    """What all flushes together bring out of the line into the patient, mg."""
    without = tuple(each for each in history.happenings if not isinstance(each, LineFlushed))
    return stays_in_line_mg(replace(history, happenings=without)) - stays_in_line_mg(history)


def run_ml(history: History, *, at_min: Minutes, track: Track = Track.LIKELY) -> Fraction:
    """What has fallen through the chamber by a time, mL: the ledger's `drip_ml` and nothing else of it."""
    at = exact(at_min)
    return _ran_ml(_up_to(at, pour(spans_of(history, until_min=at), line=history.line, track=track)))


def run_between_ml(history: History, *, at_min: Minutes) -> tuple[Fraction, Fraction, Fraction]:
    """The same at least, likely, at most."""
    at = exact(at_min)
    spans = spans_of(history, until_min=at)

    def ran_ml(track: Track) -> Fraction:
        return _ran_ml(_up_to(at, pour(spans, line=history.line, track=track)))

    return ran_ml(Track.LEAST), ran_ml(Track.LIKELY), ran_ml(Track.MOST)


def reached_patient_mg(history: History, *, at_min: Minutes) -> tuple[Fraction, Fraction, Fraction]:
    """What has reached the patient by a time, mg: at least, likely, at most."""
    at, line_ml = exact(at_min), exact(history.line.volume_ml)
    spans = spans_of(history, until_min=at)

    def reached_mg(track: Track) -> Fraction:
        poured = _up_to(at, pour(spans, line=history.line, track=track))
        return _mg_between(_strip(history, poured), -line_ml, _entered_ml(poured) - line_ml)

    return reached_mg(Track.LEAST), reached_mg(Track.LIKELY), reached_mg(Track.MOST)


def rates_reaching_patient(
    history: History, *, until_min: Minutes, track: Track = Track.LIKELY
) -> tuple[RateSegment, ...]:
    """Drug into the vein up to `until_min`: touching segments in order of time, those without drug left out.

    Beyond the last happening the drip is taken to go on as last known, until its bag is empty. This is the one place
    where exact amounts become floats.
    """
    return tuple(
        RateSegment(float(start_min), float(end_min), float(rate_mg_per_min))
        for start_min, end_min, rate_mg_per_min in arrivals(history, until_min=until_min, track=track)
    )


def arrivals(
    history: History, *, until_min: Minutes, track: Track = Track.LIKELY
) -> tuple[tuple[Fraction, Fraction, Fraction], ...]:
    """As `rates_reaching_patient`, exact: (start_min, end_min, rate_mg_per_min)."""
    until = exact(until_min)
    poured = _up_to(until, pour(spans_of(history, until_min=until), line=history.line, track=track))
    return tuple(_joined(_arriving(poured, _strip(history, poured), exact(history.line.volume_ml))))


def _up_to(at_min: Fraction, poured: tuple[Poured, ...]) -> tuple[Poured, ...]:
    """`spans_of` has a mark at `at_min`, so no span straddles it."""
    return tuple(each for each in poured if each.end_min <= at_min)


def _bags_hung(history: History, at_min: Fraction) -> tuple[BagHung, ...]:
    hung = (each for each in in_order(history) if isinstance(each, BagHung))
    return tuple(bag for bag in hung if exact(bag.t_min) <= at_min)


def _primed_mg(bags: tuple[BagHung, ...], history: History) -> Fraction:
    return primed_ml(bags[0], history.line) * bags[0].strength_mg_per_ml if bags else Fraction(0)


def _left_ml(bag: BagHung, bags: tuple[BagHung, ...], poured: tuple[Poured, ...], history: History) -> Fraction:
    primed = primed_ml(bag, history.line) if bag is bags[0] else Fraction(0)
    return exact(bag.volume_ml) - primed - _ran_ml(tuple(each for each in poured if each.bag is bag))


def _ran_ml(poured: tuple[Poured, ...]) -> Fraction:
    return sum((each.bag_ml_per_min * each.duration_min for each in poured), Fraction(0))


def _ran_mg(poured: tuple[Poured, ...]) -> Fraction:
    return sum((each.bag_mg_per_min * each.duration_min for each in poured), Fraction(0))


def _entered_ml(poured: tuple[Poured, ...]) -> Fraction:
    return sum((_inflow(each) * each.duration_min for each in poured), Fraction(0))


def _inflow(poured: Poured) -> Fraction:
    return poured.bag_ml_per_min + poured.flush_ml_per_min


def _strip(history: History, poured: tuple[Poured, ...]) -> tuple[Plug, ...]:
    """All that ever lay in the line, by the volume at which it entered; the priming lies just below 0."""
    plugs = list(_priming(history))
    entered_ml = Fraction(0)
    for each in poured:
        if _inflow(each) > 0:
            end_ml = entered_ml + _inflow(each) * each.duration_min
            plugs.append(Plug(entered_ml, end_ml, each.bag_mg_per_min / _inflow(each)))
            entered_ml = end_ml
    return tuple(plugs)


def _priming(history: History) -> Iterator[Plug]:
    line_ml = exact(history.line.volume_ml)
    first = next((each for each in in_order(history) if isinstance(each, BagHung)), None)
    if line_ml > 0 and first is not None:
        mg = primed_ml(first, history.line) * first.strength_mg_per_ml
        yield Plug(-line_ml, Fraction(0), mg / line_ml)


def _mg_between(strip: tuple[Plug, ...], from_ml: Fraction, to_ml: Fraction) -> Fraction:
    overlaps = ((max(plug.from_ml, from_ml), min(plug.to_ml, to_ml), plug.mg_per_ml) for plug in strip)
    return sum(((end - start) * mg_per_ml for start, end, mg_per_ml in overlaps if start < end), Fraction(0))


def _arriving(
    poured: tuple[Poured, ...], strip: tuple[Plug, ...], line_ml: Fraction
) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """For each stretch of inflow, the plugs it pushes out at the vein, as (start_min, end_min, rate_mg_per_min)."""
    at_vein_ml, plugs = -line_ml, iter(strip)
    plug = next(plugs, None)
    for each in poured:
        inflow, now_min = _inflow(each), each.start_min
        while inflow > 0 and plug is not None and now_min < each.end_min:
            plug_gone_min = now_min + (plug.to_ml - at_vein_ml) / inflow
            until_min = min(plug_gone_min, each.end_min)
            yield now_min, until_min, inflow * plug.mg_per_ml
            at_vein_ml, now_min = at_vein_ml + (until_min - now_min) * inflow, until_min
            plug = next(plugs, None) if at_vein_ml >= plug.to_ml else plug


def _joined(
    segments: Iterator[tuple[Fraction, Fraction, Fraction]],
) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    """Touching segments of one rate as one; those without drug left out."""
    held: tuple[Fraction, Fraction, Fraction] | None = None
    for start_min, end_min, rate in segments:
        if rate == 0 or start_min == end_min:
            continue
        if held is not None and held[1] == start_min and held[2] == rate:
            held = (held[0], end_min, rate)
            continue
        if held is not None:
            yield held
        held = (start_min, end_min, rate)
    if held is not None:
        yield held
