"""Elapsed is the time in which drug may have been flowing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from stillroom.core.infusion import commands as c
from stillroom.core.infusion.elapsed import running_time
from stillroom.core.infusion.fold import surviving
from tests.examples import Walk, infusing, ready


def ran_min(walk: Walk, *, later_min: float = 0) -> float:
    return running_time(surviving(walk.log), at=walk.at + timedelta(minutes=later_min)) / timedelta(minutes=1)


def test_nothing_has_run_before_a_start() -> None:
    assert ran_min(ready(), later_min=30) == 0


def test_a_start_in_doubt_runs_from_when_it_was_intended() -> None:
    walk = ready()
    walk.ask(c.StartInfusion(), after_min=1)
    assert ran_min(walk, later_min=5) == 5


def test_a_start_that_was_not_done_never_ran() -> None:
    walk = ready()
    (intended,) = walk.ask(c.StartInfusion(), after_min=1)
    walk.ask(c.ReportNotDone(intent_seq=intended.seq))
    assert ran_min(walk, later_min=9) == 0


def test_a_pause_counts_as_running_until_the_clamp_is_said_to_be_closed_and_not_after() -> None:
    walk = infusing()
    walk.ask(c.PauseInfusion(), after_min=10)
    walk.confirm(after_min=2)
    walk.ask(c.ResumeInfusion(), after_min=7)
    walk.confirm(after_min=1)
    assert ran_min(walk, later_min=4) == pytest.approx(1 + 12 + 1 + 4)


def test_it_stands_still_when_the_drip_is_over() -> None:
    walk = infusing()
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    assert ran_min(walk) == ran_min(walk, later_min=60) == 41


def test_a_clock_that_went_back_takes_nothing_away() -> None:
    walk = infusing()
    walk.at -= timedelta(minutes=30)
    assert ran_min(walk) == 0
