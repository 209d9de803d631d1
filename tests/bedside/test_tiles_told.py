"""What a monitor sent is told as soon as it says something new; the same figure again only now and then."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.bedside.fill.tiles import fill_tiles
from stillroom.bedside.fragments import changed_fragments, tile_fragments
from stillroom.bedside.told import TOLD_AGAIN_S, ToldRoom
from stillroom.core.vitals import Sample, Signal
from tests.bedside.rooms import EVERY_5_S, seen, shown
from tests.examples import infusing


def measured(value: str, at: datetime) -> dict[Signal, Sample]:
    return {Signal.SPO2_PERCENT: Sample(Signal.SPO2_PERCENT, Decimal(value), at, at)}


def test_a_new_figure_is_told_at_once_and_the_same_one_before_it_seems_old() -> None:
    walk = infusing()
    told = ToldRoom.of(seen(walk, monitor=EVERY_5_S), "/bedside/1/")
    told.hear(measured("97", walk.at), (), walk.at)
    said_s: list[int] = []
    for second, value in enumerate(["97", "97", "96", "96", "96", "96", "96", "96", "96", "96"], 1):
        before, at = told.room, walk.at + timedelta(seconds=second)
        told.hear(measured(value, at), (), at)
        said_s += [second for each in tile_fragments(told.room, before) if "tile-oxygen" in each]
        [tile] = [tile for tile in told.room.tiles if tile.kind == "oxygen"]
        assert tile.measured_at is not None
        assert tile.figure == f"{value}%"
        assert timedelta(0) <= at - tile.measured_at < timedelta(seconds=min(TOLD_AGAIN_S, tile.good_for_s / 2))
    assert said_s[0] == 3
    assert len(said_s) < 10


def test_a_sign_that_stops_is_said_to_the_second_though_tiles_are_filled_only_when_they_can_change() -> None:
    walk = infusing()
    told = ToldRoom.of(seen(walk, monitor=EVERY_5_S), "/bedside/1/")
    told.hear(measured("97", walk.at), (), walk.at)
    filled = 0
    for second in range(1, 200):
        at = walk.at + timedelta(seconds=second)
        if told.is_old(at):
            told.hear({}, (), at)
            filled += 1
        expected = fill_tiles(seen(walk, at=at, monitor=EVERY_5_S, readings=told.now.readings))
        assert [each.state for each in told.room.tiles] == [each.state for each in expected]
    assert [each.state for each in told.room.tiles if each.kind == "oxygen"] == ["lost"]
    assert filled < 10


def test_what_time_alone_changes_is_filled_as_a_whole_reading_would() -> None:
    walk = infusing()
    told = ToldRoom.of(seen(walk, monitor=EVERY_5_S), "/bedside/1/")
    for minute in range(1, 40):
        at = walk.at + timedelta(minutes=minute)
        told.hear(measured("97", at), (), at)
        told.pass_time(at)
        whole = shown(told.now)
        assert told.room.drip is not None
        assert whole.drip is not None
        assert replace(whole.drip, elapsed_s=0) == replace(told.room.drip, elapsed_s=0)
        for name in ("seems", "alarms", "advice", "slower", "before", "home", "vitals"):
            assert getattr(told.room, name) == getattr(whole, name), name
        assert [(each.code, each.is_late) for each in told.room.next] == [(e.code, e.is_late) for e in whole.next]
        for ours, theirs in zip(told.room.next, whole.next, strict=True):
            assert (ours.at is None) == (theirs.at is None)
            if ours.at and theirs.at:
                assert abs(ours.at - theirs.at) < timedelta(seconds=30)


def test_a_room_in_which_only_the_clock_went_on_is_not_drawn_again() -> None:
    walk = infusing()
    told = ToldRoom.of(seen(walk, monitor=EVERY_5_S), "/bedside/1/")
    told.pass_time(walk.at + timedelta(seconds=15))
    before = told.room
    told.pass_time(walk.at + timedelta(seconds=17))
    assert changed_fragments(told.room, before, told.now.people) == []
