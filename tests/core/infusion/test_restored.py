"""A log that came back from a backup is in doubt: it counts at its most, and a hand says what is so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.rates import rate_spans
from stillroom.core.infusion.state import Status
from stillroom.core.infusion.watching import ScreensSeen, noticed
from tests.examples import ADA, BEN, DISPLAY, WATCH, D, Walk, arrived, infusing, ready, recovering

MISSING = timedelta(minutes=5)


def restored(walk: Walk) -> Walk:
    """Brought back five minutes after the last entry that was in the backup."""
    to = walk.at
    walk.at += MISSING
    walk.ask(c.NoteRestored(occurred_at=to), WATCH)
    return walk


def paused() -> Walk:
    walk = infusing()
    walk.ask(c.PauseInfusion(), after_min=5)
    walk.confirm()
    return walk


def stopped() -> Walk:
    walk = infusing()
    walk.ask(c.StopInfusion(), after_min=5)
    walk.confirm()
    return walk


@pytest.mark.parametrize("make", [ready, infusing, paused, stopped])
def test_wherever_a_drip_hung_it_may_be_running_as_fast_as_was_meant(make: Callable[[], Walk]) -> None:
    walk = restored(make())
    state = walk.state
    assert state.is_in_doubt
    assert state.may_be_running
    assert state.highest_rate_ml_per_h == D(150)  # 100 mL in 40 minutes, as ordered
    assert state.restored_to == walk.at - MISSING


@pytest.mark.parametrize("make", [arrived, recovering])
def test_where_no_drip_hangs_it_is_in_doubt_and_nothing_runs(make: Callable[[], Walk]) -> None:
    state = restored(make()).state
    assert state.is_in_doubt
    assert not state.may_be_running


def test_what_ran_is_counted_at_its_most_from_the_moment_the_backup_ends() -> None:
    walk = restored(paused())
    spans = rate_spans(surviving(walk.log), until=walk.at)
    assert (spans[-1].start, spans[-1].rate_ml_per_h, spans[-1].is_in_doubt) == (walk.at - MISSING, D(150), True)


def test_the_staff_are_called_to_it_until_it_is_settled() -> None:
    walk = restored(infusing())
    facts = noticed(walk.state, surviving(walk.log), {}, None, at=walk.at, screens=ScreensSeen(shown_at=walk.at))
    assert "doubt_lasts" in {each.condition for each in facts if isinstance(each, e.AlarmRaised)}


@pytest.mark.parametrize(
    "command", [c.StartInfusion(reason="needed"), c.AbandonInfusion(reason="gone"), c.SignChart(meaning="seen")]
)
def test_nothing_begins_and_nothing_is_signed_before_it_is_settled(command: c.Command) -> None:
    with pytest.raises(Refused):
        restored(ready()).ask(command, ADA)


def test_it_cannot_be_confirmed_as_if_somebody_had_meant_it() -> None:
    walk = restored(paused())
    with pytest.raises(Refused):
        walk.confirm(ADA)


@pytest.mark.parametrize("make", [arrived, ready, infusing, paused, stopped, recovering])
def test_somebody_looked_and_it_is_as_it_shows(make: Callable[[], Walk]) -> None:
    walk = make()
    before = walk.state
    restored(walk).ask(c.ReportNotDone(intent_seq=walk.state.pending[-1].seq), BEN)
    after = walk.state
    assert not after.is_in_doubt
    assert (after.status, after.rate_ml_per_h) == (before.status, before.rate_ml_per_h)


@pytest.mark.parametrize("make", [ready, infusing, paused, stopped])
def test_a_closed_clamp_settles_it_whoever_closes_it(make: Callable[[], Walk]) -> None:
    walk = restored(make())
    walk.ask(c.StopInfusion(), DISPLAY)
    walk.confirm(DISPLAY)
    assert walk.state.status is Status.STOPPED
    assert not walk.state.is_in_doubt
    assert walk.state.started_at is not None  # it may have run, and the dose says so


@pytest.mark.parametrize("make", [ready, paused, stopped])
def test_a_drip_that_was_found_running_is_written_down_at_the_rate_found(make: Callable[[], Walk]) -> None:
    walk = restored(make())
    walk.ask(c.SetRate(rate_ml_per_h=D(120)), BEN)
    walk.confirm(BEN)
    assert walk.state.status is Status.INFUSING
    assert walk.state.rate_ml_per_h == D(120)


def test_nobody_but_the_house_itself_says_that_a_log_came_back() -> None:
    walk = infusing()
    for author in (ADA, BEN, DISPLAY):
        with pytest.raises(Refused):
            walk.ask(c.NoteRestored(occurred_at=walk.at), author)
