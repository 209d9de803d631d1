"""A script in the clinic's own rehearsal: the simulated monitor stands in its room, staff's acts are scored, and where
people are treated nothing of it is ever played.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from queue import Queue

import pytest
from django.utils import timezone

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.vitals import Signal
from stillroom.devices.assignments import monitor_in
from stillroom.devices.models import Monitor, Sample
from stillroom.devices.readings import newest_in
from stillroom.rehearsal.own_clinic import NotPlayedHere, bedside_at, must_be_alone, play_there, rehearsal_called
from stillroom.rehearsal.play.parts import Event
from stillroom.rehearsal.play.reading import read_script
from stillroom.rehearsal.play.scene import Scene
from stillroom.rehearsal.playing import Cues
from stillroom.rehearsal.results import said, seen_at
from tests.bedside.house import planned
from tests.cast import Cast, make_cast
from tests.conftest import Clone
from tests.devices.premises import make_monitor
from tests.devices.test_gateway import gateway, soon
from tests.project.test_serving import PROGRAM

SCRIPT = read_script(
    """
    title: A try
    about: In the clinic's own rehearsal.
    begin: minute 1
    minute 2: pressure rises to 195/112 over 1 minute unless paused
        expect: pause within 2 minutes
        expect: note within 1 second
    end: minute 3
    """,
    file="mine.txt",
)
PATIENCE_S = 40.0


@pytest.fixture
def practising(committed_db: Clone) -> Cast:
    """The cast's clinic is the rehearsal of the other one, where people are treated."""
    cast = make_cast()
    with clinic_scope(cast.clinic.pk):
        Clinic.objects.filter(pk=cast.clinic.pk).update(rehearses=cast.other_clinic)
    return cast


def test_staff_start_the_drip_the_script_follows_and_their_acts_are_scored(practising: Cast) -> None:
    cast, told, at_chair = practising, Queue[Event](), set[str]()
    house = planned(cast)
    house.make_ready()

    def show(scene: Scene, at: datetime) -> None:
        at_chair.add(seen_at(scene, at))

    def spo2() -> object:
        with clinic_scope(cast.clinic.pk):
            return newest_in([cast.room.pk], timezone.now()).get(cast.room.pk, {}).get(Signal.SPO2_PERCENT)

    with gateway() as port, ThreadPoolExecutor(1) as beside:

        async def run() -> Scene | None:
            cues, bedside = Cues(tell=told.put, show=show), bedside_at("", port, cast.clinic.pk)
            until = asyncio.Event()
            async with asyncio.timeout(3 * PATIENCE_S):
                return await play_there(SCRIPT, 60, cast.clinic.pk, bedside, cues, room="", until=until)

        playing = beside.submit(asyncio.run, run())
        soon(spo2, PATIENCE_S)
        opening = house.ask(c.StartInfusion(), house.ben)
        house.ask(c.ConfirmDone(intent_seq=opening.last_seq), house.ben)
        assert told.get(timeout=PATIENCE_S).words.startswith("pressure rises to 195/112")
        house.ask(c.PauseInfusion(), house.ben)
        scene = playing.result(timeout=PATIENCE_S)
    assert scene is not None
    assert "1 of 2 done in time" in said(scene)
    assert "pause within 2 minutes: Done in time" in said(scene)
    assert any("drops a minute" in words for words in at_chair)
    with clinic_scope(cast.clinic.pk):
        assert monitor_in(cast.room.pk, timezone.now()) is None, "it is taken away when it is over"
        assert not Monitor.objects.get().is_enrolled
    with clinic_scope(cast.other_clinic.pk):
        assert not Sample.objects.exists()


def test_where_people_are_treated_nothing_is_played(practising: Cast) -> None:
    real, there = practising.other_clinic, practising.clinic
    assert rehearsal_called(there.name.upper()) == there.pk
    for name in (real.name, "Nowhere"):
        with pytest.raises(NotPlayedHere):
            rehearsal_called(name)
    cues, bedside = Cues(), bedside_at("127.0.0.1", 1, real.pk)
    with pytest.raises(NotPlayedHere, match="treats people"):
        asyncio.run(play_there(SCRIPT, 1, real.pk, bedside, cues, room="", until=asyncio.Event()))
    must_be_alone("127.0.0.1", there.pk)
    make_monitor(real, name="Takes anything from this machine")
    with pytest.raises(NotPlayedHere, match="takes whatever is sent from there"):
        must_be_alone("127.0.0.1", there.pk)


def test_the_command_names_why_it_plays_nothing_among_patients(practising: Cast, committed_db: Clone) -> None:
    called = [*PROGRAM, "rehearse", "kinked-line", "--clinic", practising.other_clinic.name]
    told = {**os.environ, **committed_db.environment}
    done = subprocess.run(called, env=told, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 2, done.stderr
    assert f"{practising.other_clinic.name} treats people" in done.stderr
