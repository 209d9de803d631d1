"""A card of the board is made anew only when something is new for it, and a room never waits for another to be said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from stillroom.bedside.board_reading import AGES_EVERY_S, read_board, said_at
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from tests.bedside.house import planned
from tests.cast import Cast

AT = datetime(2026, 11, 26, 10, 0, 0, 400_000, UTC)


def test_ages_are_said_too_long_never_too_short_and_rooms_take_turns() -> None:
    rooms = [UUID(int=number) for number in range(AGES_EVERY_S)]
    times = [AT + timedelta(seconds=second) for second in range(2 * AGES_EVERY_S)]
    for room in rooms:
        assert all(timedelta(0) <= said_at(at, room) - at < timedelta(seconds=AGES_EVERY_S) for at in times)
    for one, then in pairwise(times):
        assert sum(said_at(one, room) != said_at(then, room) for room in rooms) == 1


def test_an_entry_is_on_the_board_at_once_and_what_is_as_it_was_is_not_made_again(cast: Cast) -> None:
    house = planned(cast).start()
    room_id = cast.room.pk
    at = said_at(datetime.now(UTC), room_id) + timedelta(seconds=2)  # the next two seconds say the same ages
    with clinic_scope(cast.clinic.pk):
        before = next(room for room in read_board(cast.clinic.pk, at=at)[0].rooms if room.id == str(room_id))
        later = read_board(cast.clinic.pk, at=at + timedelta(seconds=2))[0].rooms
    assert next(room for room in later if room.id == str(room_id)) is before
    raised = e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH, value="88", limit="92")
    house.ask(c.Record(fact=raised), c.Author(by="system:watch", role="system"))
    with clinic_scope(cast.clinic.pk):
        now = read_board(cast.clinic.pk, at=at + timedelta(seconds=2))[0].rooms
    alarm = next(room for room in now if room.id == str(room_id)).alarm
    assert alarm is not None
    assert alarm.condition == "spo2_low"
