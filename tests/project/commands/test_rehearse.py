"""`stillroom rehearse` sends invented signs to one place only: the demo's own gateway."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.project.test_serving import PROGRAM


def test_anywhere_but_in_the_demo_it_refuses_before_it_asks_for_anything() -> None:
    real = {name: value for name, value in os.environ.items() if name != "STILLROOM_DEMO"}
    real["DATABASE_URL"] = "postgresql://a-real-clinic.test/stillroom"
    done = subprocess.run([*PROGRAM, "rehearse"], env=real, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "This is not the demo" in done.stderr
    assert done.stdout == ""


def test_a_script_that_is_not_understood_is_answered_in_words_before_anything_starts(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("title: x\nminute 3: line kink\nend: minute 9\n")
    called = [*PROGRAM, "rehearse", str(tmp_path / "mine.txt")]
    done = subprocess.run(called, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == "mine.txt, line 2: “line kink” is nothing that can happen. Write it like “the line kinks”.\n"
