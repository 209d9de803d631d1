"""How fast is the log? Against the least that could keep an act at all: one INSERT of the same row, and COMMIT.

Both sides go through Django's `transaction.atomic` and a prepared statement of psycopg, on connections that stay open,
in slices of half a second by turns; a ratio is the median over the turns. Every commit is durable.
"""

from __future__ import annotations

import multiprocessing as mp
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import psycopg

from stillroom.project.bench import Figure, clinic_database, goal_of_ratio
from stillroom.project.postgres import Postgres

SLICE_S = 0.5
APPENDS_OF_BARE, FOLDS_OF_READING = 0.5, 3.0
TURNS = 9
FORKED = mp.get_context("fork")


def figures() -> Iterator[Figure]:
    with clinic_database() as server:
        _make_bare_table(server)
        from django.db import connections

        from tests.cast import make_cast

        cast = make_cast()
        for writers in (1, 8):
            infusions = [_planned(cast) for _ in range(writers)]
            connections.close_all()
            yield _appending(cast.clinic.pk, infusions)
        yield from _acting(cast)
        yield from _folding(cast)


def _make_bare_table(server: Postgres) -> None:
    """The table of entries without anything around it: the same columns and keys, no row security, no triggers."""
    with psycopg.connect(server.url("stillroom_owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_bare (LIKE infusions_entry INCLUDING ALL)")
        connection.execute("GRANT INSERT ON bench_bare TO stillroom_app")


def _appending(clinic: UUID, infusions: list[UUID]) -> Figure:
    """Entries per second, each writer on an infusion of its own."""
    barrier, counts = FORKED.Barrier(len(infusions)), FORKED.Queue()
    writers = [FORKED.Process(target=_write, args=(clinic, infusion, barrier, counts)) for infusion in infusions]
    for writer in writers:
        writer.start()
    per_writer = [counts.get(timeout=600) for _ in writers]
    for writer in writers:
        writer.join()
    bare, append = ([sum(turn) / SLICE_S for turn in zip(*each, strict=True)] for each in zip(*per_writer, strict=True))
    return Figure(
        name=f"infusions.append_{len(infusions)}_writer{'s' if len(infusions) > 1 else ''}",
        value=statistics.median(append),
        unit="1/s",
        against=f"INSERT of the same row and COMMIT {statistics.median(bare):.0f}/s",
        ratio=statistics.median(fast / least for fast, least in zip(append, bare, strict=True)),
        limit=goal_of_ratio(least=APPENDS_OF_BARE),
    )


def _write(clinic: UUID, infusion: UUID, barrier: Any, counts: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.clinic', %s, false)", [str(clinic)])
    sides = (_bare(infusion), _append(infusion))
    found: tuple[list[int], list[int]] = ([], [])
    for _ in range(TURNS):
        for side, numbers in zip(sides, found, strict=True):
            barrier.wait()
            numbers.append(_as_often_as_it_goes(side))
    counts.put(found)
    connection.close()


def _as_often_as_it_goes(act: Callable[[], None]) -> int:
    until_s = time.perf_counter() + SLICE_S
    for number in count():
        if time.perf_counter() > until_s:
            return number
        act()
    raise AssertionError


def _bare(infusion: UUID) -> Callable[[], None]:
    from django.db import connection, transaction
    from psycopg import Cursor

    from stillroom.infusions.codec import encode
    from tests.examples import BEN, VITALS

    insert = """
        INSERT INTO bench_bare (id, clinic_id, infusion_id, seq, act_id, kind, version, occurred_at, recorded_at, by,
                                payload, prev_hash, hash)
        VALUES (nextval('infusions_entry_id_seq'), %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
    """
    numbers, at, some_hash = count(1), datetime.now(UTC), bytes(32)
    payload = encode(VITALS, new_salt=bytes).payload

    def act() -> None:
        with transaction.atomic(), Cursor(connection.connection) as cursor:
            values = (infusion, infusion, next(numbers), uuid4(), "VitalsCharted", 1, at, at, BEN.by, payload)
            cursor.execute(insert, (*values, some_hash, some_hash))

    return act


def _append(infusion: UUID) -> Callable[[], None]:
    from django.db import transaction

    from stillroom.core.infusion.entries import Dated
    from stillroom.infusions.append import ActMade, append_entries
    from tests.examples import BEN, VITALS

    numbers, at = count(1), datetime.now(UTC)

    def act() -> None:
        seq = next(numbers)
        made = ActMade(
            id=uuid4(), infusion_id=infusion, command="VitalsCharted", by=BEN.by, device=None, seen_seq=seq,
            received_at=at, answer='{"outcome":"done"}',
        )  # fmt: skip
        with transaction.atomic():
            answer = append_entries(made, [Dated(occurred_at=at, fact=VITALS)], expected_seq=seq, summary=None)
        assert answer == made.answer

    return act


def _acting(cast: Any) -> Iterator[Figure]:
    """A whole act: read the log, fold it, decide, append, commit; beside a view whose one line is an INSERT."""
    from django.http import HttpRequest, HttpResponse

    from stillroom.clinics.rows import clinic_scope
    from stillroom.patients.models import Weight

    def insert(request: HttpRequest) -> HttpResponse:
        with clinic_scope(cast.clinic.pk):
            Weight.objects.create(clinic=cast.clinic, patient=cast.patient, weight_kg=70, measured_by=cast.ben)
        return HttpResponse()

    for length in (20, 300):
        act = _acts_on_a_log_of(length, cast)
        times = [(_ms(act), _ms(lambda: insert(HttpRequest()))) for _ in range(100)]
        yield Figure(
            name=f"infusions.act_at_{length}_entries",
            value=statistics.median(whole for whole, _ in times),
            unit="ms",
            against=f"a Django view that does one INSERT {statistics.median(least for _, least in times):.2f} ms",
            ratio=statistics.median(whole for whole, _ in times) / statistics.median(least for _, least in times),
        )


def _acts_on_a_log_of(length: int, cast: Any) -> Callable[[], None]:
    from stillroom.clinics.rows import clinic_scope
    from stillroom.core.infusion.commands import Record
    from stillroom.infusions.acts import perform
    from tests.examples import BEN, VITALS

    infusion = _planned(cast)
    _fill(infusion, cast, length)

    def act() -> None:
        with clinic_scope(cast.clinic.pk):
            answer = perform(
                act_id=uuid4(), infusion_id=infusion, command=Record(fact=VITALS), author=BEN, seen_seq=10**6,
                received_at=datetime.now(UTC),
            )  # fmt: skip
        assert answer.outcome == "done"

    return act


def _folding(cast: Any) -> Iterator[Figure]:
    from stillroom.clinics.rows import clinic_scope
    from stillroom.core.infusion.fold import fold
    from stillroom.infusions.reading import entries_of

    infusion = _planned(cast)
    _fill(infusion, cast, 1000)
    with clinic_scope(cast.clinic.pk):
        log = entries_of(infusion)
        times = [(_ms(lambda: fold(log)), _ms(lambda: entries_of(infusion))) for _ in range(21)]
    folding_ms, reading_ms = (statistics.median(each) for each in zip(*times, strict=True))
    yield Figure(
        name="infusions.fold_1000_entries",
        value=folding_ms,
        unit="ms",
        against=f"reading them {reading_ms:.2f} ms",
        ratio=folding_ms / reading_ms,
        limit=goal_of_ratio(most=FOLDS_OF_READING),
    )


def _planned(cast: Any) -> UUID:
    from tests.examples import ADA, PLAN
    from tests.infusions.rooms import opened

    room = opened(cast)
    room.act(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk), ADA)
    return room.infusion_id


def _fill(infusion: UUID, cast: Any, length: int) -> None:
    """A log as a room writes it: vital signs, how the patient seems, drops, notes, alarms."""
    from stillroom.clinics.rows import clinic_scope
    from stillroom.core.infusion import entries as e
    from stillroom.infusions.append import ActMade, append_entries
    from tests.examples import BEN, VITALS, D

    facts: list[e.Fact] = [
        VITALS,
        e.PatientWatched(awake=e.Awake.DROWSY, breaths_per_min=14, detached=5),
        e.DropsCounted(drops=25, seconds=D(30)),
        e.NoteAdded(words="She is calm, and says so."),
        e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH, value="91", limit="92"),
        e.AlarmCleared(condition="spo2_low"),
    ]
    at = datetime.now(UTC)
    with clinic_scope(cast.clinic.pk):
        for seq in range(1, length):
            made = ActMade(
                id=uuid4(), infusion_id=infusion, command="x", by=BEN.by, device=None, seen_seq=seq, received_at=at,
                answer="{}",
            )  # fmt: skip
            fact = facts[seq % len(facts)]
            append_entries(made, [e.Dated(occurred_at=at, fact=fact)], expected_seq=seq, summary=None)


def _ms(act: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    act()
    return (time.perf_counter() - began_s) * 1000
