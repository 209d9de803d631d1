"""Help for who has left by the log: a patient falls in the corridor after the door, or before the drip was begun."""

from __future__ import annotations

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from tests.core.infusion.test_recovery import WITH_JO, cleared
from tests.examples import ADA, BEN, DISPLAY, VITALS, Walk, arrived, ready

OXYGEN = e.MedicineGiven(
    name="oxygen", amount=8, unit="L/min", route="inhaled", reason="Help was called", before_start=False
)
HOSPITAL = e.TakenToHospital(where="St Anna", line_stays=False, reason="fell in the corridor")


def gone() -> Walk:
    walk = cleared()
    walk.ask(WITH_JO, BEN)
    return walk


def test_help_is_called_gone_through_and_ended_after_leaving() -> None:
    walk = gone()
    walk.record(e.HelpCalled(), DISPLAY, after_min=2)
    for fact in (e.HelpStepDone(step="compressions"), OXYGEN, VITALS, e.PatientWatched(awake=e.Awake.NOT_ROUSED)):
        walk.record(fact)
    walk.record(e.HelpEnded())
    assert walk.state.help_called_at is None
    assert walk.state.status is Status.GONE_HOME
    assert walk.state.medicines[-1].fact == OXYGEN


@pytest.mark.parametrize("fact", [OXYGEN, VITALS, e.PatientWatched(awake=e.Awake.ALERT), HOSPITAL])
def test_of_who_has_left_nothing_is_written_down_but_while_help_is_called(fact: e.Fact) -> None:
    walk = gone()
    with pytest.raises(Refused, match="not_now"):
        walk.record(fact)


def test_who_fell_after_the_door_is_taken_to_hospital() -> None:
    walk = gone()
    left_at = walk.state.gone_at
    walk.record(e.HelpCalled(), after_min=2)
    walk.record(HOSPITAL, after_min=10)
    assert walk.state.status is Status.TO_HOSPITAL
    assert walk.state.help_called_at is None
    assert walk.state.went_home is not None
    assert left_at is not None
    assert walk.state.gone_at == walk.at > left_at


@pytest.mark.parametrize("make", [arrived, ready])
def test_who_is_ill_before_the_start_is_taken_to_hospital(make: type[Walk]) -> None:
    """As after the medicine against nausea; nothing has run, and nothing has to be ended."""
    walk = make()
    walk.record(HOSPITAL)
    assert walk.state.status is Status.TO_HOSPITAL
    assert walk.state.started_at is None


def test_while_a_start_is_in_doubt_nobody_has_left() -> None:
    walk = ready()
    walk.ask(c.StartInfusion(), ADA)
    with pytest.raises(Refused, match="drip_may_be_running"):
        walk.record(HOSPITAL)
