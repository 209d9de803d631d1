from __future__ import annotations

from decimal import Decimal

import pytest

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.conflicts import conflicts
from stillroom.core.order import Door
from stillroom.core.safety.priority import Priority
from tests.examples import BEN, DEE, VITALS, WATCH, Walk, infusing, recovering

D = Decimal


@pytest.fixture
def changed() -> tuple[Walk, tuple[e.Logged, ...]]:
    """Dee set the rate to 120 after Ben's screen was drawn."""
    walk = infusing()
    since = (*walk.ask(c.SetRate(rate_ml_per_h=D(120)), DEE), *walk.confirm(DEE))
    return walk, since


def test_a_faster_rate_waits_for_what_a_colleague_did(changed: tuple[Walk, tuple[e.Logged, ...]]) -> None:
    walk, since = changed
    assert conflicts(walk.state, c.SetRate(rate_ml_per_h=D(140)), since, BEN) == since


@pytest.mark.parametrize(
    "command",
    [
        c.StopInfusion(),
        c.PauseInfusion(),
        c.SetRate(rate_ml_per_h=D(120)),
        c.SetRate(rate_ml_per_h=D(60)),
        c.Record(fact=VITALS),
        c.Record(fact=e.NoteAdded(words="sleeps")),
        c.Record(fact=e.HelpCalled()),
        c.Record(fact=e.AlarmAcknowledged(condition="spo2_low")),
    ],
)
def test_stop_slower_notes_and_acknowledgements_never_conflict(
    changed: tuple[Walk, tuple[e.Logged, ...]], command: c.Command
) -> None:
    walk, since = changed
    assert conflicts(walk.state, command, since, BEN) == ()


def test_ones_own_entries_never_conflict(changed: tuple[Walk, tuple[e.Logged, ...]]) -> None:
    walk, since = changed
    assert conflicts(walk.state, c.SetRate(rate_ml_per_h=D(140)), since, DEE) == ()


def test_what_changes_nothing_does_not_matter() -> None:
    walk = infusing()
    since = walk.record(VITALS, DEE)
    assert conflicts(walk.state, c.SetRate(rate_ml_per_h=D(160)), since, BEN) == ()


@pytest.mark.parametrize(
    "seen",
    [
        e.PatientWatched(awake=e.Awake.ALERT),
        VITALS,
        e.HelpCalled(),
        e.AlarmRaised(condition="sbp_high", priority=e.Priority.MEDIUM),
        e.MedicineGiven(name="x", amount=D(1), unit="mg", route="iv", reason="sick", before_start=False),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_what_a_colleague_saw_meanwhile_stops_the_tap_that_lets_a_patient_go(seen: e.Fact) -> None:
    walk = recovering()
    since = walk.record(seen, WATCH if isinstance(seen, e.AlarmRaised) else DEE)
    leaving = c.SendHome(door=Door.WHEN_CLEAR, travels_by="taxi", drives=False)
    lifting = c.OverrideDoor(door=Door.WHEN_CLEAR, conditions=("vomiting",), second=DEE.person, reason="little")
    assert conflicts(walk.state, leaving, since, BEN) == since == conflicts(walk.state, lifting, since, BEN)
    assert conflicts(walk.state, leaving, since, WATCH if isinstance(seen, e.AlarmRaised) else DEE) == ()


def test_a_set_from_the_monitor_stops_no_tap_by_itself() -> None:
    walk = recovering()
    since = walk.record(e.VitalsCharted(source=e.Source.MONITOR, sbp_mmhg=120, dbp_mmhg=70), WATCH)
    assert conflicts(walk.state, c.SendHome(door=Door.WHEN_CLEAR, travels_by="taxi", drives=False), since, BEN) == ()


@pytest.mark.parametrize(
    "silence", [c.Record(fact=e.AlarmAcknowledged(condition="spo2_grave")), c.PauseSound(condition="spo2_grave")]
)
def test_what_silences_an_alarm_is_of_the_occurrence_that_was_shown(silence: c.Command) -> None:
    walk = infusing()
    raised = e.AlarmRaised(condition="spo2_grave", priority=Priority.HIGH, value="88", limit="90")
    walk.record(raised, WATCH)
    shown_at_seq = len(walk.log)
    walk.record(e.AlarmRaised(condition="sbp_high", priority=Priority.MEDIUM), WATCH)
    assert conflicts(walk.state, silence, walk.log[shown_at_seq:], BEN) == (), "of another condition"
    walk.record(e.AlarmCleared(condition="spo2_grave"), WATCH)
    (again,) = walk.record(raised, WATCH)
    assert conflicts(walk.state, silence, walk.log[shown_at_seq:], BEN) == (again,)
    assert conflicts(walk.state, silence, walk.log[again.seq :], BEN) == ()
