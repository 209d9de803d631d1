"""How long from nothing to the database's first answer: initdb, start, roles, an empty database, one query as the app.

No copy of a cluster and no step left unsynced: what a clinic's first start does.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

import psycopg

from stillroom.project.bench import Figure, goal
from stillroom.project.postgres import temporary
from stillroom.project.roles import prepare

LIMIT_S = 1.0
ROUNDS = 5


def figures() -> Iterator[Figure]:
    first_answer_s = statistics.median(_first_answer_s() for _ in range(ROUNDS))
    yield Figure(
        name="project.database_from_nothing",
        value=first_answer_s,
        unit="s",
        limit=goal(most=LIMIT_S),
    )
    again_s = statistics.median(_start_again_s() for _ in range(ROUNDS))
    yield Figure(
        name="project.database_start_again",
        value=again_s,
        unit="s",
        against=f"from nothing {first_answer_s:.3g} s",
        ratio=again_s / first_answer_s,
    )


def _first_answer_s() -> float:
    began_s = time.perf_counter()
    with temporary() as server:
        prepare(server)
        _ask(server.url("stillroom_app"))
        return time.perf_counter() - began_s


def _start_again_s() -> float:
    with temporary() as server:
        prepare(server)
        server.stop()
        began_s = time.perf_counter()
        server.start()
        _ask(server.url("stillroom_app"))
        return time.perf_counter() - began_s


def _ask(url: str) -> None:
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
