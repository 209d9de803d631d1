"""Gateways side by side at one port: each hears some of the lines, one may die, and what they know is put together."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import override_settings
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.devices.doors import doors
from stillroom.devices.enrolment import enrolment_of
from stillroom.devices.gateway import left_behind, spool_of
from stillroom.devices.links import MAX_REFUSALS, Links
from stillroom.devices.models import LinkState, Monitor, Sample
from stillroom.devices.seen import LinkIs, card_of, cards, together
from stillroom.devices.spool import FILE, Spool
from stillroom.gateways.contract import Answer, Report
from stillroom.gateways.errors import GatewayError
from stillroom.project import processes as processes_module
from stillroom.project.processes import processes
from tests.cast import Cast, make_cast
from tests.conftest import Clone
from tests.devices.premises import arrival, make_monitor, sample
from tests.devices.test_gateway import STILLROOM, gateway, now_message, open_line, said_to, soon

LINES = 16
"""All of them with one of two gateways: once in thirty thousand."""
AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def begun(database: Clone, port: int, number: int) -> tuple[subprocess.Popen[str], int]:
    """One of two gateways, and the port it listens at."""
    process = subprocess.Popen(
        [STILLROOM, "gateway", "--port", str(port), "--number", str(number)],
        env={**os.environ, **database.environment, "STILLROOM_HL7_PROCESSES": "2"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline().rsplit(":", 1)[1])


def ended(process: subprocess.Popen[str], by: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(by)
    process.wait(timeout=20)
    assert process.stdout is not None
    process.stdout.close()


def rows(cast: Cast) -> dict[int, LinkState]:
    with clinic_scope(cast.clinic.pk):
        return {each.gateway: each for each in LinkState.objects.all()}


def stored(cast: Cast) -> int:
    with clinic_scope(cast.clinic.pk):
        return Sample.objects.count()


def test_two_hear_at_one_port_and_when_one_is_killed_the_other_hears_all(committed_db: Clone) -> None:
    ward = make_cast()
    make_monitor(ward.clinic)
    now = timezone.now()
    message = partial(now_message, now)
    with ExitStack() as running:
        one, port = begun(committed_db, free_port(), 1)
        running.callback(ended, one)
        two, same = begun(committed_db, port, 2)
        running.callback(ended, two)
        assert same == port
        lines = [running.enter_context(open_line(port)) for _ in range(LINES)]
        assert [said_to(line, message(f"M{n}")) for n, line in enumerate(lines)] == ["AA"] * LINES
        # The same message by every line, whichever gateway hears it, is stored once.
        assert {said_to(line, message("SAME")) for line in lines} == {"AA"}
        assert stored(ward) == 2 * (LINES + 1)

        def both() -> dict[int, LinkState] | None:
            found = rows(ward)
            return found if sum(each.frames for each in found.values()) == 2 * LINES else None

        found = soon(both)
        assert set(found) == {1, 2}
        assert sum(each.lines for each in found.values()) == LINES
        with clinic_scope(ward.clinic.pk):
            [card] = cards(timezone.now())
        assert card.link is not None
        assert (card.link.lines, card.link.frames, card.state) == (LINES, 2 * LINES, LinkIs.HEARD)

        ended(two, signal.SIGKILL)
        again = [running.enter_context(open_line(port)) for _ in range(LINES)]
        assert [said_to(line, message(f"L{n}")) for n, line in enumerate(again)] == ["AA"] * LINES
        assert stored(ward) == 2 * (2 * LINES + 1)
        # Started again, it knows that nobody is connected to it any more.
        running.callback(ended, begun(committed_db, port, 2)[0])
        soon(lambda: rows(ward)[2].lines == 0)
        assert rows(ward)[2].last_heard_at is not None


def waiting(monitor: Monitor, folder: Path) -> None:
    """One reading that waits on the disk of a gateway."""
    spool = Spool(folder, max_bytes=2**20)
    spool.append([arrival(monitor, [sample(at=timezone.now())])])
    spool.close()


def test_what_waits_of_a_gateway_that_no_longer_runs_is_stored_by_the_first(
    committed_db: Clone, settings: Any, tmp_path: Path
) -> None:
    settings.HL7_SPOOL = tmp_path
    ward = make_cast()
    monitor = make_monitor(ward.clinic)
    with clinic_scope(ward.clinic.pk):
        LinkState.objects.create(monitor=monitor, clinic=ward.clinic, gateway=3, lines=2, last_heard_at=AT)
    waiting(monitor, tmp_path / "3")
    settings.HL7_PROCESSES = 3
    assert left_behind() == []
    settings.HL7_PROCESSES = 2
    with gateway():
        soon(lambda: stored(ward))
        soon(lambda: not (tmp_path / "3" / FILE).exists())
    assert (rows(ward)[3].lines, rows(ward)[3].last_heard_at) == (0, AT)


def test_what_cannot_be_read_of_another_keeps_nobody_from_hearing(
    committed_db: Clone, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings.HL7_SPOOL = tmp_path
    ward = make_cast()
    monitor = make_monitor(ward.clinic)
    (tmp_path / "2" / FILE).mkdir(parents=True)
    waiting(monitor, tmp_path / "3")
    with caplog.at_level(logging.ERROR), gateway() as port, open_line(port) as line:
        assert said_to(line, now_message(timezone.now())) == "AA"
        soon(lambda: stored(ward) == 3)
    assert "what waits of gateway 2 is NOT STORED" in caplog.text


def test_no_two_have_one_number_and_none_has_one_beyond_the_last(committed_db: Clone) -> None:
    first, port = begun(committed_db, free_port(), 1)
    try:
        for number, count, words in ((1, 2, "gateway 1 listens there already"), (3, 2, "3 cannot"), (1, 0, "1 cannot")):
            second = subprocess.run(
                [STILLROOM, "gateway", "--port", str(port), "--number", str(number)],
                env={**os.environ, **committed_db.environment, "STILLROOM_HL7_PROCESSES": str(count)},
                capture_output=True,
                text=True,
                check=False,
                timeout=60,
            )
            assert (second.returncode, words in second.stderr) == (3, True), second.stderr
    finally:
        ended(first)


def test_each_has_a_spool_of_its_own_and_its_part_of_the_room(settings: Any, tmp_path: Path) -> None:
    settings.HL7_SPOOL, settings.HL7_SPOOL_MIB, settings.HL7_PROCESSES = tmp_path, 4, 2
    spools = [spool_of(number) for number in (1, 2)]
    at = [arrival(Monitor(clinic_id=uuid4()), [sample(at=AT)])]
    for spool in spools:
        spool.append(at)
        spool.close()
    assert (tmp_path / FILE).read_bytes() == (tmp_path / "2" / FILE).read_bytes()
    line = len((tmp_path / FILE).read_bytes())
    with closing(spool_of(1)) as first, pytest.raises(GatewayError, match="as much as it may"):
        first.append(at * (2 * 2**20 // line))


@pytest.mark.django_db
def test_who_begins_lets_the_lines_of_the_others_be(cast: Cast, settings: Any) -> None:
    settings.HL7_PROCESSES = 2
    monitor = make_monitor(cast.clinic)
    with clinic_scope(cast.clinic.pk):
        for number in range(4):
            told = {"lines": 1, "frames": 7, "samples": 63, "last_heard_at": AT, "refusals": [refused("%", AT)]}
            LinkState.objects.create(monitor=monitor, clinic=cast.clinic, gateway=number, **told)
    Links(2).begin()
    begun, other = rows(cast)[2], rows(cast)[1]
    assert (begun.frames, begun.samples, begun.refusals, begun.last_heard_at) == (0, 0, [], AT)
    assert (other.frames, other.samples, len(other.refusals)) == (7, 63, 1)
    assert {number: each.lines for number, each in rows(cast).items()} == {0: 1, 1: 1, 2: 0, 3: 1}
    Links(1).begin()
    assert {number: each.lines for number, each in rows(cast).items()} == {0: 1, 1: 0, 2: 0, 3: 0}


@pytest.mark.django_db
def test_each_writes_how_it_hears_a_monitor_and_overwrites_nobody(cast: Cast) -> None:
    monitor = make_monitor(cast.clinic)
    with clinic_scope(cast.clinic.pk):
        enrolment = enrolment_of(monitor)
    for number in (1, 2):
        links = Links(number)
        links.of(enrolment).hear(1, f"10.0.0.{number}", Report(Answer.ACCEPT), AT + timedelta(seconds=number))
        links.take_changes().write_down()
    assert {number: each.peer for number, each in rows(cast).items()} == {1: "10.0.0.1", 2: "10.0.0.2"}


def refused(what: str, at: datetime) -> dict[str, Any]:
    return {"reason": "unit", "sentence": "", "where": "OBX 1", "what": what, "at": at.isoformat(), "times": 1}


def link(gateway: int, **said: Any) -> LinkState:
    return LinkState(**{"monitor_id": None, "clinic_id": None, "gateway": gateway} | said)


def test_what_two_know_of_a_link_is_put_together() -> None:
    """Values by one line, alarms by another: what it measures by is told by who hears the values."""
    values = link(
        1,
        lines=1,
        peer="10.0.0.1",
        last_heard_at=AT,
        last_sample_at=AT,
        observed_interval_s=1.0,
        clock_offset_s=3.0,
        frames=100,
        samples=900,
        refused=1,
        refusals=[refused("first", AT - timedelta(hours=1))],
    )
    later = AT + timedelta(seconds=20)
    alarms = link(
        2,
        lines=1,
        peer="10.0.0.2",
        last_heard_at=later,
        observed_interval_s=400.0,
        frames=3,
        refused=2,
        refusals=[refused(str(n), AT - timedelta(minutes=n)) for n in range(MAX_REFUSALS)],
    )
    for order in ([values, alarms], [alarms, values]):
        found = together(order)
        assert (found.lines, found.frames, found.samples, found.refused) == (2, 103, 900, 3)
        assert (found.last_heard_at, found.last_sample_at) == (later, AT)
        assert (found.peer, found.clock_offset_s) == ("10.0.0.1", 3.0)
        assert [each["what"] for each in found.refusals] == [str(n) for n in range(MAX_REFUSALS)]
        # Of alarms that come now and then nobody takes it for silent; of values that came a while ago, yes.
        assert found.observed_interval_s == 400.0


def test_of_a_monitor_that_two_hear_by_turns_each_hears_half() -> None:
    """As one does that opens a line for each message."""
    links = [link(n, last_heard_at=AT + timedelta(seconds=5 * n), observed_interval_s=10.0) for n in (1, 2)]
    assert together(links).observed_interval_s == 5.0
    gone = link(3, last_heard_at=AT - timedelta(minutes=1), observed_interval_s=1.0)
    assert together([*links, gone]).observed_interval_s == 5.0


def test_what_two_refused_alike_is_said_once() -> None:
    times = [AT, AT + timedelta(seconds=1), AT + timedelta(seconds=2)]
    links = [link(1, refusals=[refused("%", times[2])]), link(2, refusals=[refused("kPa", times[1]), refused("%", AT)])]
    found = together(links).refusals
    assert [(each["what"], each["times"], each["at"]) for each in found] == [
        ("%", 2, times[2].isoformat()),
        ("kPa", 1, times[1].isoformat()),
    ]


@pytest.mark.django_db
def test_messages_a_second_are_those_of_all_and_of_who_is_silent_none(cast: Cast) -> None:
    monitor = make_monitor(cast.clinic)
    with clinic_scope(cast.clinic.pk):
        for number, rate, at in ((1, 2.0, AT), (2, 3.0, AT), (3, 50.0, AT - timedelta(minutes=1))):
            told = {"messages_per_s": rate, "last_heard_at": at}
            LinkState.objects.create(monitor=monitor, clinic=cast.clinic, gateway=number, **told)
        assert card_of(monitor, None, AT + timedelta(seconds=1)).messages_per_s == 5.0


def test_as_many_are_run_as_the_settings_say_and_they_share_their_doors() -> None:
    def gateways() -> list[str]:
        return [each.name for each in processes() if "gateway" in each.name]

    assert (gateways(), [each.is_shared for each in doors()]) == (["gateway"], [False])
    with override_settings(HL7_PROCESSES=3):
        assert (gateways(), [each.is_shared for each in doors()]) == (
            ["gateway 1", "gateway 2", "gateway 3"],
            [True],
        )


def test_where_no_copy_can_be_made_a_fresh_python_is_told_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: asked.append(arguments))
    monkeypatch.setattr(sys, "platform", "darwin")
    for each in processes_module.processes():
        if each.name in ("web", "gateway"):
            each.run()
    called = "from stillroom.project.processes import"
    assert [arguments[2] for arguments in asked] == [f"{called} web; web()", f"{called} gateway; gateway(1,)"]


def test_a_port_that_is_not_shared_is_refused_to_a_second(committed_db: Clone) -> None:
    with gateway() as port:
        command = [STILLROOM, "gateway", "--port", str(port)]
        environment = {**os.environ, **committed_db.environment}
        second = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert second.returncode == 3
    assert "Set STILLROOM_HL7_PORT" in second.stderr
