"""There is one way into the log, and no way to change it: held by the database, whoever asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.core.infusion import entries as e
from stillroom.infusions.append import ActMade, append_entries, open_infusion
from stillroom.infusions.models import Act, Entry, EntryText, Infusion
from stillroom.infusions.standalone_verify import Verdict
from tests.cast import Cast, make_cast
from tests.examples import BEN, TEN
from tests.infusions.rooms import Room, arrived, opened, planned

TABLES = ["infusions_infusion", "infusions_act", "infusions_entry", "infusions_entrytext", "infusions_texterasure"]


def appended(
    room: Room, fact: e.Fact | None, *, expected_seq: int, act: UUID | None = None, recorded_at: datetime | None = None
) -> str | None:
    """One entry, or an act alone, straight through the function; no rule is asked."""
    made = ActMade(
        id=act or uuid4(),
        infusion_id=room.infusion_id,
        command="AddNote",
        by=BEN.by,
        device=None,
        seen_seq=expected_seq,
        received_at=TEN,
        answer=f"answered at {expected_seq}",
    )
    dated = [e.Dated(occurred_at=TEN, fact=fact)] if fact else []
    return append_entries(made, dated, expected_seq=expected_seq, summary=None, recorded_at=recorded_at)


NOTE = e.NoteAdded(words="calm")


def test_entries_are_numbered_chained_and_hashed_as_the_script_reckons_them(cast: Cast) -> None:
    room = arrived(cast)
    verdict = Verdict(room.lines)
    assert not verdict.wrong
    with room.scope():
        rows = list(Entry.objects.filter(infusion=room.infusion_id))
    assert [row.seq for row in rows] == [1, 2]
    assert [bytes(row.prev_hash) for row in rows] == [bytes(32), bytes(rows[0].hash)]
    assert verdict.heads == [f"{room.infusion_id} 2 {bytes(room.row.head_hash).hex()}"]


def test_the_database_says_when_it_was_recorded_whatever_the_caller_believes(cast: Cast) -> None:
    room = planned(cast)
    assert room.at == TEN
    assert abs(room.log[0].recorded_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_only_a_declared_rehearsal_says_when_it_was_recorded(
    committed_db: Any, owner_connection: psycopg.Connection[Any]
) -> None:
    room = planned(make_cast())
    long_ago = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    with pytest.raises(DatabaseError, match="only a rehearsal"), room.scope():
        appended(room, NOTE, expected_seq=1, recorded_at=long_ago)
    owner_connection.execute("INSERT INTO infusions_rehearsal DEFAULT VALUES")
    with room.scope():
        appended(room, NOTE, expected_seq=1, recorded_at=long_ago)
    assert room.log[1].recorded_at == long_ago
    assert '"recorded_at": "2026-01-02T03:04:05.678901Z"' in room.lines[1]
    assert not Verdict(room.lines).wrong


def test_the_application_cannot_declare_a_rehearsal(cast: Cast) -> None:
    _refused("INSERT INTO infusions_rehearsal DEFAULT VALUES", "permission denied")
    _refused("SELECT * FROM infusions_rehearsal", "permission denied")


def test_who_is_behind_writes_nothing_and_then_nobody_is_quicker(cast: Cast) -> None:
    room = planned(cast)
    with room.scope():
        assert appended(room, NOTE, expected_seq=0) is None
        assert (Act.objects.count(), Entry.objects.count(), EntryText.objects.count()) == (1, 1, 0)
        assert appended(room, None, expected_seq=0) is None
        assert appended(room, NOTE, expected_seq=1) == "answered at 1"


def test_an_act_that_is_sent_again_gets_its_first_answer_and_writes_nothing(cast: Cast) -> None:
    room, act = planned(cast), uuid4()
    with room.scope():
        assert appended(room, NOTE, expected_seq=1, act=act) == "answered at 1"
        assert appended(room, NOTE, expected_seq=2, act=act) == "answered at 1"
        assert appended(room, NOTE, expected_seq=0, act=act) == "answered at 1"
    assert room.row.last_seq == 2


def test_the_id_of_an_act_belongs_to_one_infusion(cast: Cast) -> None:
    first, second, act = planned(cast), opened(cast), uuid4()
    with first.scope():
        appended(first, NOTE, expected_seq=1, act=act)
    with pytest.raises(IntegrityError), second.scope():
        appended(second, NOTE, expected_seq=0, act=act)


def test_all_of_an_act_is_written_or_nothing(cast: Cast) -> None:
    room = planned(cast)
    made = ActMade(
        id=uuid4(), infusion_id=room.infusion_id, command="x", by="nobody in particular", device=None, seen_seq=1,
        received_at=TEN, answer="{}",
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="entry_by_names_an_author"), room.scope():
        append_entries(made, [e.Dated(occurred_at=TEN, fact=NOTE)], expected_seq=1, summary=None)
    with room.scope():
        assert not Act.objects.filter(pk=made.id).exists()
    assert room.row.last_seq == 1


@pytest.mark.parametrize("whose", ["another clinic's", "nobody's"])
def test_nobody_appends_to_what_they_do_not_see(cast: Cast, whose: str) -> None:
    room = planned(cast)
    scope = clinic_scope(cast.other_clinic.pk) if whose == "another clinic's" else transaction.atomic()
    with pytest.raises(DatabaseError, match="no infusion"), scope:
        appended(room, NOTE, expected_seq=1)


def test_a_patient_reads_their_own_log_and_cannot_add_to_it(cast: Cast) -> None:
    room = arrived(cast)
    with person_scope(cast.pat.pk):
        assert Infusion.objects.count() == 1
        assert Entry.objects.count() == 2
        assert Act.objects.count() == 0
    with person_scope(cast.kim.pk):
        assert (Infusion.objects.count(), Entry.objects.count(), EntryText.objects.count()) == (0, 0, 0)
    with pytest.raises(DatabaseError, match="no infusion"), person_scope(cast.pat.pk):
        appended(room, NOTE, expected_seq=2)


def test_an_infusion_is_opened_only_for_a_patient_and_a_room_of_the_clinic(cast: Cast) -> None:
    ids = {"infusion_id": uuid4(), "clinic_id": cast.clinic.pk, "patient_id": cast.patient.pk, "room_id": cast.room.pk}
    for wrong in (
        {"clinic_id": cast.other_clinic.pk},
        {"patient_id": cast.other_patient.pk},
        {"room_id": cast.other_room.pk},
    ):
        with pytest.raises(DatabaseError), clinic_scope(cast.clinic.pk), transaction.atomic():
            open_infusion(**(ids | wrong))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement",
    ["INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET clinic_id = clinic_id", "DELETE FROM {}", "TRUNCATE {} CASCADE"],
)
def test_the_application_may_read_the_log_and_nothing_else(cast: Cast, table: str, statement: str) -> None:
    with planned(cast).scope():
        _refused(statement.format(table), "permission denied")


@pytest.mark.parametrize("statement", ["UPDATE {} SET infusion_id = infusion_id", "DELETE FROM {}", "TRUNCATE {}"])
@pytest.mark.parametrize("table", ["infusions_act", "infusions_entry", "infusions_entrytext", "infusions_texterasure"])
def test_not_even_the_owner_changes_the_log(
    committed_db: Any, owner_connection: psycopg.Connection[Any], table: str, statement: str
) -> None:
    room = arrived(make_cast())
    room.record(NOTE)
    room.record(NOTE)
    with room.scope(), connection.cursor() as cursor:
        cursor.execute("SELECT erase_text(%s, 3, 'words', 'person:x', 'asked to')", [room.infusion_id])
    owner_connection.execute("SELECT set_config('app.clinic', %s, false)", [str(room.clinic_id)])
    with pytest.raises(psycopg.errors.RestrictViolation, match=r"the log only grows|words go by"):
        owner_connection.execute(statement.format(table))  # type: ignore[arg-type]


def test_an_infusion_is_never_removed(committed_db: Any, owner_connection: psycopg.Connection[Any]) -> None:
    room = opened(make_cast())
    owner_connection.execute("SELECT set_config('app.clinic', %s, false)", [str(room.clinic_id)])
    with pytest.raises(psycopg.errors.RestrictViolation):
        owner_connection.execute("DELETE FROM infusions_infusion")


def test_every_function_that_runs_as_the_owner_has_a_fixed_search_path(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT proname, pg_get_userbyid(proowner), coalesce(proconfig::text, '') FROM pg_proc
               WHERE prosecdef AND proname IN ('append_entries', 'open_infusion', 'erase_text')"""
        )
        found = {name: (owner, config) for name, owner, config in cursor.fetchall()}
    assert set(found) == {"append_entries", "open_infusion", "erase_text"}
    for owner, config in found.values():
        assert owner == "stillroom_owner"
        assert "search_path=pg_catalog, public, pg_temp" in config


def _refused(statement: str, words: str) -> None:
    with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
