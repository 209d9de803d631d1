"""Room on the disk that is kept for a drip that runs, and given up for it when the disk is nearly full (F8).

A file of real blocks lies beside the data and says nothing. While somebody is on a drip and little room is left, it
goes: from then on stop, acts, alarms and readings have that room to themselves, as nothing new is started without it.
When there is room again it is made anew, a piece at each look, so that no look waits for a slow disk.
"""

from __future__ import annotations

import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

log = logging.getLogger(__name__)

FILE = "reserve"
MIB = 1024**2
PIECE_BYTES = 16 * MIB
FLOOR_SHARE = 4
"""A quarter as much must be free beside it. PostgreSQL takes its room 16 MiB at a time and stops where it gets none:
at the usual size that leaves sixteen such pieces between a look that still finds enough and a disk that is full."""


@dataclass(frozen=True, slots=True)
class Reserve:
    """So many bytes in `folder`; none wanted, nothing is kept and nothing is missed."""

    folder: Path
    wanted_bytes: int

    @property
    def path(self) -> Path:
        return self.folder / FILE

    @property
    def is_whole(self) -> bool:
        return self._held_bytes() >= self.wanted_bytes

    @property
    def is_given_up(self) -> bool:
        """It is not there, and there is no room for it; while it is still being made there is."""
        return not self.is_whole and not self._has_room(floors=1)

    def keep(self, *, is_running: bool) -> None:
        """One look: gives it up where it must go, and makes the next piece of it where it can be."""
        if is_running and self._free_bytes() < self._floor_bytes and self.path.exists():
            self.path.unlink(missing_ok=True)
            log.error("THE DISK IS NEARLY FULL: the reserve in %s was given up, so that drips go on.", self.folder)
        elif not self.is_whole and self._has_room(floors=2):
            self._grow()

    @property
    def _floor_bytes(self) -> int:
        return self.wanted_bytes // FLOOR_SHARE

    def _has_room(self, *, floors: int) -> bool:
        """For all of it, and beside it: once the floor to be there, twice to be made, or it would come and go."""
        return self._free_bytes() + self._held_bytes() >= self.wanted_bytes + floors * self._floor_bytes

    def _free_bytes(self) -> int:
        there = next(each for each in (self.folder, *self.folder.parents) if each.exists())
        return shutil.disk_usage(there).free

    def _held_bytes(self) -> int:
        """Blocks that are really there: a file with a hole in it reserves nothing."""
        try:
            found = self.path.stat()
        except OSError:
            return 0
        return min(found.st_size, found.st_blocks * 512)

    def _grow(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            held = self._held_bytes()
            os.posix_fallocate(file, held, min(PIECE_BYTES, self.wanted_bytes - held))
        except OSError as fault:
            log.error("the reserve in %s cannot be made: %s", self.folder, fault)
        finally:
            os.close(file)


def reserve() -> Reserve:
    """The one of this installation."""
    return Reserve(settings.DATA_FOLDER, settings.RESERVE_MIB * MIB)
