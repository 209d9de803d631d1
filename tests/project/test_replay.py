"""`stillroom replay`: a recording goes through the HL7 port as any monitor's messages would."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from stillroom.core.vitals import Signal
from stillroom.gateways.hl7.sender import Sender
from stillroom.gateways.recordings import Moment, read_recording
from stillroom.project.commands import replay
from stillroom.rehearsal.dialects import A
from tests.gateways.hl7 import keeper as keepers
from tests.gateways.hl7.keeper import MemoryKeeper

STILLROOM = Path(sys.executable).with_name("stillroom")
RECORDING = Path(__file__).parents[1] / "recordings" / "mimic_s00001_first_240_min.csv"


def played(moments: tuple[Moment, ...], keeper: MemoryKeeper, *, speed: int) -> tuple[dict[str, int], float]:
    """How it was answered, and how long it took, in seconds."""

    async def walk() -> tuple[dict[str, int], float]:
        async with keepers.listening(keeper) as port:
            clock = asyncio.get_running_loop().time
            began_s = clock()
            answers = await replay._play(moments, Sender("127.0.0.1", port), A, speed=speed, bed="BED 1")
            return dict(answers), clock() - began_s

    return asyncio.run(walk())


@pytest.fixture
def keeper(monkeypatch: pytest.MonkeyPatch) -> MemoryKeeper:
    monkeypatch.setattr(keepers, "AT", timezone.now())
    return MemoryKeeper()


def test_what_the_recording_shows_is_what_is_stored(keeper: MemoryKeeper) -> None:
    moments = tuple(
        Moment(moment.at_min / 1000, moment.signs) for moment in read_recording(RECORDING.read_text())[10:40]
    )
    answers, _ = played(moments, keeper, speed=60)
    assert answers == {"AA": 30}
    stored = [(sample.signal, sample.value) for sample in keeper.stored]
    assert stored == [sign for moment in moments for sign in moment.signs.items()]
    assert Signal.SBP_MMHG in {signal for signal, _ in stored}
    assert keeper.origins[0].bed == "BED 1"


def test_its_speed_is_minutes_for_a_minute(keeper: MemoryKeeper) -> None:
    moments = tuple(Moment(at_min, {}) for at_min in (5.0, 5.25, 5.5))
    answers, took_s = played(moments, keeper, speed=60)
    assert answers == {"AA": 3}
    assert 0.5 <= took_s < 2.0


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [STILLROOM, "replay", *arguments], env=os.environ, capture_output=True, text=True, timeout=30, check=False
    )


def test_nobody_who_listens_is_said_at_once() -> None:
    done = run(str(RECORDING), "--to", "127.0.0.1:1")
    assert done.returncode == 3
    assert "no answer from 127.0.0.1:1" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (__file__,),
        (str(RECORDING), "--speed", "61"),
        (str(RECORDING), "--speed", "0"),
        (str(RECORDING), "--to", "somewhere"),
        ("/nowhere/at/all.csv",),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).returncode == 2
