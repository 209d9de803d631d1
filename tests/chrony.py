"""A `chronyc` that says what a test wants: a small program, first on PATH, as the computer's own would be found."""

from __future__ import annotations

from pathlib import Path

import pytest

TRACKING = (
    "C0248F97,192.36.143.151,2,1764318002.115297321,{slow_by_s},-0.000034027,0.000061115,-17.402,-0.001,0.033,"
    "{delay_s},{dispersion_s},1035.6,{leap}"
)
"""`chronyc -c tracking`, laid out as chrony’s client.c prints it. The fifth field is what the clock is behind."""


def tracking(slow_by_s: str, *, delay_s: str = "0.011924", dispersion_s: str = "0.001274", leap: str = "Normal") -> str:
    return TRACKING.format(slow_by_s=slow_by_s, delay_s=delay_s, dispersion_s=dispersion_s, leap=leap)


class Chronyc:
    """Stands in the way of whatever is installed here."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._program = folder / "chronyc"
        patch.setenv("PATH", str(folder))

    def does(self, script: str) -> None:
        """A shell's words, with nothing on its PATH."""
        self._program.write_text(f"#!/bin/sh\n{script}\n")
        self._program.chmod(0o755)

    def says(self, line: str) -> None:
        """To who asks as Stillroom is to ask, and to nobody else."""
        self.does(f'[ "$*" = "-c tracking" ] || exit 2\necho "{line}"')

    def ahead_by(self, seconds: str) -> None:
        """A clock that is ahead has something taken off it, so the sign turns round."""
        self.says(tracking(seconds[1:] if seconds.startswith("-") else f"-{seconds}"))


@pytest.fixture
def chronyc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chronyc:
    """Not there, until it is said what it does."""
    return Chronyc(tmp_path, monkeypatch)
