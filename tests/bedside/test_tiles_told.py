"""What a monitor sent is told as soon as it says something new; the same figure again only now and then."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.bedside.fragments import tile_fragments
from stillroom.bedside.told import TOLD_AGAIN_S, ToldRoom
from stillroom.core.vitals import Sample, Signal
from tests.bedside.rooms import EVERY_5_S, seen
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
        assert timedelta(0) <= at - tile.measured_at < timedelta(seconds=min(TOLD_AGAIN_S, tile.good_for_s / 4))
    assert said_s[0] == 3
    assert len(said_s) < 10
