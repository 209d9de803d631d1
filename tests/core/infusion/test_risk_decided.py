"""A concern about suicide: who is named as having decided says so in person, or no door opens (safety note 2.7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.recovery import judge_door
from stillroom.core.infusion.state import Status
from stillroom.core.infusion.upcast import upcast
from tests.core.infusion.test_recovery import ALONE, WITH_JO, cleared, shut_by
from tests.examples import ADA, BEN, DEE, DISPLAY, Walk, an_id

BY_ADA = e.RiskSettled(outcome=e.Risk.DECIDED, decided_by=an_id("ada"))
BY_DEE = replace(BY_ADA, decided_by=an_id("dee"))
NO_CONCERN = e.RiskSettled(outcome=e.Risk.NO_CONCERN)


def said(fact: e.RiskSettled, author: c.Author = BEN) -> Walk:
    """All that both doors ask for, but for the decision."""
    walk = cleared(leave_out="risk_not_settled")
    walk.record(fact, author)
    return walk


def confirm(walk: Walk, author: c.Author) -> None:
    walk.ask(c.ConfirmNaming(named_seq=walk.state.named[-1].seq), author)


@pytest.mark.parametrize("door", [WITH_JO, ALONE])
def test_neither_door_opens_until_whoever_was_named_confirms(door: c.SendHome) -> None:
    walk = said(BY_ADA)
    assert shut_by(walk, door) == {"risk_not_settled"}
    (finding,) = judge_door(walk.state, door, at=walk.at)
    assert finding.facts["waits_for"] == str(an_id("ada"))
    confirm(walk, ADA)
    walk.ask(door, BEN)
    assert walk.state.status is Status.GONE_HOME


def test_nobody_else_confirms_and_no_prescriber_is_needed() -> None:
    walk = said(BY_DEE)
    for author, code in ((BEN, "not_the_one_named"), (ADA, "not_the_one_named"), (DISPLAY, "role_not_allowed")):
        with pytest.raises(Refused, match=code):
            confirm(walk, author)
    confirm(walk, DEE)
    walk.ask(WITH_JO, BEN)


@pytest.mark.parametrize(("fact", "author"), [(BY_ADA, ADA), (BY_DEE, DEE), (NO_CONCERN, BEN)])
def test_who_decided_and_writes_it_down_is_not_asked_again(fact: e.RiskSettled, author: c.Author) -> None:
    walk = said(fact, author)
    assert walk.state.named == ()
    walk.ask(WITH_JO, BEN)


def test_who_has_left_is_waited_for_no_more_once_somebody_else_has_decided() -> None:
    walk = said(BY_ADA)
    walk.record(BY_DEE, BEN)
    assert [each.prescriber for each in walk.state.named] == [an_id("dee")]
    walk.record(BY_DEE, DEE)
    walk.ask(WITH_JO, BEN)


def test_no_concern_does_not_take_the_place_of_a_concern_that_waits() -> None:
    walk = said(BY_ADA)
    with pytest.raises(Refused, match="risk_decision_waits"):
        walk.record(NO_CONCERN, BEN)
    settled = walk.state.named[-1].seq
    walk.ask(c.CorrectEntry(corrects_seq=settled, reason="the wrong box", replacement=NO_CONCERN), BEN)
    walk.ask(WITH_JO, BEN)


def test_another_name_put_right_is_asked_though_the_first_had_confirmed() -> None:
    walk = said(BY_ADA)
    settled = walk.state.named[-1].seq
    confirm(walk, ADA)
    walk.ask(c.CorrectEntry(corrects_seq=settled, reason="it was Dee", replacement=BY_DEE), BEN)
    assert shut_by(walk, WITH_JO) == {"risk_not_settled"}
    confirm(walk, DEE)
    walk.ask(WITH_JO, BEN)


def test_what_an_earlier_release_settled_keeps_its_door() -> None:
    """It asked nobody, so nobody is waited for."""
    stored = {"outcome": "concern_decided_by_named_clinician", "decided_by": str(an_id("ada"))}
    assert upcast("RiskSettled", 1, stored) == stored | {"asks_named": False}
    walk = said(replace(BY_ADA, asks_named=False))
    walk.ask(WITH_JO, BEN)
