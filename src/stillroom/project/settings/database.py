"""Which database: the one DATABASE_URL names, else the embedded one of this machine if it runs."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from stillroom.project.places import places
from stillroom.project.postgres import url_of_running
from stillroom.project.settings.environment import number, text


def settings() -> dict[str, Any]:
    """Django's entry for the one database. With neither a URL nor a running server the first query says so."""
    url = text("DATABASE_URL") or url_of_running(places().postgres, role="stillroom_app") or "dbname=stillroom"
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "stillroom"),
        "USER": parts.pop("user", "stillroom_app"),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        # A statement asked five times on one connection is planned once: the log's two are asked for every act.
        "OPTIONS": {**parts, "prepare_threshold": 5, **pool()},
    }


def pool() -> dict[str, Any]:
    """Connections that stay open between requests, in each process; a size of 0 opens one whenever one is needed."""
    size = number("STILLROOM_DATABASE_CONNECTIONS", 12)
    return {"pool": {"min_size": 1, "max_size": size, "timeout": 5.0}} if size else {}
