"""Limits at the bedside: a reason always, a prescriber for wider, nobody past the grave level, this infusion only."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.limit_change import BOUNDS
from stillroom.core.infusion.watching import watched_of
from stillroom.core.order import UNSIGNED, WatchLimits
from tests.examples import ADA, BEN, DISPLAY, ORDER, WATCH, Walk, infusing, recovering


def change(walk: Walk, limit: str, value: int, author: c.Author = BEN, **known: object) -> None:
    walk.ask(c.ChangeLimit(limit=limit, value=value, **({"reason": "asthma"} | known)), author)  # type: ignore[arg-type]


def refusal(limit: str, value: int, author: c.Author = BEN, **known: object) -> set[str]:
    with pytest.raises(Refused) as refused:
        change(infusing(), limit, value, author, **known)
    return {finding.code for finding in refused.value.findings}


def test_every_limit_of_an_order_can_be_changed() -> None:
    assert set(BOUNDS) == {field.name for field in fields(WatchLimits)}


def test_a_nurse_draws_a_limit_closer_and_back_to_the_order() -> None:
    """The order says 92 % and over 180 mmHg."""
    walk = infusing()
    change(walk, "spo2_low_percent", 94)
    change(walk, "sbp_high_mmhg", 160)
    assert (walk.state.watch_limits.spo2_low_percent, walk.state.watch_limits.sbp_high_mmhg) == (94, 160)
    change(walk, "spo2_low_percent", 92)
    assert walk.state.watch_limits.spo2_low_percent == 92
    assert walk.state.planned is not None
    assert walk.state.planned.order.watch_limits == ORDER.watch_limits


def test_wider_than_the_order_is_a_prescribers_or_named_and_to_be_confirmed() -> None:
    assert refusal("sbp_high_mmhg", 190) == {"limit_wider_than_ordered", "needs_prescriber_and_reason"}
    walk = infusing()
    change(walk, "sbp_high_mmhg", 190, ADA)
    assert (walk.state.watch_limits.sbp_high_mmhg, walk.state.named) == (190, ())
    named = infusing()
    change(named, "sbp_high_mmhg", 190, prescriber=ADA.person)
    (naming,) = named.state.named
    assert naming.is_limit
    named.ask(c.ConfirmNaming(named_seq=naming.seq), ADA)
    assert named.state.named == ()


def test_closer_than_a_prescriber_left_it_is_a_nurses_though_wider_than_the_order() -> None:
    walk = infusing()
    change(walk, "sbp_high_mmhg", 195, ADA)
    change(walk, "sbp_high_mmhg", 185)
    assert walk.state.watch_limits.sbp_high_mmhg == 185


@pytest.mark.parametrize(
    ("limit", "value", "code"),
    [
        ("sbp_high_mmhg", 201, "limit_beyond_grave"),
        ("spo2_low_percent", 89, "limit_beyond_grave"),
        ("pulse_low_per_min", 39, "limit_beyond_grave"),
        ("sbp_low_mmhg", 180, "limit_past_the_other"),
        ("pulse_high_per_min", 45, "limit_past_the_other"),
        ("spo2_low_percent", 101, "cannot_be_true"),
        ("sbp_high_mmhg", 180, "limit_is_so_already"),
        ("alarms", 1, "no_such_limit"),
    ],
)
def test_not_even_a_prescriber_goes_past_the_bounds(limit: str, value: int, code: str) -> None:
    assert code in refusal(limit, value, ADA)


def test_a_change_without_a_reason_or_by_nobody_is_refused() -> None:
    assert refusal("spo2_low_percent", 94, reason=" ") == {"nothing_written"}
    assert refusal("spo2_low_percent", 94, DISPLAY) == {"role_not_allowed"}
    assert refusal("spo2_low_percent", 94, WATCH) == {"role_not_allowed"}


def test_the_watch_goes_by_the_limit_as_it_was_changed_and_the_next_infusion_by_its_order() -> None:
    walk = infusing()
    change(walk, "spo2_low_percent", 95)
    watched = watched_of(walk.state, surviving(walk.log), {}, None, at=walk.at)
    assert watched is not None
    assert watched.limits.spo2_low_percent == 95
    assert infusing().state.watch_limits == ORDER.watch_limits


@settings(max_examples=40)
@given(limit=st.sampled_from(sorted(BOUNDS)), value=st.integers(-10, 400), author=st.sampled_from([ADA, BEN]))
def test_no_change_ever_takes_a_limit_past_the_grave_level(limit: str, value: int, author: c.Author) -> None:
    walk = infusing()
    try:
        change(walk, limit, value, author)
    except Refused:
        assert walk.state.watch_limits == ORDER.watch_limits
        return
    bound, now = BOUNDS[limit], getattr(walk.state.watch_limits, limit)
    assert now == value
    assert not bound.is_wider(now, getattr(UNSIGNED, bound.grave))
    if author is BEN:
        assert not bound.is_wider(now, getattr(ORDER.watch_limits, limit))


def test_limits_are_changed_in_recovery_too_and_never_struck() -> None:
    walk = recovering()
    change(walk, "spo2_low_percent", 94)
    with pytest.raises(Refused):
        walk.ask(c.CorrectEntry(corrects_seq=walk.state.last_seq, reason="slip"))
    assert isinstance(walk.log[-1].fact, e.LimitChanged)
