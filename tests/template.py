"""The migrated cluster that test sessions copy: made once for each state of the migrations, kept under build/.

Copying a stopped cluster takes a tenth of making and migrating one. What it is made from is in its name, so a change of
any migration, model, statement or package makes a new one.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from stillroom.project.postgres import Postgres
from stillroom.project.roles import prepare
from stillroom.project.server_account import account, private_folder

TEMPLATE = "stillroom_template"
TOP = Path(__file__).resolve().parent.parent
KEPT = TOP / "build" / "clusters"
SOURCES = (
    "requirements.lock",
    "src/stillroom/**/migrations/**/*.py",
    "src/stillroom/**/models.py",
    "src/stillroom/**/models/*.py",
    "src/stillroom/**/*.sql",
    "src/stillroom/clinics/rows.py",
    "src/stillroom/project/settings/*.py",
    "src/stillroom/project/cluster.py",
    "src/stillroom/project/roles.py",
)


def place_migrated_cluster(folder: Path) -> None:
    """A stopped cluster with the migrated template database, at `folder`, owned by the server's account."""
    kept = KEPT / digest()
    if not kept.exists():
        _make(kept)
    _copy(kept, folder, uid=account().uid, gid=account().gid)


def digest() -> str:
    """Of everything the migrated database is made from."""
    found = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in TOP.glob(pattern)}):
        found.update(f"{path.relative_to(TOP)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def migrate(server: Postgres, database: str) -> None:
    """As `stillroom serve` does it: Django's migrations, by the owner, in a process of their own."""
    environment = {**os.environ, "DATABASE_URL": server.url("stillroom_owner", database)}
    command = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    environment["DJANGO_SETTINGS_MODULE"] = "stillroom.project.settings"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the migrations failed:\n{done.stderr}")


def _make(kept: Path) -> None:
    home = private_folder("stillroom-template-")
    try:
        with Postgres(home / "postgres") as server:
            prepare(server, TEMPLATE)
            migrate(server, TEMPLATE)
        making = kept.with_name(f".{uuid4().hex}")
        _copy(home / "postgres", making, uid=os.geteuid(), gid=os.getegid())
        _keep(making, kept)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _keep(making: Path, kept: Path) -> None:
    try:
        making.rename(kept)
    except OSError:  # a session beside this one was first
        shutil.rmtree(making)
    for older in sorted(KEPT.iterdir(), key=lambda path: path.stat().st_mtime)[:-3]:
        shutil.rmtree(older, ignore_errors=True)


def _copy(source: Path, target: Path, *, uid: int, gid: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(source, target, symlinks=True)
    if os.geteuid() == 0:
        for path in (target, *target.rglob("*")):
            os.chown(path, uid, gid, follow_symlinks=False)
