"""Of what was taken out for a drip nothing is lost or made when it is shared out: used, left, in the line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.course import brought_in_mg, reached_patient_mg, stays_in_line_mg
from stillroom.core.drip.exact import exact, shown
from stillroom.core.drip.history import BagHung, FlowSettled, History, LevelRead, LineFlushed
from stillroom.core.drip.line import Gravity, Line, Priming
from stillroom.core.stock import share_out

D = Decimal
AMOUNTS_MG = st.decimals(0, 1000, places=2)
VOLUMES_ML = st.decimals(0, 100, places=1)
VIAL_MG, BAG_MG, BAG_ML, LINE_ML = D(500), D(35), D(100), D(15)


@st.composite
def pages(draw: st.DrawFn) -> list[tuple[Decimal, Decimal]]:
    held = draw(st.lists(st.tuples(AMOUNTS_MG, AMOUNTS_MG), min_size=1, max_size=3))
    return [(bag_mg + vials_mg, vials_mg) for bag_mg, vials_mg in held]


@given(in_hand=pages(), left_in_bag_mg=AMOUNTS_MG, in_line_mg=AMOUNTS_MG)
def test_the_shares_are_all_of_what_was_in_hand(
    in_hand: list[tuple[Decimal, Decimal]], left_in_bag_mg: Decimal, in_line_mg: Decimal
) -> None:
    shares = share_out(in_hand, left_in_bag_mg=left_in_bag_mg, in_line_mg=in_line_mg)
    for (all_mg, in_vials_mg), share in zip(in_hand, shares, strict=True):
        assert share.used_mg + share.left_mg + share.in_line_mg == all_mg
        assert min(share.used_mg, share.in_line_mg) >= 0
        assert share.left_mg >= in_vials_mg
    in_bags_mg = sum(all_mg - in_vials_mg for all_mg, in_vials_mg in in_hand)
    assert sum(share.in_line_mg for share in shares) == max(min(in_line_mg, in_bags_mg - left_in_bag_mg), 0)


@given(left_ml=VOLUMES_ML, flush_ml=VOLUMES_ML, later_ml=VOLUMES_ML, priming=st.sampled_from(Priming))
def test_used_and_left_and_in_the_line_are_a_vial_whatever_was_flushed_and_left(
    left_ml: Decimal, flush_ml: Decimal, later_ml: Decimal, priming: Priming
) -> None:
    """By hand: of a full line of 15 mL a flush takes 0.35 mg with each mL, and a second one what is still there."""
    at_end = drip(left_ml, priming, flush_ml)
    later = replace(at_end, happenings=(*at_end.happenings, flush(70, later_ml)))
    left_in_bag_mg = shown(exact(left_ml) * exact(BAG_MG) / exact(BAG_ML), decimals=2)
    in_line_mg = shown(stays_in_line_mg(at_end), decimals=2)
    (share,) = share_out([(VIAL_MG, VIAL_MG - BAG_MG)], left_in_bag_mg=left_in_bag_mg, in_line_mg=in_line_mg)
    assert share.used_mg + share.left_mg + share.in_line_mg == VIAL_MG
    assert brought_in_mg(later) + stays_in_line_mg(later) == stays_in_line_mg(at_end)
    assert brought_in_mg(later) >= 0
    if flush_ml >= LINE_ML:
        assert in_line_mg == 0
    elif left_ml <= BAG_ML - 2 * LINE_ML:
        assert in_line_mg == shown(exact(LINE_ML - flush_ml) * exact(BAG_MG) / exact(BAG_ML), decimals=2)
        assert abs(exact(share.used_mg) - reached_patient_mg(at_end, at_min=69)[1]) < D("0.02")


@given(entered=st.permutations([(62, D(4)), (65, D(3)), (70, D(6))]), priming=st.sampled_from(Priming))
def test_flushes_that_are_entered_in_another_order_than_their_times_bring_in_each_its_own(
    entered: list[tuple[int, Decimal]], priming: Priming
) -> None:
    """By hand: of a full line of 15 mL, 13 are flushed, each mL of them 0.35 mg, whenever it was and was written."""
    history = drip(D(40), priming, D(0))
    for t_min, volume_ml in entered:
        history = replace(history, happenings=(*history.happenings, flush(t_min, volume_ml)))
        assert brought_in_mg(history) == exact(volume_ml) * exact(BAG_MG) / exact(BAG_ML)
    assert stays_in_line_mg(history) == exact(D(2)) * exact(BAG_MG) / exact(BAG_ML)


@pytest.mark.parametrize(("late", "brought_mg"), [((30, D(4)), D(0)), ((62, D(20)), D("3.15"))])
def test_one_that_is_entered_late_brings_in_what_the_one_after_it_did_not(
    late: tuple[int, Decimal], brought_mg: Decimal
) -> None:
    """By hand: at 70 min 6 mL took 2.1 mg of 5.25. What was flushed at 30 min the bag has filled up again since."""
    known = drip(D(40), Priming.FLUID, D(0))
    known = replace(known, happenings=(*known.happenings, flush(70, D(6))))
    later = replace(known, happenings=(*known.happenings, flush(*late)))
    assert brought_in_mg(later) == exact(brought_mg)
    assert stays_in_line_mg(later) == exact(D("3.15") - brought_mg)


def drip(left_ml: Decimal, priming: Priming, flush_ml: Decimal) -> History:
    """A bag that ran for an hour, was read at its end, and was flushed a minute later."""
    gone_ml = BAG_ML - left_ml - (LINE_ML if priming is Priming.DRUG else 0)
    return History(
        line=Line(volume_ml=LINE_ML, primed_with=priming),
        meter=Gravity(drops_per_ml=20),
        happenings=(
            BagHung(t_min=0, drug_mg=BAG_MG, volume_ml=BAG_ML),
            FlowSettled(t_min=0, rate_ml_per_h=max(gone_ml, D(0))),
            FlowSettled(t_min=60, rate_ml_per_h=D(0)),
            LevelRead(t_min=60, volume_ml=left_ml, tolerance_ml=D(0)),
            flush(61, flush_ml),
        ),
    )


def flush(t_min: int, volume_ml: Decimal) -> LineFlushed:
    return LineFlushed(t_min=t_min, volume_ml=volume_ml, duration_min=D(2))
