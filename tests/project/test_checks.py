"""Every check finds what it is for, names it by its id, and is silent where all is well."""

from __future__ import annotations

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from django.test import override_settings

from stillroom.project import checks
from stillroom.project.postgres import temporary
from stillroom.project.roles import prepare
from tests.cast import Cast
from tests.chrony import Chronyc
from tests.conftest import Clone, using

GOOD_KEY = "r4nd0m-EnOugh-and-long-enough-to-sign-sessions-with-50"
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024  # as shutil.disk_usage answers


def ids_of(check: object) -> set[str]:
    return {str(message.id) for message in check(None)}  # type: ignore[operator]


REACHABLE = {"HOST": "0.0.0.0", "BEHIND_TLS": True, "SECRET_KEY": GOOD_KEY, "DEBUG": False, "DEMO": False}  # noqa: S104


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, set()),
        ({"SECRET_KEY": "short-but-otherwise-good"}, {"stillroom.E001"}),
        ({"SECRET_KEY": "a" * 60}, {"stillroom.E001"}),
        ({"DEBUG": True}, {"stillroom.E002"}),
        ({"BEHIND_TLS": False}, {"stillroom.E003"}),
        ({"DEMO": True}, {"stillroom.E005"}),
        ({"HOST": "127.0.0.1", "BEHIND_TLS": False, "DEBUG": True, "DEMO": True, "SECRET_KEY": "weak"}, set()),
        ({"HOST": "::1", "BEHIND_TLS": False, "DEMO": True}, set()),
        ({"HOST": "localhost", "BEHIND_TLS": False}, set()),
        ({"HOST": "clinic.example", "BEHIND_TLS": False}, {"stillroom.E003"}),
    ],
)
def test_what_is_safe_on_this_machine_alone_is_refused_elsewhere(changed: dict[str, object], found: set[str]) -> None:
    with override_settings(**{**REACHABLE, **changed}):
        assert ids_of(checks.reachable_settings) == found


@pytest.mark.parametrize(("names", "found"), [(["clinic.example"], set()), (["*"], {"stillroom.E004"})])
def test_any_host_name_is_refused(names: list[str], found: set[str]) -> None:
    with override_settings(ALLOWED_HOSTS=names):
        assert ids_of(checks.names_it_answers_to) == found


def test_a_certificate_and_its_key_are_both_needed_and_both_files(tmp_path: Path) -> None:
    pem = tmp_path / "clinic.pem"
    pem.touch()
    with override_settings(TLS_CERTIFICATE=str(pem), TLS_KEY=str(pem)):
        assert ids_of(checks.certificate_files) == set()
    with override_settings(TLS_CERTIFICATE=str(pem), TLS_KEY=""):
        assert ids_of(checks.certificate_files) == {"stillroom.E006"}
    with override_settings(TLS_CERTIFICATE=str(tmp_path / "absent"), TLS_KEY=str(pem)):
        assert ids_of(checks.certificate_files) == {"stillroom.E006"}


@pytest.mark.parametrize(("free_gib", "found"), [(0.9, {"stillroom.E007"}), (4.9, {"stillroom.W001"}), (5, set())])
def test_a_full_disk_is_said_before_an_infusion_begins(
    free_gib: float, found: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(0, 0, free_gib * checks.GIB))
    assert ids_of(checks.room_on_the_disk) == found


@pytest.mark.parametrize(
    ("ahead_s", "said"),
    [
        ("0.3", []),
        ("-1.0", []),
        ("1.5", ["The clock is 1.500 s ahead of true time."]),
        ("-6", ["The clock is 6.000 s behind true time."]),
        (None, ["Nothing says how far the clock is from true time."]),
    ],
)
def test_a_clock_that_is_not_kept_is_said_and_stops_no_start_of_the_server(
    chronyc: Chronyc, ahead_s: str | None, said: list[str]
) -> None:
    if ahead_s:
        chronyc.ahead_by(ahead_s)
    messages = list(checks.clock_is_kept(None))
    assert [each.msg for each in messages] == said
    assert not any(each.is_serious() for each in messages)


def database_ids() -> set[str]:
    return {str(message.id) for message in checks.database_is_fit(None, databases=["default"])}


def test_a_forgetful_database_is_refused_and_the_application_on_all_tables_is_not(committed_db: Clone) -> None:
    assert database_ids() == {"stillroom.E011"}  # the test session's server is told to forget; nothing else is wrong


def test_the_owner_is_too_powerful_to_serve_as(committed_db: Clone) -> None:
    with using(committed_db.owner_url):
        assert "stillroom.E012" in database_ids()


def test_a_superuser_is_too_powerful_to_serve_as(committed_db: Clone) -> None:
    with using(committed_db.server.url("postgres", committed_db.name)):
        assert "stillroom.E012" in database_ids()


def test_missing_migrations_are_said(committed_db: Clone) -> None:
    with temporary() as empty:
        prepare(empty)
        with using(empty.url("stillroom_app")):
            assert database_ids() == {"stillroom.E013"}


def test_a_database_that_does_not_answer_is_said(committed_db: Clone) -> None:
    with using("postgresql://stillroom_app@/stillroom?host=/nowhere"):
        assert database_ids() == {"stillroom.E010"}


@pytest.mark.parametrize(
    ("name", "named", "found"),
    [
        ("", "", set()),
        ("Network", "x", set()),
        ("Network", "", {"stillroom.E021"}),
        ("x" * 121, "x", {"stillroom.E021"}),
        ("Net\u202ework", "x", {"stillroom.E021"}),
    ],
)
def test_a_directory_has_a_name_and_one_keeper(cast: Cast, name: str, named: str, found: set[str]) -> None:
    with override_settings(DIRECTORY_RUN_BY=name, PUBLIC_CLINIC=named):
        assert ids_of(checks.public_directory) == found


@pytest.mark.parametrize(
    ("system", "count", "found"),
    [
        ("linux", 1, set()),
        ("linux", 16, set()),
        ("linux", 17, {"stillroom.E008"}),
        ("linux", 0, {"stillroom.E008"}),
        ("linux", -1, {"stillroom.E008"}),
        ("darwin", 1, set()),
        ("darwin", 2, {"stillroom.E008"}),
    ],
)
def test_so_many_gateways_can_run_side_by_side(
    monkeypatch: pytest.MonkeyPatch, system: str, count: int, found: set[str]
) -> None:
    monkeypatch.setattr("sys.platform", system)
    with override_settings(HL7_PROCESSES=count):
        assert ids_of(checks.monitors_doors) == found
