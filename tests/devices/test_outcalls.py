"""Calls to people who have no page open: sent until taken, with nobody's name, and no look at a room waits for them."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState
from stillroom.devices import outcalls
from stillroom.devices.models import OutCall
from stillroom.devices.outcalls import failing_since, forget_calls, send_due
from stillroom.devices.watch import Watching
from stillroom.devices.watch_loop import run_watch
from stillroom.infusions import reading
from stillroom.project import health
from tests.bedside.house import House, elsewhere, planned
from tests.conftest import Clone
from tests.devices.test_gateway import soon
from tests.devices.test_watch import running, send  # noqa: F401

NOWHERE = "http://127.0.0.1:9/"


@contextmanager
def receiver(*, status: int = 204, holds_s: float = 0.0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A loopback address that takes what is posted to it, and how it answers."""
    heard: list[dict[str, Any]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            let_go.wait(holds_s)
            heard.append(json.loads(body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    let_go = threading.Event()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/call?way=pager", heard
    finally:
        let_go.set()
        server.shutdown()
        server.server_close()


def called_out(house: House, database: Clone, *, times: int = 1) -> None:
    """A grave alarm that nobody answers for half a minute, and for another minute after."""
    send(house, database, "85")
    Watching().look()
    for step in range(times):
        at = timezone.now() + timedelta(seconds=31 + 60 * step)
        send(house, database, "85", until=at)
        Watching(now=lambda: at).look()  # noqa: B023


def calls(house: House) -> list[OutCall]:
    with clinic_scope(house.cast.clinic.pk):
        return list(OutCall.objects.order_by("called_at", "step"))


def test_each_step_of_a_call_is_posted_once_and_names_nobody(
    running: House,  # noqa: F811
    committed_db: Clone,
    settings: Any,
) -> None:
    with receiver() as (settings.CALL_URL, heard):
        called_out(running, committed_db, times=2)
        assert [send_due(at=timezone.now() + timedelta(minutes=5)) for _ in range(2)] == [2, 0]
    assert [(each["condition"], each["priority"], each["step"], each["called"]) for each in heard] == [
        ("spo2_grave", "high", 1, "screens"),
        ("spo2_grave", "high", 2, "prescribers"),
    ]
    assert set(heard[0]) == {"id", "room", "priority", "condition", "since", "called_at", "step", "called"}
    cast, said = running.cast, json.dumps(heard)
    assert heard[0]["room"] == cast.room.name
    for secret in (cast.patient.family_name, str(cast.patient.pk), str(cast.ben.pk), str(running.infusion_id)):
        assert secret not in said
    assert len({each["id"] for each in heard}) == 2


@pytest.mark.parametrize("status", [500, 302, None])
def test_what_is_refused_is_sent_again_and_said_to_everybody_until_it_is_taken(
    running: House,  # noqa: F811
    committed_db: Clone,
    settings: Any,
    status: int | None,
) -> None:
    settings.CALL_URL = NOWHERE
    called_out(running, committed_db)
    now = timezone.now() + timedelta(minutes=1)
    if status is None:
        assert send_due(at=now) == 0
    else:
        with receiver(status=status) as (settings.CALL_URL, _):
            assert send_due(at=now) == 0
    (call,) = calls(running)
    assert (call.tries, call.taken_at) == (1, None)
    assert call.fault
    with clinic_scope(running.cast.clinic.pk):
        assert failing_since() == call.called_at
    assert health._degraded() == ["calls"]
    with receiver() as (settings.CALL_URL, heard):
        assert send_due(at=now + timedelta(minutes=1)) == 1
        assert [each["id"] for each in heard] == [str(call.pk)]
    with clinic_scope(running.cast.clinic.pk):
        assert failing_since() is None
        forget_calls(now + timedelta(days=2))
        assert not OutCall.objects.exists()
    assert health._degraded() == []


def test_a_receiver_that_says_nothing_delays_no_look(
    running: House,  # noqa: F811
    committed_db: Clone,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The watch goes on and calls out the next step, while the first is held by the receiver for half a minute."""
    monkeypatch.setattr(outcalls, "TAKEN_WITHIN_S", 60.0)
    with receiver(holds_s=30) as (settings.CALL_URL, heard):
        called_out(running, committed_db)
        until = threading.Event()
        watch = threading.Thread(target=run_watch, kwargs={"until": until})
        watch.start()
        try:
            soon(lambda: bool(calls(running)) and calls(running)[0].due_at > timezone.now(), within_s=20)
            began_s = time.monotonic()
            running.record(e.StreamSeen())
            soon(lambda: "stream_running" in running.state.open_conditions, within_s=20)
            assert time.monotonic() - began_s < 25
            assert heard == []
        finally:
            until.set()
            watch.join(30)


def test_a_call_for_help_is_posted_at_once_once_and_names_nobody(
    running: House,  # noqa: F811
    committed_db: Clone,
    settings: Any,
) -> None:
    """Two watches see it, and one that was begun again."""
    with receiver() as (settings.CALL_URL, heard):
        first, second = Watching(), Watching()
        first.look()
        assert send_due(at=timezone.now()) == 0
        running.record(e.HelpCalled())
        for watch in (first, second, first, Watching()):
            watch.look()
        assert [send_due(at=timezone.now()) for _ in range(2)] == [1, 0]
    (said,) = heard
    since = running.state.help_called_at
    assert since is not None
    assert {name: said[name] for name in ("room", "priority", "condition", "since", "step", "called")} == {
        "room": running.cast.room.name,
        "priority": "high",
        "condition": "help_called",
        "since": since.isoformat(),
        "step": 1,
        "called": "everybody",
    }
    for secret in (running.cast.patient.family_name, str(running.cast.ben.pk), str(running.infusion_id)):
        assert secret not in json.dumps(said)


def test_help_that_is_called_again_is_called_out_again_and_what_is_over_is_not(
    running: House,  # noqa: F811
    committed_db: Clone,
    settings: Any,
) -> None:
    settings.CALL_URL, watch = NOWHERE, Watching()
    running.record(e.HelpCalled())
    watch.look()
    running.record(e.HelpEnded())
    running.record(e.HelpCalled())
    watch.look()
    assert [each.condition for each in calls(running)] == ["help_called", "help_called"]
    running.record(e.HelpEnded())
    running.record(e.HelpCalled())
    running.record(e.HelpEnded())
    watch.look()
    assert len(calls(running)) == 2


def has_left(house: House) -> None:
    house.asked(c.EndInfusion(left_in_bag_ml=Decimal(0)), house.ben)
    house.record(e.TakenToHospital(where="St Anna", line_stays=True, reason="did not wake"))


def test_help_for_who_has_left_is_called_out_too_and_once(
    running: House,  # noqa: F811
    committed_db: Clone,
    settings: Any,
) -> None:
    settings.CALL_URL, watch = NOWHERE, Watching()
    has_left(running)
    watch.look()
    running.record(e.HelpCalled())  # they fell at the door
    for each in (watch, watch, Watching()):
        each.look()
    (call,) = calls(running)
    assert outcalls.said(call)["condition"] == "help_called_has_left", "somebody else may be in that room"
    running.record(e.HelpEnded())
    running.record(e.HelpCalled())
    running.record(e.HelpEnded())
    watch.look()
    assert len(calls(running)) == 1


def test_a_log_that_cannot_be_read_keeps_no_call_of_another_who_has_left(
    running: House,  # noqa: F811
    committed_db: Clone,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whichever of the two is read first."""
    settings.CALL_URL = NOWHERE
    houses = (running, planned(elsewhere(running.cast)).start())
    for house in houses:
        has_left(house)
        house.record(e.HelpCalled())
    for unreadable, other in (houses, houses[::-1]):

        def state_of(infusion_id: UUID, pk: UUID = unreadable.infusion_id) -> InfusionState:
            if infusion_id == pk:
                raise ValueError("no such kind of entry")
            return reading.state_of(infusion_id)

        with clinic_scope(running.cast.clinic.pk):
            OutCall.objects.all().delete()
        monkeypatch.setattr("stillroom.devices.watch.state_of", state_of)
        Watching().look()
        assert [each.room for each in calls(running)] == [other.cast.room.name]
        assert f"the log of infusion {unreadable.infusion_id}, whose patient has left, could not be read" in caplog.text


def test_help_called_days_ago_is_not_called_out_when_a_watch_is_begun(
    running: House,  # noqa: F811
    committed_db: Clone,
    settings: Any,
) -> None:
    settings.CALL_URL = NOWHERE
    running.record(e.HelpCalled())
    Watching(now=lambda: timezone.now() + timedelta(days=2)).look()
    assert "help_called" not in {each.condition for each in calls(running)}


def test_a_rehearsal_calls_nobody_for_help(running: House, committed_db: Clone, settings: Any) -> None:  # noqa: F811
    settings.CALL_URL = NOWHERE
    infusion, now = running.row, timezone.now()
    with clinic_scope(running.cast.clinic.pk):
        infusion.clinic.rehearses_id = infusion.clinic_id
        outcalls.keep_help(infusion, since=now, at=now)
    assert calls(running) == []


def test_without_an_address_nothing_is_kept_to_be_sent(running: House, committed_db: Clone) -> None:  # noqa: F811
    called_out(running, committed_db)
    assert calls(running) == []
    assert any(isinstance(entry.fact, e.AlarmEscalated) for entry in running.log)
