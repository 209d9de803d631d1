"""GET /health."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from stillroom import __version__
from stillroom.project import health
from tests.chrony import Chronyc
from tests.conftest import Clone, using


@pytest.mark.django_db
def test_health_answers_with_status_and_version_and_nothing_else(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "version": __version__, "degraded": []}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_what_is_degraded_is_named_while_it_still_answers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.DEGRADED_WHEN, "archive", "SELECT true")
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "degraded", "version": __version__, "degraded": ["archive"]}


@pytest.mark.django_db
def test_a_disk_so_full_that_its_reserve_is_gone_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "reserve", lambda: SimpleNamespace(is_given_up=True))
    assert client.get("/health").json()["degraded"] == ["disk"]


@pytest.mark.django_db
def test_a_clock_that_was_set_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "clock_set_by", lambda: timedelta(days=1))
    assert client.get("/health").json()["degraded"] == ["clock"]


@pytest.mark.django_db
@pytest.mark.parametrize(("ahead_s", "named"), [("1.0", []), ("1.001", ["clock"]), ("-6", ["clock"])])
def test_a_clock_more_than_a_second_from_true_time_is_named(
    client: Client, chronyc: Chronyc, ahead_s: str, named: list[str]
) -> None:
    chronyc.ahead_by(ahead_s)
    assert client.get("/health").json()["degraded"] == named


@pytest.mark.django_db
def test_that_nobody_keeps_the_clock_is_not_what_health_is_for(client: Client, chronyc: Chronyc) -> None:
    """It would be degraded for good on every laptop; `stillroom check` and the sheet of a start say it."""
    assert client.get("/health").json()["status"] == "ok"


def test_without_its_database_it_says_so(client: Client, committed_db: Clone) -> None:
    with using("postgresql://stillroom_app@/stillroom?host=/nowhere"):
        answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "degraded", "version": __version__, "degraded": ["database"]}


def test_it_is_only_read(client: Client, committed_db: Clone) -> None:
    assert client.post("/health").status_code == 405
