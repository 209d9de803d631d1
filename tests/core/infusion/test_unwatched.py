"""How long nobody watched: of which infusion it is told, from when, and that it is told once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.by_log import by_log
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.unwatched import Gap, gap_before, watch_resumed
from tests.examples import WATCH, Walk, infusing, ready, recovering


def resumed(walk: Walk, gap: Gap | None) -> e.WatchResumed | None:
    return watch_resumed(walk.state, by_log(walk.state, surviving(walk.log)), gap)


def before(at: datetime, seconds: float) -> datetime:
    return at - timedelta(seconds=seconds)


@pytest.mark.parametrize(("seconds", "is_told"), [(3, False), (10, False), (11, True)])
def test_longer_than_the_second_watch_may_take_is_told(seconds: int, is_told: bool) -> None:
    walk = infusing()
    walk.at += timedelta(minutes=10)
    found = resumed(walk, gap_before(walk.at, looked_at=before(walk.at, seconds)))
    assert found == (e.WatchResumed(since=before(walk.at, seconds), until=walk.at) if is_told else None)


def test_where_nobody_ever_looked_nothing_is_told() -> None:
    assert gap_before(infusing().at, looked_at=None) is None


def test_it_is_told_of_a_drip_in_use_or_in_doubt_and_of_who_recovers_and_of_nobody_else() -> None:
    doubtful, waiting = ready(), ready()
    doubtful.ask(c.StartInfusion())
    for walk, is_told in ((infusing(), True), (recovering(), True), (doubtful, True), (waiting, False)):
        until = walk.at + timedelta(minutes=2)
        assert (resumed(walk, Gap(before(walk.at, 5), until)) is not None) is is_told


def test_it_begins_with_the_infusion_at_the_earliest() -> None:
    walk = infusing()
    started_at = walk.state.started_at
    assert started_at is not None
    yesterday = started_at - timedelta(days=1)
    assert resumed(walk, Gap(yesterday, started_at + timedelta(seconds=5))) is None
    told = resumed(walk, Gap(yesterday, started_at + timedelta(seconds=30)))
    assert told is not None
    assert told.since == started_at


def test_what_was_told_is_not_told_again_and_what_followed_is() -> None:
    """Whoever told it was gone before it had said that it looked."""
    walk = infusing()
    began, back = walk.at, walk.at + timedelta(seconds=60)
    walk.at = back
    told = resumed(walk, Gap(began, back))
    assert told is not None
    walk.record(told, WATCH)
    assert resumed(walk, Gap(began, back + timedelta(seconds=2))) is None
    later = back + timedelta(seconds=50)
    assert resumed(walk, Gap(began, later)) == e.WatchResumed(since=back, until=later)
