"""The clinic of a script: as far as the script begins with it, and its pages, which are nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion.state import Status
from stillroom.infusions.models import Infusion
from stillroom.rehearsal.play.reading import read_script, shipped_scripts
from stillroom.rehearsal.rehearsed import furnish_for, the_stage
from stillroom.rehearsal.results import said
from tests.conftest import using
from tests.rehearsal.test_enter import IN_THE_DEMO

BEFORE = "title: Ready\nbegin: before the start\nminute 2: the line kinks\nexpect: pause\nend: minute 9"


@pytest.fixture
def play(clone: Callable[[], Any], django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[Path], Status]]:
    """Furnishes a database for a script at ten times its speed; where its one infusion then stands."""
    with clone() as database, using(database.url), django_db_blocker.unblock():

        def furnished(path: Path) -> Status:
            furnish_for(read_script(path.read_text(), file=path.name), database.owner_url, speed=10)
            with override_settings(**IN_THE_DEMO, REHEARSAL_SCRIPT=str(path), REHEARSAL_SPEED=10):
                stage = the_stage()
            assert stage is not None
            with clinic_scope(stage.clinic_id):
                return Status(Infusion.objects.get().status)

        yield furnished


@pytest.mark.parametrize(
    ("name", "status"), [("pressure-at-minute-38", Status.INFUSING), ("no-driver", Status.RECOVERING)]
)
def test_it_is_found_as_the_script_begins_with_it(play: Callable[[Path], Status], name: str, status: Status) -> None:
    path = shipped_scripts()[name]
    assert play(path) is status
    with override_settings(**IN_THE_DEMO, REHEARSAL_SCRIPT=str(path), REHEARSAL_SPEED=10):
        client = Client()
        room = client.get("/demo/enter?as=nurse")["Location"]
        assert client.get(room).status_code == 200
        chair, result = (client.get(f"/demo/{page}").content.decode() for page in ("chair", "result"))
    assert ("It drips, steadily" in chair) is (status is Status.INFUSING)
    assert "How it went so far" in result


def test_before_the_start_somebody_is_ready_and_nothing_has_happened(
    play: Callable[[Path], Status], tmp_path: Path
) -> None:
    path = tmp_path / "ready.txt"
    path.write_text(BEFORE)
    assert play(path) is Status.READY
    with override_settings(**IN_THE_DEMO, REHEARSAL_SCRIPT=str(path), REHEARSAL_SPEED=10):
        assert "The drip has not been started." in Client().get("/demo/result").content.decode()
        assert "Nothing runs yet." in Client().get("/demo/chair").content.decode()
        stage = the_stage()
    assert stage is not None
    assert "The drip was not started" in said(stage.scene())


@pytest.mark.parametrize("page", ["chair", "result"])
@override_settings(ROOT_URLCONF="tests.rehearsal.demo_urls")
def test_where_no_script_is_played_there_are_no_such_pages(db: None, client: Client, page: str) -> None:
    assert client.get(f"/demo/{page}").status_code == 404
    with override_settings(DEMO=True):
        assert client.get(f"/demo/{page}").status_code == 404
