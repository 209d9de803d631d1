"""`stillroom wording`: the words of a questionnaire, from a file, for one clinic."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from stillroom.clinics.rows import clinic_scope
from stillroom.core.outcomes.instruments import GAD7
from stillroom.outcomes.wording import worded
from stillroom.project.cli import app
from tests.cast import make_cast
from tests.conftest import Clone
from tests.outcomes.test_wording import form_of, packed


def test_words_are_brought_in_for_the_clinic_that_was_named(
    committed_db: Clone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in committed_db.environment.items():
        monkeypatch.setenv(name, value)
    cast, file = make_cast(), tmp_path / "gad7.json"
    file.write_bytes(packed(form_of(GAD7)))
    unnamed = CliRunner().invoke(app, ["wording", str(file), "--instrument", "gad7"])
    assert unnamed.exit_code == 2
    assert str(cast.clinic.pk) in unnamed.output
    done = CliRunner().invoke(app, ["wording", str(file), "--instrument", "gad7", "--clinic", str(cast.clinic.pk)])
    assert done.exit_code == 0, done.output
    assert "7 questions" in done.output
    with clinic_scope(cast.clinic.pk):
        assert worded(cast.clinic, GAD7) is not None
    score_only = CliRunner().invoke(
        app, ["wording", str(file), "--instrument", "bdi2", "--clinic", str(cast.clinic.pk)]
    )
    assert score_only.exit_code == 2
    assert "only its score" in score_only.output
