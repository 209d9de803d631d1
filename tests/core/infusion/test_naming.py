"""A nurse names a prescriber: recorded at once, confirmed in person, and before the drip the drip waits for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.core.safety import PreflightItem, Reply
from tests.examples import ADA, BEN, DEE, D, Walk, an_id, infusing, ready

OTTO = c.Author(by=f"person:{an_id('otto')}", role="prescriber", person=an_id("otto"))
BY_ADA = c.DeclareReady(reason="a biscuit at seven, two hours ago", prescriber=ADA.person)


def with_a_problem() -> Walk:
    """All that a start needs but for one answer, and not made ready yet."""
    walk = ready()
    del walk.log[-1]
    walk.record(e.PreflightAnswered(item=PreflightItem.FASTING, reply=Reply.PROBLEM, words="a biscuit"))
    return walk


def named() -> Walk:
    walk = with_a_problem()
    walk.ask(BY_ADA, BEN)
    return walk


def naming_of(walk: Walk) -> int:
    return walk.state.named[-1].seq


def test_a_nurse_goes_on_with_a_problem_only_by_naming_a_prescriber_and_a_reason() -> None:
    walk = with_a_problem()
    for command in (c.DeclareReady(), replace(BY_ADA, reason=None), replace(BY_ADA, prescriber=None)):
        with pytest.raises(Refused, match="needs_prescriber_and_reason"):
            walk.ask(command, BEN)
    naming, made_ready = walk.ask(BY_ADA, BEN)
    assert naming.fact == e.PrescriberNamed(prescriber=an_id("ada"), reason="a biscuit at seven, two hours ago")
    assert made_ready.kind == "MadeReady"


def test_what_is_missing_is_not_answered_for_by_a_name() -> None:
    walk = with_a_problem()
    walk.record(e.PreflightAnswered(item=PreflightItem.ALLERGIES, reply=Reply.UNKNOWN))
    with pytest.raises(Refused, match="preflight_unknown"):
        walk.ask(BY_ADA, BEN)


def test_nobody_is_named_where_nothing_had_a_problem() -> None:
    walk = ready()
    del walk.log[-1]
    assert [entry.kind for entry in walk.ask(BY_ADA, BEN)] == ["MadeReady", "NoteAdded"]
    assert not walk.state.named


def test_the_drip_waits_until_the_one_who_was_named_confirms() -> None:
    walk = named()
    for start in (c.StartInfusion(), c.StartInfusion(reason="she said so on the telephone")):
        with pytest.raises(Refused, match="prescriber_has_not_confirmed"):
            walk.ask(start, BEN)
    for author, refusal in ((OTTO, "not_the_one_named"), (DEE, "role_not_allowed")):
        with pytest.raises(Refused, match=refusal):
            walk.ask(c.ConfirmNaming(named_seq=naming_of(walk)), author)
    walk.ask(c.ConfirmNaming(named_seq=naming_of(walk)), ADA)
    assert not walk.state.named
    walk.ask(c.StartInfusion(), BEN)
    walk.confirm()
    assert walk.state.status is Status.INFUSING


def test_another_prescriber_may_start_and_answers_for_it() -> None:
    walk = named()
    with pytest.raises(Refused, match="needs_prescriber_and_reason"):
        walk.ask(c.StartInfusion(), OTTO)
    (intended,) = walk.ask(c.StartInfusion(reason="seen, and I agree"), OTTO)
    assert isinstance(intended.fact, e.StartIntended)
    assert intended.fact.findings == ("prescriber_has_not_confirmed",)


def test_it_is_confirmed_once() -> None:
    walk = named()
    confirm = c.ConfirmNaming(named_seq=naming_of(walk))
    walk.ask(confirm, ADA)
    with pytest.raises(Refused, match="nobody_named"):
        walk.ask(confirm, ADA)


def test_a_faster_rate_goes_on_at_once_and_is_confirmed_afterwards() -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(190), reason="pressure steady", prescriber=ADA.person), BEN)
    walk.confirm()
    assert walk.state.rate_ml_per_h == D(189)
    assert [each.before_start for each in walk.state.named] == [False]
    walk.ask(c.EndInfusion(left_in_bag_ml=D(0)), after_min=30)
    walk.ask(c.ConfirmNaming(named_seq=naming_of(walk)), ADA)
    assert not walk.state.named


def test_a_rate_that_was_not_set_leaves_nothing_to_confirm() -> None:
    walk = infusing()
    (intended,) = walk.ask(c.SetRate(rate_ml_per_h=D(190), reason="steady", prescriber=ADA.person), BEN)
    walk.ask(c.ReportNotDone(intent_seq=intended.seq))
    assert not walk.state.named


def test_a_naming_holds_nothing_slower_up() -> None:
    walk = infusing()
    walk.ask(c.SetRate(rate_ml_per_h=D(190), reason="steady", prescriber=ADA.person), BEN)
    walk.ask(c.SetRate(rate_ml_per_h=D(60)), BEN)
    walk.ask(c.StopInfusion(), BEN)
    walk.confirm()
    assert walk.state.status is Status.STOPPED


@pytest.mark.parametrize("kind", ["PrescriberNamed", "PrescriberConfirmed"])
def test_neither_is_corrected(kind: str) -> None:
    walk = named()
    walk.ask(c.ConfirmNaming(named_seq=naming_of(walk)), ADA)
    entry = next(entry for entry in walk.log if entry.kind == kind)
    with pytest.raises(Refused, match="never_corrected"):
        walk.ask(c.CorrectEntry(corrects_seq=entry.seq, reason="slip"), ADA)
