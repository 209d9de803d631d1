"""A disk that forgets in a power cut what was not synced, and that fails when told to: what disk.c does, from Python.

It stands below one folder. Whoever runs with `environment` writes to it as ever; beside the folder grows an image of
what is durable. `cut_power` ends them and puts the image in the folder's place, as the machine finds it afterwards.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stillroom.project.server_account import account, private_folder

SOURCE = Path(__file__).with_name("disk.c")
PREFIX = "stillroom-disk-"
MEMORY, ROOM_BYTES = Path("/dev/shm"), 1024**3
COMPILERS = ("cc", "gcc", "clang")
WORD = "The tests of a disk that fails need Linux and a C compiler (Debian: apt-get install gcc libc6-dev)."


class Disk:
    """All that is below `root` now is durable."""

    def __init__(self, root: Path, library: Path) -> None:
        self.root, self._library = root.resolve(), library
        self._image = self.root.with_name(f".{self.root.name}-durable")
        self._begin()

    @property
    def environment(self) -> dict[str, str]:
        """Of a program whose writes go to this disk."""
        return {"LD_PRELOAD": str(self._library), "DISK_ROOT": str(self.root), "DISK_IMAGE": str(self._image)}

    def lie(self) -> None:
        """From now on a sync is said to be done, and nothing is."""
        self._tell("lies")

    def fill(self, *patterns: str) -> None:
        """From now on nothing more can be written to such paths."""
        self._tell("full", *patterns)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Each sync fails."""
        told = self._tell("fails")
        try:
            yield
        finally:
            told.unlink()

    def cut_power(self, end: Callable[[], None]) -> None:
        """`end` kills whoever writes here, and is back when all are dead. Nothing becomes durable from before it on."""
        number = self.root.stat().st_ino
        found = self.root.with_name(f".{self.root.name}-found")
        with (self._image / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            end()
            self._restore(number, found)
        shutil.rmtree(self.root)
        found.rename(self.root)
        shutil.rmtree(self._image)
        self._begin()

    def _tell(self, name: str, *lines: str) -> Path:
        told = self._image / name
        told.write_text("".join(f"{line}\n" for line in lines))
        _give(told)
        return told

    def _begin(self) -> None:
        self._image.mkdir(mode=0o700)
        _give(self._image)
        _give(self._image / "lock")
        self._keep(self.root)

    def _keep(self, folder: Path) -> None:
        lines = []
        for entry in os.scandir(folder):
            is_folder, number = entry.is_dir(follow_symlinks=False), entry.inode()
            lines.append(f"{'d' if is_folder else 'f'} {number} {entry.name}\n")
            if is_folder:
                self._keep(Path(entry.path))
            else:
                _give(shutil.copyfile(entry.path, self._image / f"f{number}"))
                os.link(entry.path, self._image / f"held{number}")
        listed = self._image / f"d{folder.stat().st_ino}"
        listed.write_text("".join(lines))
        _give(listed)

    def _restore(self, number: int, folder: Path) -> None:
        """What is named but was never synced itself is there, and empty."""
        folder.mkdir(mode=0o700)
        listed = self._image / f"d{number}"
        for line in listed.read_text().splitlines() if listed.exists() else ():
            kind, its_number, name = line.split(" ", 2)
            kept = self._image / f"f{its_number}"
            if kind == "d":
                self._restore(int(its_number), folder / name)
            elif kept.exists():
                kept.rename(folder / name)
            else:
                _give(folder / name)
        _give(folder)


def _give(path: Path) -> None:
    """To the account that PostgreSQL runs as, which may be another than ours."""
    if not path.exists():
        path.touch(0o600)
    os.chown(path, account().uid, account().gid)


@contextmanager
def a_disk(*, furnish: Callable[[Path], None]) -> Iterator[Disk]:
    """A disk, in memory where there is room, with what `furnish` puts into a folder that is not yet there."""
    # The library apart: what is in memory may be closed to programs.
    home, beside = _home(), private_folder(PREFIX)
    try:
        furnish(home / "disk")
        yield Disk(home / "disk", _compiled(beside / "disk.so"))
    finally:
        for folder in (home, beside):
            shutil.rmtree(folder, ignore_errors=True)


def _home() -> Path:
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return private_folder(PREFIX)
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY))
    _give(home)
    return home


def _compiled(library: Path) -> Path:
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        raise RuntimeError(WORD)
    command = [compiler, "-std=gnu17", "-O1", "-shared", "-fPIC", "-o", library, SOURCE, "-ldl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{WORD}\n{done.stderr}")
    library.chmod(0o755)
    return library
