"""`stillroom rehearse` sends invented signs to one place only: the demo's own gateway."""

from __future__ import annotations

import os
import subprocess

from tests.project.test_serving import PROGRAM


def test_anywhere_but_in_the_demo_it_refuses_before_it_asks_for_anything() -> None:
    real = {name: value for name, value in os.environ.items() if name != "STILLROOM_DEMO"}
    real["DATABASE_URL"] = "postgresql://a-real-clinic.test/stillroom"
    done = subprocess.run([*PROGRAM, "rehearse"], env=real, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "This is not the demo" in done.stderr
    assert done.stdout == ""
