"""A paused drip runs again only as somebody says: never by itself, nor unasked after a long pause."""

from __future__ import annotations

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion.fold import fold
from tests.examples import ADA, BEN, D, Walk, infusing


def paused() -> Walk:
    walk = infusing()
    walk.ask(c.PauseInfusion(), BEN)
    walk.confirm()
    return walk


def codes(walk: Walk, command: c.Command, author: c.Author = BEN, *, after_min: float = 0) -> list[str]:
    with pytest.raises(Refused) as refused:
        walk.ask(command, author, after_min=after_min)
    return [finding.code for finding in refused.value.findings]


@pytest.mark.parametrize(("minutes", "asks"), [(19, False), (20, False), (20.1, True), (90, True)])
def test_after_a_pause_that_is_too_long_the_rate_is_said_again(minutes: float, asks: bool) -> None:
    """More than 20 minutes, as an order that says nothing of its own has it (SR-26)."""
    walk = paused()
    if asks:
        assert codes(walk, c.ResumeInfusion(), after_min=minutes) == ["say_the_rate_again"]
        walk.ask(c.ResumeInfusion(rate_ml_per_h=walk.state.rate_ml_per_h), BEN)
    else:
        walk.ask(c.ResumeInfusion(), BEN, after_min=minutes)
    assert walk.state.pending[-1].kind == "ResumeIntended"


@pytest.mark.parametrize(("minutes", "asks"), [(20, False), (20.1, True), (40, True)])
def test_after_a_stop_that_was_as_long_the_rate_is_said_again_too(minutes: float, asks: bool) -> None:
    walk = infusing()
    walk.ask(c.StopInfusion(), BEN, after_min=5)
    walk.confirm()
    if asks:
        assert codes(walk, c.ResumeInfusion(), ADA, after_min=minutes) == ["say_the_rate_again"]
        walk.ask(c.ResumeInfusion(rate_ml_per_h=walk.state.rate_ml_per_h), ADA)
    else:
        walk.ask(c.ResumeInfusion(), ADA, after_min=minutes)
    assert walk.state.pending[-1].kind == "ResumeIntended"


def test_a_pause_and_the_stop_after_it_are_one_time_in_which_nothing_ran() -> None:
    walk = paused()
    walk.ask(c.StopInfusion(), BEN, after_min=15)
    walk.confirm()
    assert codes(walk, c.ResumeInfusion(), ADA, after_min=6) == ["say_the_rate_again"]
    walk.ask(c.ResumeInfusion(rate_ml_per_h=walk.state.rate_ml_per_h), ADA)
    walk.confirm()
    walk.ask(c.PauseInfusion(), BEN, after_min=2)
    walk.confirm()
    walk.ask(c.ResumeInfusion(), BEN, after_min=2)
    assert walk.state.pending[-1].kind == "ResumeIntended"


def test_a_drip_that_may_have_run_in_between_is_shut_from_when_it_was_closed_again() -> None:
    walk = paused()
    walk.ask(c.ResumeInfusion(), BEN, after_min=15)
    walk.ask(c.StopInfusion(), BEN, after_min=2)
    walk.confirm()
    walk.ask(c.ResumeInfusion(), ADA, after_min=6)
    assert walk.state.pending[-1].kind == "ResumeIntended"


@pytest.mark.parametrize("until", ["StartIntended", "PauseIntended", "ResumeIntended", "StopIntended", "RateIntended"])
def test_after_a_crash_between_meaning_and_doing_it_is_in_doubt_and_nothing_runs_on_by_itself(until: str) -> None:
    """SR-23: whatever is folded again stands where the log ends, however long nobody came."""
    walk = paused()
    walk.ask(c.ResumeInfusion(), BEN)
    walk.confirm()
    walk.ask(c.SetRate(rate_ml_per_h=D(120)), BEN)
    walk.confirm()
    walk.ask(c.StopInfusion(), BEN)
    end = max(entry.seq for entry in walk.log if entry.kind == until)
    again = fold(walk.log[:end])
    assert again.pending[-1].kind == until
    assert again == fold(walk.log[:end]), "the clock takes no part in it"
