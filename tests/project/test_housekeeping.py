"""What falls due is done without anybody thinking of it, once, however many processes look."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import DatabaseError, connections
from django.test.utils import override_settings
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.guide.models import Critique, CritiqueWriter
from stillroom.outcomes.models import ReminderChoice
from stillroom.project import housekeeping
from stillroom.project.housekeeping import look, run_housekeeping
from stillroom.project.processes import processes
from tests.cast import Cast, make_cast
from tests.conftest import Clone

EVENING = datetime(2026, 11, 25, 20, 0, tzinfo=UTC)  # 20:00 in Dublin, the cast's clinic
KEPT_TOO_LONG = timedelta(days=181)
STILLROOM = str(Path(sys.executable).with_name("stillroom"))


@pytest.fixture(autouse=True)
def _somewhere_for_links_to_lead() -> Iterator[None]:
    with override_settings(PUBLIC_ADDRESS="https://clinic.example"):
        yield


def what_falls_due(cast: Cast) -> None:
    """Pat asked for a reminder at six in the evening, and somebody wrote about the guide half a year ago."""
    with clinic_scope(cast.clinic.pk):
        ReminderChoice.objects.create(
            clinic=cast.clinic, patient=cast.patient, by="person:x", is_wanted=True, at_hour=18
        )
        critique = Critique.objects.create(
            clinic=cast.clinic, language="en", slug="hour", page_title="The hour", version_number=0, page_digest="x",
            comments="Say more.", received_at=timezone.now() - KEPT_TOO_LONG,
        )  # fmt: skip
        CritiqueWriter.objects.create(clinic=cast.clinic, critique=critique, name="Mara", sameness="x")


def names_kept(cast: Cast) -> int:
    with clinic_scope(cast.clinic.pk):
        return CritiqueWriter.objects.count()


def test_a_reminder_leaves_at_its_hour_and_a_name_goes_after_its_time(cast: Cast) -> None:
    what_falls_due(cast)
    look(at=EVENING.replace(hour=17))
    assert mail.outbox == []
    assert names_kept(cast) == 0
    look(at=EVENING)
    look(at=EVENING + timedelta(minutes=5))
    assert [message.to for message in mail.outbox] == [["pat@clinic.test"]]
    assert "https://clinic.example/journal/" in mail.outbox[0].body


def test_two_servers_that_look_at_once_send_one_letter(committed_db: Clone) -> None:
    what_falls_due(cast := make_cast())
    both = threading.Barrier(2)

    def one_server() -> None:
        both.wait(timeout=20)
        look(at=EVENING)
        connections.close_all()

    with ThreadPoolExecutor(2) as servers:
        for done in [servers.submit(one_server) for _ in range(2)]:
            done.result(timeout=60)
    assert len(mail.outbox) == 1
    assert names_kept(cast) == 0


def test_a_letter_whose_links_would_lead_nowhere_is_not_sent_and_that_is_said(
    committed_db: Clone, caplog: pytest.LogCaptureFixture
) -> None:
    what_falls_due(cast := make_cast())
    with override_settings(PUBLIC_ADDRESS=""):
        run_housekeeping(until=_after_one_look())
    assert mail.outbox == []
    assert "no reminders are sent" in caplog.text
    assert names_kept(cast) == 0


def test_what_goes_wrong_with_one_task_stops_no_other(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def remind(at: datetime) -> None:
        raise DatabaseError("gone")

    what_falls_due(cast)
    monkeypatch.setattr(housekeeping, "TASKS", (remind, housekeeping.forget))
    with caplog.at_level(logging.ERROR):
        look(at=EVENING)
    assert "remind must wait: the database is away" in caplog.text
    assert names_kept(cast) == 0


def test_a_clinic_is_served_with_one_that_begins_last_and_the_demo_with_none() -> None:
    assert processes()[-1].name == "housekeeping"
    with override_settings(DEMO=True):
        assert "housekeeping" not in [each.name for each in processes()]


def test_the_process_keeps_house_until_it_is_asked_to_end(committed_db: Clone) -> None:
    what_falls_due(cast := make_cast())
    process = subprocess.Popen([STILLROOM, "housekeeping"], env={**os.environ, **committed_db.environment})
    try:
        until_s = time.monotonic() + 60
        while names_kept(cast):
            assert time.monotonic() < until_s
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()


def _after_one_look() -> threading.Event:
    class Once(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            self.set()
            return True

    return Once()
