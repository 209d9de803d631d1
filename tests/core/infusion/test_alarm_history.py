"""The alarms of an infusion in rows: each occurrence with what became of it."""

from __future__ import annotations

from datetime import timedelta

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.alarm_history import alarm_history
from stillroom.core.infusion.fold import surviving
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.priority import Priority
from tests.core.infusion.test_sounding import alarmed, later, pause
from tests.examples import BEN, WATCH


def test_each_occurrence_is_a_row_with_who_answered_and_after_how_long() -> None:
    walk = alarmed()
    began = walk.at
    later(walk, 2).record(e.AlarmShown(condition="spo2_low", can_sound=True), WATCH)
    pause(later(walk, 8), for_s=60)
    later(walk, 20).record(e.SoundResumed(condition="spo2_low"))
    walk.record(e.AlarmEscalated(condition="spo2_low", step=1, called=Called.SCREENS), WATCH)
    later(walk, 15).record(e.AlarmAcknowledged(condition="spo2_low"))
    later(walk, 15).record(e.AlarmCleared(condition="spo2_low"), WATCH)
    alarmed(walk=later(walk, 60))
    first, second = alarm_history(surviving(walk.log))
    assert (first.condition, first.priority, first.value, first.limit) == ("spo2_low", Priority.MEDIUM, "91", "92")
    assert first.shown_at == began + timedelta(seconds=2)
    assert first.answered_after == timedelta(seconds=45)
    assert (first.acknowledged_by, first.cleared_at) == (BEN.by, began + timedelta(seconds=60))
    (paused,) = first.pauses
    assert paused.until_at - paused.from_at == timedelta(seconds=20)
    assert first.calls == ((began + timedelta(seconds=30), Called.SCREENS),)
    assert (second.cleared_at, second.acknowledged_at, second.pauses) == (None, None, ())


def test_a_grave_alarm_shortens_the_pauses_of_the_others_there_too() -> None:
    walk = alarmed()
    pause(walk)
    alarmed("spo2_grave", Priority.HIGH, later(walk, 30))
    (paused,) = alarm_history(surviving(walk.log))[0].pauses
    assert paused.until_at == walk.at


def test_it_says_how_long_an_alarm_took_to_be_written() -> None:
    walk = alarmed()
    walk.ask(c.Record(fact=e.NoteAdded(words="calm")))
    assert [row.written_s for row in alarm_history(surviving(walk.log))] == [0]
