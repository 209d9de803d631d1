"""One place at a time for a monitor, one monitor at a time for a room: and readings follow the room."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.core.vitals import Signal, Validity
from stillroom.devices.assignments import assign, assigned_at, devices_in, monitor_in, own_monitors, take_away
from stillroom.devices.gateway import prepare_months
from stillroom.devices.models import Assignment, Counting, LinkState, Monitor, Sample
from stillroom.devices.readings import newest_in, readings_in
from tests.cast import Cast
from tests.devices.premises import make_monitor

AT = timezone.now().replace(microsecond=0)


@pytest.fixture
def opened(cast: Cast) -> Iterator[Cast]:
    """The rows of the clinic, for the length of a test."""
    prepare_months()
    with clinic_scope(cast.clinic.pk):
        yield cast


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def another_room(cast: Cast) -> Room:
    return Room.objects.create(clinic=cast.clinic, name="Room 2")


def say(
    monitor: Monitor,
    value: str,
    at: datetime,
    *,
    signal: Signal = Signal.SPO2_PERCENT,
    received_at: datetime | None = None,
) -> None:
    Sample.objects.create(
        monitor=monitor, clinic=monitor.clinic, signal=signal.value, measured_at=at, received_at=received_at or at,
        value=value, validity=Validity.VALID.value, frame_digest=uuid4().bytes,
    )  # fmt: skip


def test_a_monitor_stands_where_it_was_put(opened: Cast) -> None:
    monitor = make_monitor(opened.clinic)
    put = assign(monitor, opened.room, at=AT, by=opened.tom)
    assert monitor_in(opened.room.pk, AT) == monitor
    assert monitor_in(opened.room.pk, AT - minutes(1)) is None
    assert put.assigned_by == opened.tom


def test_putting_it_where_it_stands_changes_nothing(opened: Cast) -> None:
    monitor = make_monitor(opened.clinic)
    first = assign(monitor, opened.room, at=AT, by=opened.tom)
    assert assign(monitor, opened.room, at=AT + minutes(5), by=opened.ann) == first
    assert Assignment.objects.count() == 1


def test_moving_a_monitor_ends_where_it_stood_and_takes_the_other_away(opened: Cast) -> None:
    first, second, room_2 = make_monitor(opened.clinic), make_monitor(opened.clinic), another_room(opened)
    assign(first, opened.room, at=AT, by=None)
    assign(second, room_2, at=AT, by=None)
    assign(first, room_2, at=AT + minutes(10), by=None)
    later = AT + minutes(11)
    assert {(each.monitor, each.room) for each in assigned_at(later)} == {(first, room_2)}
    assert monitor_in(opened.room.pk, AT + minutes(5)) == first
    assert monitor_in(room_2.pk, AT + minutes(5)) == second


def test_what_stands_in_rooms_is_known_at_once_each_rooms_own_monitor_first(opened: Cast) -> None:
    room_2 = another_room(opened)
    beside = make_monitor(opened.clinic, name="Oximeter", is_beside=True, interval_s=5, goes_first_for=["spo2_percent"])
    own, other = make_monitor(opened.clinic, name="Own"), make_monitor(opened.clinic, name="Other")
    assign(beside, opened.room, at=AT - minutes(5), by=None)
    assign(own, opened.room, at=AT, by=None)
    assign(other, room_2, at=AT, by=None)
    LinkState.objects.create(monitor=beside, clinic=opened.clinic, last_heard_at=AT)
    Counting.objects.create(clinic=opened.clinic, room=opened.room, monitor=beside, signal="resp_per_min")
    first, second = devices_in([opened.room.pk], AT)
    assert (first.id, first.from_at, first.is_beside, first.last_heard_at) == (own.pk, AT, False, None)
    assert (list(first.goes_first_for), list(first.counts_for)) == ([], [])
    assert (second.id, second.name, second.interval_s, second.last_heard_at) == (beside.pk, "Oximeter", 5, AT)
    assert (list(second.goes_first_for), list(second.counts_for)) == (["spo2_percent"], ["resp_per_min"])
    both = devices_in([opened.room.pk, room_2.pk], AT)
    assert {room: each.id for room, each in own_monitors(both).items()} == {opened.room.pk: own.pk, room_2.pk: other.pk}
    assert [each.id for each in devices_in([opened.room.pk], AT - minutes(1))] == [beside.pk]
    assert not devices_in([], AT)
    take_away(beside, at=AT + minutes(3))
    assert [each.id for each in devices_in([opened.room.pk], AT + minutes(3))] == [own.pk]


def test_a_monitor_can_be_taken_away(opened: Cast) -> None:
    monitor = make_monitor(opened.clinic)
    assign(monitor, opened.room, at=AT, by=None)
    take_away(monitor, at=AT + minutes(3))
    assert monitor_in(opened.room.pk, AT + minutes(3)) is None
    assert monitor_in(opened.room.pk, AT + minutes(2)) == monitor


@pytest.mark.parametrize("which", ["monitor", "room"])
def test_the_database_refuses_two_at_a_time(opened: Cast, which: str) -> None:
    monitor, room = make_monitor(opened.clinic), opened.room
    Assignment.objects.create(clinic=opened.clinic, monitor=monitor, room=room, from_at=AT)
    other_monitor = monitor if which == "monitor" else make_monitor(opened.clinic)
    other_room = room if which == "room" else another_room(opened)
    with pytest.raises(IntegrityError, match=f"assignment_one_per_{which}"), transaction.atomic():
        Assignment.objects.create(
            clinic=opened.clinic,
            monitor=other_monitor,
            room=other_room,
            from_at=AT - minutes(9),
            until_at=AT + minutes(9),
        )


def test_a_monitor_of_another_clinic_cannot_stand_here(opened: Cast) -> None:
    theirs = make_monitor(opened.other_clinic)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(clinic=opened.clinic, monitor=theirs, room=opened.room, from_at=AT)


# Readings by room.


def test_readings_follow_the_room_and_not_the_monitor(opened: Cast) -> None:
    monitor, room_2 = make_monitor(opened.clinic), another_room(opened)
    assign(monitor, opened.room, at=AT, by=None)
    assign(monitor, room_2, at=AT + minutes(10), by=None)
    for minute, value in ((-1, "91"), (1, "92"), (11, "93")):
        say(monitor, value, AT + minutes(minute))
    span = {"since": AT - minutes(60), "until": AT + minutes(60)}
    assert [str(sample.value) for sample in readings_in(opened.room.pk, **span)] == ["92"]
    assert [str(sample.value) for sample in readings_in(room_2.pk, **span)] == ["93"]


def test_a_wrong_assignment_corrected_puts_the_readings_where_they_belong(opened: Cast) -> None:
    monitor = make_monitor(opened.clinic)
    put = assign(monitor, opened.room, at=AT + minutes(10), by=None)
    say(monitor, "95", AT + minutes(2))
    span = {"since": AT, "until": AT + minutes(60)}
    assert readings_in(opened.room.pk, **span) == []
    put.from_at = AT
    put.save()
    assert [str(sample.value) for sample in readings_in(opened.room.pk, **span)] == ["95"]


def test_the_newest_of_each_sign_never_comes_from_another_room(opened: Cast) -> None:
    monitor, room_2 = make_monitor(opened.clinic), another_room(opened)
    assign(monitor, opened.room, at=AT, by=None)
    say(monitor, "93", AT + minutes(1))
    say(monitor, "94", AT + minutes(2))
    say(monitor, "120", AT + minutes(1), signal=Signal.SBP_MMHG)
    rooms = [opened.room.pk, room_2.pk]
    newest = newest_in(rooms, AT + minutes(3))[opened.room.pk]
    assert {signal: str(sample.value) for signal, sample in newest.items()} == {
        Signal.SPO2_PERCENT: "94",
        Signal.SBP_MMHG: "120",
    }
    assign(monitor, room_2, at=AT + minutes(4), by=None)
    assert newest_in(rooms, AT + minutes(5)) == {}


def test_where_a_monitor_corrected_a_value_the_last_one_counts(opened: Cast) -> None:
    monitor = make_monitor(opened.clinic)
    assign(monitor, opened.room, at=AT, by=None)
    say(monitor, "79", AT + minutes(1))
    say(monitor, "97", AT + minutes(1), received_at=AT + minutes(2))
    [kept] = readings_in(opened.room.pk, since=AT, until=AT + minutes(9))
    assert str(kept.value) == "97"
    assert str(newest_in([opened.room.pk], AT + minutes(9))[opened.room.pk][Signal.SPO2_PERCENT].value) == "97"


def test_readings_for_drawing_may_be_thinned(opened: Cast) -> None:
    monitor = make_monitor(opened.clinic)
    assign(monitor, opened.room, at=AT, by=None)
    start = AT.replace(second=0) + minutes(1)
    for second in range(60):
        say(monitor, str(40 + second), start + timedelta(seconds=second))
    thinned = readings_in(opened.room.pk, since=start, until=start + minutes(1), every=timedelta(seconds=15))
    assert [str(sample.value) for sample in thinned] == ["54", "69", "84", "99"]
    chosen = readings_in(opened.room.pk, since=start, until=start + minutes(1), signals=[Signal.SBP_MMHG])
    assert chosen == []


def test_nobody_sees_another_clinics_monitors_or_readings(cast: Cast) -> None:
    prepare_months()
    monitor = make_monitor(cast.clinic)
    with clinic_scope(cast.clinic.pk):
        assign(monitor, cast.room, at=AT, by=None)
        say(monitor, "97", AT)
        LinkState.objects.create(monitor=monitor, clinic=cast.clinic)
    with clinic_scope(cast.other_clinic.pk):
        assert newest_in([cast.room.pk], AT + minutes(1)) == {}
        assert readings_in(cast.room.pk, since=AT - minutes(1), until=AT + minutes(1)) == []
        for model in (Monitor, Assignment, Sample, LinkState):
            assert not model.objects.exists()
