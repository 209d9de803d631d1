"""Where the order asks, a second person asks at the chair who sits there, before the drip starts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from tests.examples import ADA, BEN, DEE, ORDER, PLAN, VITALS, Walk, an_id, ready


def ready_by_ben(*, twice: bool) -> Walk:
    return ready(replace(PLAN, order=replace(ORDER, second_patient_check=twice)))


def codes(walk: Walk, command: c.Command, author: c.Author) -> list[str]:
    with pytest.raises(Refused) as refused:
        walk.ask(command, author)
    return [finding.code for finding in refused.value.findings]


def test_the_start_waits_for_the_second_person_and_for_nobody_where_the_order_does_not_ask() -> None:
    ready_by_ben(twice=False).ask(c.StartInfusion(), BEN)
    walk = ready_by_ben(twice=True)
    assert codes(walk, c.StartInfusion(), BEN) == ["patient_not_checked"]
    assert codes(walk, c.StartInfusion(reason="in a hurry"), ADA) == ["patient_not_checked"], "nor by a prescriber"
    walk.ask(c.CheckPatient(), DEE)
    walk.ask(c.StartInfusion(), BEN)


NOT_ASKED = c.StartInfusion(patient_asked=False)


@pytest.mark.parametrize(("minutes", "asks"), [(15, False), (16, True)])
def test_who_the_patient_is_is_asked_again_where_ready_is_a_while_ago(minutes: float, asks: bool) -> None:
    """As long as vital signs stay good: fifteen minutes in the order of the tests (SR-14)."""
    walk = ready_by_ben(twice=False)
    walk.at += timedelta(minutes=minutes)
    walk.record(VITALS)
    if asks:
        assert codes(walk, NOT_ASKED, BEN) == ["patient_not_asked_for_start"]
    (start,) = walk.ask(replace(NOT_ASKED, patient_asked=asks), BEN)
    assert isinstance(start.fact, e.StartIntended)
    assert start.fact.patient_asked is asks


def test_somebody_else_starts_only_when_they_have_asked_themselves() -> None:
    walk = ready_by_ben(twice=True)
    assert codes(walk, NOT_ASKED, DEE) == ["patient_not_checked", "patient_not_asked_for_start"]
    walk.ask(c.CheckPatient(), DEE)
    assert codes(walk, NOT_ASKED, ADA) == ["patient_not_asked_for_start"]
    walk.ask(NOT_ASKED, DEE)


def test_whoever_made_the_patient_ready_is_not_the_second() -> None:
    assert codes(ready_by_ben(twice=True), c.CheckPatient(), BEN) == ["checker_made_ready"]


def test_an_infusion_put_right_to_another_patient_does_not_start_by_an_order_that_is_not_theirs() -> None:
    walk = ready_by_ben(twice=True)
    walk.ask(c.CheckPatient(), DEE)
    wrong = c.ReassignInfusion(patient=an_id("somebody else"), second_person=an_id("dee"), reason="two of one name")
    walk.ask(wrong, BEN)
    assert codes(walk, c.StartInfusion(), BEN) == ["reassignment_not_agreed", "order_of_another_patient"]
    walk.ask(c.AgreeToReassignment(reassigned_seq=walk.state.last_seq), DEE)
    assert codes(walk, c.StartInfusion(), BEN) == ["order_of_another_patient"]
    assert walk.state.patient_checked_by is None
    assert isinstance(walk.log[-2].fact, e.InfusionReassigned)
