"""What holds for every drip there could be."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.course import arrivals, ledger, rates_reaching_patient
from stillroom.core.drip.exact import exact, shown_at_most
from stillroom.core.drip.given import given as dose_given
from stillroom.core.drip.history import FlowAsked, FlowSettled, FlowUnchanged, History, LineFlushed
from stillroom.core.drip.pouring import Track
from tests.core.drip.drips import (
    BAG,
    NO_LINE,
    D,
    bags,
    deeds,
    drip,
    flushes,
    histories,
    lines,
    quarter_minutes,
    rates_ml_per_h,
    sights,
    some,
    whole_histories,
)

moments = st.fractions(min_value=-6, max_value=90, max_denominator=60)
tracks = st.sampled_from(list(Track))


@some
@given(whole_histories, moments, tracks)
def test_bag_line_and_patient_hold_exactly_what_was_hung(history: History, at_min: Fraction, track: Track) -> None:
    now = ledger(history, at_min=at_min, track=track)
    assert now.in_bag_mg + now.in_line_mg + now.reached_patient_mg == now.held_mg
    assert now.in_bag_mg + now.left_bag_mg == now.held_mg
    assert min(now.in_bag_mg, now.in_line_mg, now.reached_patient_mg, now.bag_volume_ml) >= 0


@some
@given(whole_histories, st.tuples(moments, moments), tracks)
def test_nothing_flows_back(history: History, moments: tuple[Fraction, Fraction], track: Track) -> None:
    before, after = (ledger(history, at_min=at, track=track) for at in sorted(moments))
    assert before.ordered_mg <= after.ordered_mg
    assert before.left_bag_mg <= after.left_bag_mg
    assert before.reached_patient_mg <= after.reached_patient_mg


@some
@given(whole_histories, moments)
def test_least_likely_and_most_keep_their_order_at_every_moment(history: History, at_min: Fraction) -> None:
    least, likely, most = (
        ledger(history, at_min=at_min, track=track) for track in (Track.LEAST, Track.LIKELY, Track.MOST)
    )
    assert least.left_bag_mg <= likely.left_bag_mg <= most.left_bag_mg
    assert least.reached_patient_mg <= likely.reached_patient_mg <= most.reached_patient_mg


@some
@given(whole_histories, moments, tracks)
def test_what_arrived_adds_up_to_what_reached_the_patient(history: History, until_min: Fraction, track: Track) -> None:
    segments = arrivals(history, until_min=until_min, track=track)
    arrived_mg = sum((end - start) * rate for start, end, rate in segments)
    assert arrived_mg == ledger(history, at_min=until_min, track=track).reached_patient_mg
    assert all(start < end and rate > 0 for start, end, rate in segments)
    assert all(before[1] <= after[0] for before, after in pairwise(segments))


@some
@given(whole_histories, moments)
def test_the_floats_for_pharmacology_are_the_exact_figures_to_their_last_bit(
    history: History, until_min: Fraction
) -> None:
    exactly = arrivals(history, until_min=until_min)
    floats = rates_reaching_patient(history, until_min=until_min)
    assert [(each.start_min, each.end_min, each.rate_mg_per_min) for each in floats] == [
        tuple(float(number) for number in segment) for segment in exactly
    ]


@some
@given(whole_histories, st.fractions(min_value=-600, max_value=600, max_denominator=60), moments)
def test_the_hour_of_the_day_does_not_matter(history: History, shift_min: Fraction, at_min: Fraction) -> None:
    later = replace(
        history,
        happenings=tuple(replace(each, t_min=exact(each.t_min) + shift_min) for each in history.happenings),
    )
    now, then = ledger(history, at_min=at_min), ledger(later, at_min=at_min + shift_min)
    assert replace(then, at_min=at_min) == now


@some
@given(whole_histories, moments)
def test_an_estimate_lies_within_what_was_hung(history: History, at_min: Fraction) -> None:
    estimate = dose_given(history, at_min=at_min)
    assert 0 <= estimate.low_mg <= estimate.likely_mg <= estimate.high_mg
    held_mg = shown_at_most(ledger(history, at_min=at_min).held_mg, decimals=2)
    assert all(each.high_mg <= held_mg for each in (estimate, *estimate.evidence))


@some
@given(histories(flushes), moments)
def test_slower_never_gives_more(history: History, at_min: Fraction) -> None:
    slower = replace(
        history,
        happenings=tuple(
            replace(each, rate_ml_per_h=each.rate_ml_per_h / 2)
            if isinstance(each, FlowAsked | FlowSettled | FlowUnchanged)
            else each
            for each in history.happenings
        ),
    )
    for track in Track:
        fast, slow = (ledger(each, at_min=at_min, track=track) for each in (history, slower))
        assert slow.left_bag_mg <= fast.left_bag_mg
        assert slow.reached_patient_mg <= fast.reached_patient_mg


@some
@given(histories(flushes, bags), quarter_minutes, moments)
def test_closing_the_clamp_never_gives_more(history: History, closed_min: D, at_min: Fraction) -> None:
    """Whatever else is done before or after. (What is denied once it was settled stays counted, so nothing is here.)"""
    undenied = tuple(each for each in history.happenings if not isinstance(each, FlowUnchanged))
    history = replace(history, happenings=undenied)
    closed = replace(history, happenings=(*history.happenings, FlowSettled(t_min=closed_min, rate_ml_per_h=D(0))))
    for track in (Track.LEAST, Track.LIKELY, Track.MOST):
        with_it, without = (ledger(each, at_min=at_min, track=track) for each in (closed, history))
        assert with_it.left_bag_mg <= without.left_bag_mg


@some
@given(st.lists(deeds, max_size=6), rates_ml_per_h, st.integers(1, 40))
def test_a_pause_adds_nothing_but_what_is_in_doubt(before: list[FlowAsked], rate: D, minutes: int) -> None:
    """Asked at 90 and settled `minutes` later: in between it counts as running, from then on nothing leaves the bag."""
    settled = FlowSettled(t_min=81, rate_ml_per_h=rate)
    asked = FlowAsked(t_min=90, rate_ml_per_h=D(0))
    paused = FlowSettled(t_min=90 + minutes, rate_ml_per_h=D(0))
    history = drip(*before, settled, asked, paused)
    at_asking, at_pause, later = (ledger(history, at_min=at) for at in (90, 90 + minutes, 500))
    in_doubt_ml = min(exact(rate) * minutes / 60, at_asking.bag_volume_ml)
    assert at_pause.drip_ml == at_asking.drip_ml + in_doubt_ml
    assert later.drip_ml == at_pause.drip_ml


@some
@given(histories(bags, flushes, sights), rates_ml_per_h, quarter_minutes)
def test_asking_and_not_doing_leaves_no_trace(history: History, rate: D, asked_min: D) -> None:
    asked = FlowAsked(t_min=asked_min, rate_ml_per_h=rate)
    undone = FlowUnchanged(t_min=asked_min, rate_ml_per_h=rate)
    tried = replace(history, happenings=(*history.happenings, asked, undone))
    assert ledger(tried, at_min=85) == ledger(history, at_min=85)


@some
@given(rates_ml_per_h.filter(bool), lines, st.integers(0, 60))
def test_a_line_delays_and_never_adds(rate: D, line: object, at_min: int) -> None:
    history = drip(FlowSettled(t_min=0, rate_ml_per_h=rate))
    through_line = replace(history, line=line)
    straight_mg, delayed_mg = (ledger(each, at_min=at_min).reached_patient_mg for each in (history, through_line))
    assert delayed_mg <= straight_mg


@some
@given(lines, rates_ml_per_h.filter(bool))
def test_a_flush_of_the_whole_line_after_an_empty_bag_brings_all_of_it(line: object, rate: D) -> None:
    emptied_min = 200
    flush = LineFlushed(t_min=emptied_min, volume_ml=D(24), duration_min=D(3))
    history = replace(drip(FlowSettled(t_min=0, rate_ml_per_h=rate), flush), line=line)
    assert ledger(history, at_min=emptied_min + 3).reached_patient_mg == 35


def test_a_flush_in_no_time_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="duration"):
        LineFlushed(t_min=0, volume_ml=D(5), duration_min=D(0))


def test_the_plain_drip_of_these_laws_holds_drug() -> None:
    """So that no law above holds only for an empty bag."""
    assert ledger(drip(line=NO_LINE), at_min=0).held_mg == BAG.drug_mg == 35
