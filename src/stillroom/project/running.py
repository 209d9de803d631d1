"""A database that answers, for the length of a command: one that is named, one that runs, or one started here."""

from __future__ import annotations

import gc
import logging
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stillroom.devices.durable import sync_folder
from stillroom.project.places import Places, places
from stillroom.project.postgres import Postgres, url_of_running
from stillroom.project.roles import prepare
from stillroom.project.server_account import PostgresError, make_way_to

SETTINGS = "stillroom.project.settings"

log = logging.getLogger("stillroom.running")


@contextmanager
def database() -> Iterator[None]:
    """Django, set up and ready to ask: for commands. The server is left as it was found."""
    where = places()
    if os.environ.get("DATABASE_URL") or url_of_running(where.postgres, role="stillroom_app"):
        set_up_django()
        yield
        return
    with Postgres(where.postgres) as server:
        prepare(server)
        os.environ["DATABASE_URL"] = server.url("stillroom_app")
        set_up_django()
        bring_up_to_date(server.url("stillroom_owner"))
        yield


def set_up_django() -> None:
    """With connections for one command: opened when needed and then kept, no pool and none of its threads.

    One opened anew at each look, as a watch once did, costs PostgreSQL a process and all that it knew of the tables.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    from django.db import connections

    connections.settings["default"]["OPTIONS"].pop("pool", None)
    connections.settings["default"]["CONN_MAX_AGE"] = None


GARBAGE_AFTER = 20_000, 10, 100
"""New objects before cycles among them are looked for, and such looks before the older ones are looked through too."""


def look_seldom_for_garbage() -> None:
    """For a process that keeps much and makes few cycles: readings, logs, pages. Call it when all is loaded.

    Left to itself Python looks through everything that is kept, again and again, while everybody waits. What is loaded
    by now is never looked through.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_AFTER)


def let_threads_take_turns() -> None:
    """For a process in which one thread must answer soon while another works long: the line on its way to a browser
    while pages are drawn, what somebody has just seen while a house is looked at.

    Left to itself Python lets a busy thread keep the interpreter for 5 ms, each time that the other asks for it.
    """
    sys.setswitchinterval(0.0005)


def keep_connections_open() -> None:
    """For a process that answers many at once: as many as STILLROOM_DATABASE_CONNECTIONS says. Before the first."""
    from django.db import connections

    from stillroom.project.settings.database import pool

    connections.settings["default"]["OPTIONS"] |= pool()
    connections.settings["default"]["CONN_MAX_AGE"] = 0  # back to the others between two requests


def bring_up_to_date(owner_url: str) -> None:
    """Apply what is missing, if anything is and the owner may; a check says so when it may not."""
    if owner_url and migrations_missing():
        migrate(owner_url)


def migrations_missing() -> int:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate(owner_url: str, environment: Mapping[str, str] = os.environ) -> None:
    """Bring the tables up to date, as their owner, in a process that does nothing else."""
    log.info("Making the tables, or bringing them up to date. From nothing this takes a minute or so, once.")
    changed = {"DATABASE_URL": owner_url, "DJANGO_SETTINGS_MODULE": SETTINGS, "STILLROOM_DATABASE_CONNECTIONS": "0"}
    command = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
    done = subprocess.run(command, env={**environment, **changed}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PostgresError(f"The tables could not be brought up to date:\n{done.stderr.strip()}")


def lasting_secret_key(where: Places) -> str:
    """The key that signs sessions: what the environment gives, else one made once and kept for its owner alone."""
    given = os.environ.get("STILLROOM_SECRET_KEY", "").strip() or where.read_secret_key()
    return given or _made_key(where.secret_key)


def _made_key(path: Path) -> str:
    """Whole or not at all: an empty one, left by a power cut, would be a key that can neither be used nor be made."""
    make_way_to(path)
    key = secrets.token_urlsafe(50)
    making = path.with_name(f".{path.name}-making")
    with os.fdopen(os.open(making, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    making.replace(path)
    sync_folder(path.parent)
    return key
