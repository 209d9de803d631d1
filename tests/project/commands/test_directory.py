"""`stillroom directory`: a copy to a folder, another install's copy, and signed records, by its exit codes."""

from __future__ import annotations

import os
import stat
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.directory.document import written
from stillroom.directory.publishing import today
from stillroom.directory.records import is_public_key, new_key, public_key_of
from tests.conftest import Clone
from tests.directory.listed import a_clinic, a_document
from tests.project.test_serving import PROGRAM


@pytest.fixture
def environment(committed_db: Clone) -> dict[str, str]:
    clinic = Clinic(name="Keeper", time_zone="UTC")
    with clinic_scope(clinic.pk):
        clinic.save()
    return os.environ | committed_db.environment


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, "directory", *words], env=environment, capture_output=True, text=True, timeout=120, check=False
    )


def copy_of_today(day: date) -> str:
    clinic = a_clinic()
    said = tuple(replace(each, stated_on=day, expires_on=day) for each in clinic.statements)
    return written(replace(a_document(replace(clinic, statements=said)), published_at=timezone.now()))


def test_a_copy_is_taken_shown_and_written_to_a_folder(environment: dict[str, str], tmp_path: Path) -> None:
    nothing = run(environment, "export", str(tmp_path / "folder"))
    assert nothing.returncode == 1
    file = tmp_path / "clinics.json"
    file.write_text(copy_of_today(today()))
    done = run(environment, "mirror", str(file))
    assert (done.returncode, done.stdout) == (0, "1 clinics, kept by Test Network.\n"), done.stderr
    done = run(environment, "export", str(tmp_path / "folder"))
    assert done.returncode == 0, done.stderr
    assert "Alder House (invented)" in (tmp_path / "folder" / "index.html").read_text()


def test_what_is_no_copy_is_refused_and_says_why(environment: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "clinics.json"
    file.write_text('{"format": "other"}')
    done = run(environment, "mirror", str(file))
    assert done.returncode == 2
    assert "Not taken. It is not a directory of Stillroom" in done.stderr
    assert run(environment, "mirror", str(tmp_path / "absent")).returncode == 2


def test_a_key_is_closed_to_others_and_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "records.pem"
    done = run(dict(os.environ), "key", str(file))
    assert done.returncode == 0
    assert is_public_key(done.stdout.strip())
    assert public_key_of(file.read_bytes()) == done.stdout.strip()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert run(dict(os.environ), "key", str(file)).returncode == 2


def test_too_few_infusions_are_not_proved(environment: dict[str, str], tmp_path: Path) -> None:
    key = tmp_path / "records.pem"
    key.write_bytes(new_key())
    done = run(environment, "prove", str(key), str(tmp_path / "statement.json"))
    assert done.returncode == 1
    assert "at least 10 are needed" in done.stderr
    assert not (tmp_path / "statement.json").exists()
