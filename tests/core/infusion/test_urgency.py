"""What goes first when much happens at once."""

from __future__ import annotations

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.urgency import GRAVE, urgency
from stillroom.core.safety.priority import Priority


def begun(priority: Priority) -> e.Fact:
    return e.AlarmRaised(condition="spo2_low", priority=priority)


def test_alarms_go_by_their_priority_and_help_with_the_gravest() -> None:
    order = [begun(Priority.HIGH), begun(Priority.MEDIUM), begun(Priority.LOW), e.AlarmCleared(condition="spo2_low")]
    ranks = [urgency(fact) for fact in order]
    assert ranks == sorted(set(ranks))
    assert urgency(e.HelpCalled()) == urgency(begun(Priority.HIGH)) == GRAVE


def test_what_people_did_waits_for_no_mild_alarm_and_that_one_was_shown_for_everything() -> None:
    assert urgency(e.NoteAdded(words="calm")) == urgency(begun(Priority.MEDIUM))
    assert urgency(e.AlarmShown(condition="spo2_low", can_sound=True)) > urgency(begun(Priority.LOW))
