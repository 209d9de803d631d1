"""The roles, the database, and what must be true of any server before a word of care is written to it."""

from __future__ import annotations

from importlib.resources import files

import psycopg
from psycopg import sql

from stillroom.project.cluster import SUPERUSER
from stillroom.project.postgres import DURABLE, Postgres

DATABASE = "stillroom"
CHECKED = {**DURABLE, "data_checksums": "on"}


def prepare(server: Postgres, database: str = DATABASE) -> None:
    """The two roles and an empty database of the owner's; nothing changes when they are there."""
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    with psycopg.connect(server.url(SUPERUSER, database), autocommit=True) as connection:
        connection.execute(files("stillroom.project").joinpath("roles.sql").read_text())
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO stillroom_owner").format(sql.Identifier(database)))


def not_durable(connection: psycopg.Connection[tuple[str, str]]) -> dict[str, str]:
    """The settings of this server that would let it lose what it said it kept, with their present values."""
    query = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
    found = dict(connection.execute(query, [list(CHECKED)]).fetchall())
    return {name: found.get(name, "unknown") for name, must in CHECKED.items() if found.get(name) != must}
