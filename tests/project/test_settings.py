"""How settings are read, and what they turn into: a wrong shape is named, TLS closes the cookies."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from stillroom.project.places import Places, places
from stillroom.project.running import lasting_secret_key
from stillroom.project.settings import environment
from stillroom.project.settings.database import settings as database_settings

NAMES = [
    *("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS"),
    *(
        "SECURE_PROXY_SSL_HEADER",
        "ALLOWED_HOSTS",
        "SECRET_KEY",
        "PASSWORD_HASHERS",
        "AUTH_USER_MODEL",
        "USE_TZ",
        "DEBUG",
    ),
]


def settings_with(**changed: str) -> dict[str, Any]:
    """The settings a process of its own would have with this environment."""
    code = f"import json, stillroom.project.settings as s; print(json.dumps({{n: getattr(s, n) for n in {NAMES}}}))"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STILLROOM")}
    done = subprocess.run([sys.executable, "-c", code], env={**kept, **changed}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_without_tls_cookies_work_on_this_machine() -> None:
    found = settings_with()
    assert not found["SESSION_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] == 0
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]


@pytest.mark.parametrize("how", [{"STILLROOM_TLS_CERTIFICATE": "a.pem"}, {"STILLROOM_BEHIND_TLS": "yes"}])
def test_with_tls_cookies_are_closed_to_everything_else(how: dict[str, str]) -> None:
    found = settings_with(**how)
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert found["SECURE_HSTS_SECONDS"] >= 31536000


def test_a_proxys_word_on_tls_is_believed_only_when_told_to() -> None:
    assert settings_with(STILLROOM_TLS_CERTIFICATE="a.pem")["SECURE_PROXY_SSL_HEADER"] is None
    assert settings_with(STILLROOM_BEHIND_TLS="yes")["SECURE_PROXY_SSL_HEADER"] is not None


def test_what_never_changes() -> None:
    found = settings_with()
    assert found["AUTH_USER_MODEL"] == "clinics.Person"
    assert found["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert found["USE_TZ"]
    assert not found["DEBUG"]


def test_each_process_alone_has_a_strong_key_of_its_own(tmp_path: Path) -> None:
    first, second = (settings_with(STILLROOM_DATA=str(tmp_path))["SECRET_KEY"] for _ in range(2))
    assert first != second
    assert len(first) >= 50


def test_a_database_url_is_taken_apart_and_keeps_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:p%40ss@db.clinic.test:5433/still?sslmode=verify-full")
    monkeypatch.setenv("STILLROOM_DATABASE_CONNECTIONS", "7")
    found = database_settings()
    where = {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert where == {"NAME": "still", "USER": "app", "PASSWORD": "p@ss", "HOST": "db.clinic.test", "PORT": "5433"}
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    assert found["OPTIONS"]["pool"]["max_size"] == 7
    assert found["ATOMIC_REQUESTS"] is False


def test_a_command_keeps_no_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLROOM_DATABASE_CONNECTIONS", "0")
    assert "pool" not in database_settings()["OPTIONS"]


@pytest.mark.parametrize(("raw", "found"), [("", 8000), (" 9000 ", 9000)])
def test_a_number_is_read_or_its_default(raw: str, found: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", raw)
    assert environment.number("PORT", 8000) == found


@pytest.mark.parametrize(("raw", "found"), [("", False), ("yes", True), ("No", False), ("1", True), ("TRUE", True)])
def test_a_flag_is_yes_or_no(raw: str, found: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLROOM_DEMO", raw)
    assert environment.flag("STILLROOM_DEMO") is found


def test_a_value_of_the_wrong_shape_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    monkeypatch.setenv("STILLROOM_DEMO", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="PORT is 'eighty'"):
        environment.number("PORT", 8000)
    with pytest.raises(ImproperlyConfigured, match="STILLROOM_DEMO is 'perhaps'"):
        environment.flag("STILLROOM_DEMO")


def test_everything_is_kept_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLROOM_DATA", str(tmp_path / "data"))
    assert places().postgres == tmp_path / "data" / "postgres"
    assert places().archive == tmp_path / "data" / "archive"
    monkeypatch.setenv("STILLROOM_ARCHIVE", str(tmp_path / "elsewhere"))
    assert places().archive == tmp_path / "elsewhere"


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STILLROOM_SECRET_KEY", raising=False)
    where = Places(tmp_path / "data")
    key = lasting_secret_key(where)
    assert len(key) >= 50
    assert lasting_secret_key(where) == key
    assert stat.S_IMODE(where.secret_key.stat().st_mode) == 0o600
    monkeypatch.setenv("STILLROOM_SECRET_KEY", "given")
    assert lasting_secret_key(where) == "given"
