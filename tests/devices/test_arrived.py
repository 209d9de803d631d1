"""Whoever draws what monitors send hears at once which of them sent, and nothing of what."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.utils import timezone

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.safety.priority import Priority
from stillroom.devices.arrived import Ears, notices_of
from stillroom.devices.gateway import prepare_months
from tests.bedside.house import planned
from tests.cast import make_cast
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, sample, written

A_NOTICE_HOLDS_BYTES = 8_000


def test_what_was_committed_is_noticed_by_its_monitor_once(committed_db: Clone) -> None:
    prepare_months()
    monitor = make_monitor(make_cast().clinic)
    told: list[bool] = []
    ears = Ears(lambda: told.append(True))
    ears.start(committed_db.url)
    try:
        _soon(lambda: ears.are_open)
        asyncio.run(written(committed_db.url, arrival(monitor, [sample(at=timezone.now())])))
        assert _soon(ears.take) == {monitor.pk}
        assert _soon(lambda: told)
        assert ears.take() == frozenset()
    finally:
        ears.stop()
    assert not ears.are_open


def test_where_somebody_saw_something_is_named_once_and_an_alarm_hastens_whoever_draws(committed_db: Clone) -> None:
    house = planned(make_cast()).start()
    told: list[bool] = []
    ears = Ears(lambda: told.append(True), keeps_seen=True)
    ears.start(committed_db.url)
    try:
        _soon(lambda: ears.are_open)
        house.record(e.ComfortSet(item="lights", choice="dim"))
        assert not ears.hear(within_s=0.3)
        house.record(e.StreamSeen())
        assert ears.hear(within_s=20)
        assert not ears.hear(within_s=0.0, with_seen=False)
        assert ears.take_seen(within_s=20) == {(house.cast.clinic.pk, house.infusion_id)}
        assert ears.take_seen() == frozenset()
        assert len(told) == 1
        raised = c.Record(fact=e.AlarmRaised(condition="stream_running", priority=Priority.HIGH))
        house.ask(raised, c.Author(by="system:watch", role="system"))
        assert _soon(lambda: len(told) == 2)
        assert not ears.hear(within_s=0.0)
    finally:
        ears.stop()


def test_who_only_draws_keeps_nothing_of_what_was_seen(committed_db: Clone) -> None:
    """Nobody would ever take it there."""
    house = planned(make_cast()).start()
    told: list[bool] = []
    ears = Ears(lambda: told.append(True))
    ears.start(committed_db.url)
    try:
        _soon(lambda: ears.are_open)
        house.record(e.StreamSeen())
        assert _soon(lambda: told)
        assert ears.take_seen() == frozenset()
    finally:
        ears.stop()


def test_every_monitor_of_a_large_flush_is_named_once_in_notices_that_fit() -> None:
    monitors = [uuid4() for _ in range(1_000)]
    notices = list(notices_of([*monitors, *monitors]))
    assert max(map(len, notices)) < A_NOTICE_HOLDS_BYTES
    assert sorted(",".join(notices).split(",")) == sorted(monitor.hex for monitor in monitors)


def _soon(look: Callable[[], Any]) -> Any:
    until_s = time.monotonic() + 20
    while not (found := look()):
        assert time.monotonic() < until_s, "it never came"
        time.sleep(0.02)
    return found
