"""The drill: a clinic's logs, before and after a backup, end where they ended after everything was lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from pytest_django import DjangoDbBlocker

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion.commands import AbandonInfusion, ConfirmDone, StopInfusion
from stillroom.core.infusion.entries import Dated, NoteAdded
from stillroom.core.infusion.state import Status
from stillroom.infusions.append import ActMade, append_entries, open_infusion
from stillroom.infusions.export import heads_of_all, lines_of_all
from stillroom.infusions.standalone_verify import Verdict
from stillroom.project.backups import archiving, restore, take_backup
from stillroom.project.postgres import Postgres
from stillroom.project.server_account import private_folder
from stillroom.project.serving import mark_what_was_restored
from stillroom.project.template import place_migrated_cluster
from tests.bedside.house import elsewhere, planned
from tests.cast import Cast, make_cast
from tests.conftest import KEPT, using
from tests.project.test_backups import archive_all


@pytest.fixture
def home(django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    folder = private_folder("stillroom-tests-")
    with django_db_blocker.unblock():
        yield folder
    shutil.rmtree(folder)


def _begin_infusion(cast: Cast) -> UUID:
    infusion_id = uuid4()
    with clinic_scope(cast.clinic.pk):
        open_infusion(
            infusion_id=infusion_id,
            clinic_id=cast.clinic.pk,
            patient_id=cast.patient.pk,
            room_id=cast.room.pk,
        )
    return infusion_id


def _note(cast: Cast, infusion_id: UUID, *, number: int) -> None:
    """The entry with this number: a note, one act, committed."""
    now = datetime.now(UTC)
    act = ActMade(
        id=uuid4(),
        infusion_id=infusion_id,
        command="AddNote",
        by=f"person:{cast.ben.pk}",
        device=None,
        seen_seq=number - 1,
        received_at=now,
        answer="{}",
    )
    with clinic_scope(cast.clinic.pk):
        fact = NoteAdded(words=f"note {number}")
        assert append_entries(act, [Dated(occurred_at=now, fact=fact)], expected_seq=number - 1, summary=None) == "{}"


def _heads(server: Postgres) -> list[list[str]]:
    """Where every log ends, by its summary, after the stand-alone script found every chain whole and ending there."""
    with using(server.url("stillroom_app")):
        verdict = Verdict(lines_of_all())
        heads = heads_of_all()
        verdict.hold_to_heads(heads)
    assert not verdict.wrong
    return heads


def test_after_the_loss_of_all_data_every_chain_ends_where_it_ended(home: Path) -> None:
    data, archive = home / "postgres", home / "archive"
    place_migrated_cluster(data, kept_in=KEPT)
    with Postgres(data, archiving(archive)) as server, using(server.url("stillroom_app")):
        cast = make_cast()
        infusion_id = _begin_infusion(cast)
        _note(cast, infusion_id, number=1)
        backup = take_backup(data, home / "backups")
        _note(cast, infusion_id, number=2)
        moment, heads_then = _database_time(server), _heads(server)
        _note(cast, infusion_id, number=3)
        archive_all(server, archive)
        heads_at_the_end = _heads(server)
    shutil.rmtree(data)

    assert restore(backup, data, archive=archive) is None
    with Postgres(data, archiving(archive)) as server, using(server.url("stillroom_app")):
        assert _heads(server) == heads_at_the_end
        _note(cast, infusion_id, number=4)  # and it goes on

    aside = restore(backup, data, archive=archive, until=moment)
    assert aside is not None
    assert (aside / "PG_VERSION").exists()
    with Postgres(data) as server:
        assert _heads(server) == heads_then != heads_at_the_end


def test_an_infusion_that_was_open_in_the_backup_is_in_doubt_once_and_one_that_was_over_is_not(home: Path) -> None:
    """The drip is stopped and the patient well a minute after the backup; none of that is in it."""
    data = home / "postgres"
    place_migrated_cluster(data, kept_in=KEPT)
    with Postgres(data) as server, using(server.url("stillroom_app")):
        cast = make_cast()
        running = planned(cast, ago=timedelta(minutes=10)).start()
        gone = planned(elsewhere(cast))
        gone.ask(AbandonInfusion(reason="fever"), gone.ben)
        backup = take_backup(data, home / "backups")
        running.ask(StopInfusion(), running.ben)
        running.ask(ConfirmDone(intent_seq=running.state.pending[-1].seq), running.ben)

    restore(backup, data)
    with Postgres(data) as server, using(server.url("stillroom_app")):
        assert running.state.status is Status.INFUSING  # as it was in the backup, and nobody knows better
        mark_what_was_restored(data)
        state, over = running.state, gone.log
        assert state.is_in_doubt
        assert state.restored_to is not None
        assert state.restored_to >= running.log[-2].recorded_at
        assert running.row.is_in_doubt
        assert over[-1].kind == "InfusionAbandoned"
        mark_what_was_restored(data)
        assert running.state == state


def _database_time(server: Postgres) -> datetime:
    with psycopg.connect(server.url("stillroom_app")) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return datetime.fromisoformat(str(row[0]))
