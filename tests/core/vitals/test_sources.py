"""Two devices for one sign: which counts. Laws of the rule, and the cases it is there for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.vitals import Lifetime, Sample, Signal, Validity, lifetime_of
from stillroom.core.vitals.sources import BACK_AFTER, TOGETHER, Measuring, Why, which_counts

AT = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)
MONITOR, OXIMETER = UUID(int=1), UUID(int=2)
LIFETIME = lifetime_of(Signal.SPO2_PERCENT, interval_s=1, cuff_interval_s=600)  # fresh for 4 s


def sent(*ages_s: float, validity: Validity = Validity.VALID, signal: Signal = Signal.SPO2_PERCENT) -> list[Sample]:
    """Readings so many seconds old, the oldest first."""
    times = [AT - timedelta(seconds=age_s) for age_s in sorted(ages_s, reverse=True)]
    return [Sample(signal, Decimal(97), at, at, validity) for at in times]


def measuring(pk: UUID, readings: Sequence[Sample], lifetime: Lifetime = LIFETIME) -> Measuring:
    return Measuring(pk, readings, lifetime)


WELL = sent(*range(120))
SINCE_10_S = sent(*range(10))
SILENT = sent(*range(30, 120))
SAYS_INVALID = [*sent(*range(1, 120)), *sent(0, validity=Validity.INVALID)]


@pytest.mark.parametrize(
    ("monitor", "oximeter", "counting", "then", "why"),
    [
        (WELL, WELL, MONITOR, MONITOR, None),
        (SILENT, WELL, MONITOR, OXIMETER, Why.SILENT),
        (SAYS_INVALID, WELL, MONITOR, OXIMETER, Why.INVALID),
        ((), WELL, MONITOR, OXIMETER, Why.SILENT),
        (SILENT, SILENT, MONITOR, MONITOR, None),
        (SAYS_INVALID, SILENT, OXIMETER, OXIMETER, None),
        # Back to what goes first: not at once, but after a minute without a break.
        (SINCE_10_S, WELL, OXIMETER, OXIMETER, None),
        (WELL, WELL, OXIMETER, MONITOR, Why.GOES_BEFORE),
        # Nothing better is at hand: the first that measures at all.
        (SINCE_10_S, SILENT, OXIMETER, MONITOR, Why.SILENT),
        ([*sent(*range(70, 120)), *sent(*range(50))], WELL, OXIMETER, OXIMETER, None),
    ],
)
def test_which_counts(
    monitor: Sequence[Sample], oximeter: Sequence[Sample], counting: UUID, then: UUID, why: Why | None
) -> None:
    choice = which_counts([measuring(MONITOR, monitor), measuring(OXIMETER, oximeter)], counting, AT)
    assert (choice.id, choice.why) == (then, why)


def test_one_that_left_the_room_counts_no_more() -> None:
    assert which_counts([measuring(MONITOR, WELL)], OXIMETER, AT).id == MONITOR


def test_every_sign_is_chosen_once_and_a_pressure_whole() -> None:
    assert sorted(each for group in TOGETHER for each in group) == sorted(Signal)
    assert {Signal.SBP_MMHG, Signal.DBP_MMHG, Signal.MBP_MMHG} <= set(TOGETHER[-1])


@st.composite
def streams(draw: st.DrawFn) -> list[Sample]:
    """What one device sent in two minutes: any seconds, any validity."""
    ages = draw(st.sets(st.integers(0, 120), max_size=60))
    said = [draw(st.sampled_from(list(Validity))) for _ in ages]
    pairs = sorted(zip(ages, said, strict=True), reverse=True)
    return [Sample(Signal.SPO2_PERCENT, Decimal(97), AT - timedelta(seconds=a), AT, v) for a, v in pairs]


@given(one=streams(), other=streams(), counting=st.sampled_from([MONITOR, OXIMETER]))
def test_what_was_chosen_stays_chosen_and_gives_way_only_to_one_that_measures(
    one: list[Sample], other: list[Sample], counting: UUID
) -> None:
    order = [measuring(MONITOR, one), measuring(OXIMETER, other)]
    choice = which_counts(order, counting, AT)
    again = which_counts(order, choice.id, AT)
    assert (again.id, again.why) == (choice.id, None)
    if choice.why is not None:
        newest = next(each for each in order if each.id == choice.id).readings[-1]
        assert newest.validity is not Validity.INVALID
        assert (AT - newest.measured_at).total_seconds() <= LIFETIME.fresh_s


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=60, max_size=150))
def test_a_loose_probe_does_not_make_it_jump(sends: list[tuple[bool, bool]]) -> None:
    """Second by second, whether each sends: between two changes back to the first a minute passes at least."""
    seen: dict[UUID, list[Sample]] = {MONITOR: [], OXIMETER: []}
    counting, back_s = MONITOR, []
    for second, sending in enumerate(sends):
        at = AT + timedelta(seconds=second)
        for pk, is_sending in zip(seen, sending, strict=True):
            if is_sending:
                seen[pk].append(Sample(Signal.SPO2_PERCENT, Decimal(97), at, at))
        choice = which_counts([measuring(pk, list(seen[pk])) for pk in seen], counting, at)
        counting = choice.id
        if choice.why is Why.GOES_BEFORE:
            back_s.append(second)
    assert all(later - earlier >= BACK_AFTER.total_seconds() for earlier, later in pairwise(back_s))
