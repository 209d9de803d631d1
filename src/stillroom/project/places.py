"""Where Stillroom keeps its things on one machine: one folder, and fixed names inside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

SYSTEM_FOLDER = Path("/var/lib/stillroom")


@dataclass(frozen=True, slots=True)
class Places:
    """The folder of one installation. Nothing else on the machine is written to."""

    folder: Path

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def archive(self) -> Path:
        """Best on another disk: what is here outlives the data."""
        return Path(os.environ.get("STILLROOM_ARCHIVE", "").strip() or self.folder / "archive").absolute()

    @property
    def secret_key(self) -> Path:
        return self.folder / "secret-key"

    def read_secret_key(self) -> str:
        return self.secret_key.read_text().strip() if os.access(self.secret_key, os.R_OK) else ""


def places() -> Places:
    """What STILLROOM_DATA names; else /var/lib/stillroom for root, and the user's own data folder for anyone else."""
    return Places(Path(os.environ.get("STILLROOM_DATA", "").strip() or _usual_folder()).absolute())


def cache() -> Path:
    """For what can be made again at any time."""
    return Path(os.environ.get("XDG_CACHE_HOME", "").strip() or Path.home() / ".cache") / "stillroom"


def _usual_folder() -> Path:
    if os.geteuid() == 0:
        return SYSTEM_FOLDER
    share = os.environ.get("XDG_DATA_HOME", "").strip() or Path.home() / ".local" / "share"
    return Path(share) / "stillroom"
