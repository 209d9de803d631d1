"""A start or a resumption in doubt: what may be asked of it, and what it turns out to have been."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from tests.examples import ADA, BEN, Walk, infusing, ready

D = Decimal


def stopped() -> Walk:
    walk = infusing()
    walk.ask(c.StopInfusion())
    walk.confirm()
    return walk


def paused() -> Walk:
    walk = infusing()
    walk.ask(c.PauseInfusion())
    walk.confirm()
    return walk


@pytest.mark.parametrize("make", [ready, paused, stopped])
def test_a_rate_alone_opens_no_clamp(make: type[Walk]) -> None:
    """Else a drip could be started past every question that a start is asked."""
    with pytest.raises(Refused, match="not_now"):
        make().ask(c.SetRate(rate_ml_per_h=D(90), reason="needed"), ADA)


@pytest.mark.parametrize(("make", "opening"), [(ready, c.StartInfusion()), (paused, c.ResumeInfusion())])
def test_a_slower_rate_for_an_opening_in_doubt_confirms_both(make: type[Walk], opening: c.Command) -> None:
    walk = make()
    walk.ask(opening)
    walk.ask(c.SetRate(rate_ml_per_h=D(90)))
    assert walk.state.highest_rate_ml_per_h == D(150)
    walk.confirm()
    assert (walk.state.status, walk.state.rate_ml_per_h) == (Status.INFUSING, D(90))


def test_an_opening_is_not_denied_while_a_rate_for_it_is_in_doubt() -> None:
    walk = ready()
    (start,) = walk.ask(c.StartInfusion())
    walk.ask(c.SetRate(rate_ml_per_h=D(90)))
    with pytest.raises(Refused, match="newer_intent"):
        walk.ask(c.ReportNotDone(intent_seq=start.seq))
    walk.ask(c.ReportNotDone(intent_seq=walk.state.pending[-1].seq))
    walk.ask(c.ReportNotDone(intent_seq=start.seq))
    assert (walk.state.status, walk.state.is_in_doubt) == (Status.READY, False)


def test_a_start_that_was_not_done_leaves_no_clamp_to_close() -> None:
    walk = ready()
    (start,) = walk.ask(c.StartInfusion())
    walk.ask(c.PauseInfusion())
    walk.ask(c.ReportNotDone(intent_seq=start.seq))
    assert not walk.state.is_in_doubt
    walk.ask(c.StartInfusion())


def test_a_start_in_doubt_that_was_paused_resumes_as_it_was_meant() -> None:
    walk = ready()
    walk.ask(c.StartInfusion())
    walk.ask(c.PauseInfusion(), after_min=1)
    walk.confirm()
    walk.ask(c.ResumeInfusion())
    walk.confirm()
    assert (walk.state.status, walk.state.rate_ml_per_h) == (Status.INFUSING, D(150))


def test_a_pause_is_not_refused_while_a_stopped_drip_may_be_running_again() -> None:
    walk = stopped()
    walk.ask(c.ResumeInfusion(), ADA)
    walk.ask(c.PauseInfusion(), BEN)
    walk.confirm()
    assert walk.state.status is Status.STOPPED, "only a prescriber lets it resume"


def test_a_new_bag_is_hung_anew() -> None:
    walk = ready()
    planned = walk.state.planned
    assert planned is not None
    walk.ask(c.MakeBag(bag=planned.bag), ADA)
    walk.ask(c.CheckBag(), BEN)
    with pytest.raises(Refused, match="bag_not_hung"):
        walk.ask(c.StartInfusion())


@pytest.mark.parametrize("what", ["make", "hang"])
def test_no_bag_is_changed_while_it_is_in_doubt_whether_it_runs(what: str) -> None:
    walk = ready()
    state = walk.state
    assert state.planned is not None
    assert state.hung is not None
    walk.ask(c.StartInfusion())
    command = (
        c.MakeBag(bag=state.planned.bag) if what == "make" else c.Record(fact=e.BagHung(line=state.hung.fact.line))
    )
    with pytest.raises(Refused, match="already_in_doubt"):
        walk.ask(command)
