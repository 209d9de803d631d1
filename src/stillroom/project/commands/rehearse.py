"""`stillroom rehearse SCRIPT`: a clinic of invented people, a patient who follows a script, and how staff answered.

Without a script it is the process that plays the monitors of the demo.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillroom.project.commands.serve import log_to_stderr
from stillroom.project.power import cut_power
from stillroom.project.running import database
from stillroom.rehearsal.play.parts import Event, Said, Script
from stillroom.rehearsal.play.reading import ScriptWrong, found_script, read_script, shipped_scripts

if TYPE_CHECKING:
    from stillroom.rehearsal.play.scene import Scene

REFUSED = 2
WORDS = """
    Rehearsal: {title}{pace}
    {about}

    Come in as            {address}/demo/enter?as=nurse
    or as a second nurse  {address}/demo/enter?as=colleague
    At the chair          {address}/demo/chair      what you would see and hear there
    How it went           {address}/demo/result

    Nobody is real, and everything is forgotten when it ends (Ctrl-C).
"""
THERE = """
    Rehearsal in your own clinic: {title}
    {about}

    Your staff sign in as always and choose the rehearsal at the desk. Make somebody ready in a room: the simulated
    monitor stands there from then on, and minute 0 is when they confirm the start of the drip. What would be seen and
    heard at the chair is said here, for you to tell. If the power goes in the script, take the screens away yourself.
"""
AT_START = "The patient is ready. Minute 0 is when you confirm the start of the drip."


def rehearse(
    script: Annotated[str, typer.Argument(help="A file of your own, or the name of one that comes with it.")] = "",
    speed: Annotated[int, typer.Option(min=1, max=60, help="How many of the patient's minutes pass in one.")] = 1,
    clinic: Annotated[str, typer.Option(help="Play it in this rehearsal of your own clinic, beside `serve`.")] = "",
    room: Annotated[str, typer.Option(help="There: in which room, if somebody is made ready in several.")] = "",
    show: Annotated[bool, typer.Option("--list", help="Say which scripts come with Stillroom, and end.")] = False,
) -> None:
    """Rehearse a script on the real pages, with a simulated patient, in a clinic of its own that ends with it.

    Staff work as on any day; what they did is read from the log and scored when the script is over, here and on a
    page. How a script is written stands in docs/rehearsal.md. With --clinic it is played in the rehearsal that your
    clinic keeps, where your own staff sign in; never where people are treated. Without SCRIPT, inside the demo, it
    plays the monitors.

    Exit codes: 0 it was asked to end, or with --clinic is over. 1 something must be put right first. 2 the script is
    not understood, the clinic is none that rehearses, or without a script this is not the demo. 3 a setting or the
    database forbids it.
    """
    if show:
        for name, path in shipped_scripts().items():
            typer.echo(f"{name:26} {read_script(path.read_text(), file=path.name).title}")
    elif script and clinic:
        _play_in_own(script, speed, clinic, room)
    elif script:
        _open_rehearsal(script, speed)
    else:
        _play_in_the_demo()


def _open_rehearsal(name: str, speed: int) -> None:
    path, script = _read(name)
    from stillroom.project.commands.demo import open_invented

    os.environ.update(STILLROOM_REHEARSAL_SCRIPT=str(path), STILLROOM_REHEARSAL_SPEED=str(speed))
    open_invented(announce=lambda address: typer.echo(_welcome(script, speed, address)), furnish=_furnish)


def _read(name: str) -> tuple[Path, Script]:
    try:
        path = found_script(name).resolve()
        return path, read_script(path.read_text(), file=path.name)
    except (ScriptWrong, UnicodeDecodeError) as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(REFUSED) from None


def _play_in_own(name: str, speed: int, clinic: str, room: str) -> None:
    _, script = _read(name)
    log_to_stderr()
    with database():
        from stillroom.rehearsal.own_clinic import NotPlayedHere

        try:
            asyncio.run(_play_there(script, speed, clinic, room))
        except NotPlayedHere as why:
            typer.echo(str(why), err=True)
            raise typer.Exit(REFUSED) from None


async def _play_there(script: Script, speed: int, clinic: str, room: str) -> None:
    """Until it is over, or is asked to end; how it went is said then."""
    from django.conf import settings

    from stillroom.rehearsal.own_clinic import bedside_at, must_be_alone, play_there, rehearsal_called
    from stillroom.rehearsal.playing import Cues
    from stillroom.rehearsal.results import said

    clinic_id = await asyncio.to_thread(rehearsal_called, clinic)
    await asyncio.to_thread(must_be_alone, settings.HL7_HOST, clinic_id)
    typer.echo(THERE.format(title=script.title, about=script.about))
    bedside = bedside_at(settings.HL7_HOST, settings.HL7_PORT, clinic_id)
    cues = Cues(tell=_tell, show=_Chair().show)
    scene = await play_there(script, speed, clinic_id, bedside, cues, room=room, until=_asked())
    if scene is not None:
        typer.echo(await asyncio.to_thread(said, scene))


class _Chair:
    """Says what is to be seen at the chair, when it has changed: whoever leads it tells the room."""

    def __init__(self) -> None:
        self._said = ""

    def show(self, scene: Scene, at: datetime) -> None:
        from stillroom.rehearsal.results import seen_at

        words = seen_at(scene, at)
        if words != self._said:
            self._said = words
            typer.echo(f"        {words}")


def _welcome(script: Script, speed: int, address: str) -> str:
    pace = f", {speed} of the patient's minutes in one" if speed > 1 else ""
    words = WORDS.format(title=script.title, pace=pace, about=script.about, address=address)
    return words + (f"    {AT_START}\n" if script.begin_min is None else "")


def _furnish(owner_url: str) -> None:
    from django.conf import settings

    from stillroom.rehearsal.rehearsed import furnish_for, the_script

    furnish_for(the_script(), owner_url, speed=settings.REHEARSAL_SPEED)


def _play_in_the_demo() -> None:
    from stillroom.project.settings.environment import flag  # the settings are read once the database is known

    if not flag("STILLROOM_DEMO"):
        typer.echo("This is not the demo: invented signs are sent nowhere else. To rehearse, name a script:", err=True)
        typer.echo(f"stillroom rehearse {next(iter(shipped_scripts()))}. All are said by --list.", err=True)
        raise typer.Exit(REFUSED)
    log_to_stderr()
    with database():
        from django.conf import settings

        play = _play_script if settings.REHEARSAL_SCRIPT else _play_monitors
        asyncio.run(play(settings.HL7_HOST, settings.HL7_PORT))


async def _play_monitors(host: str, port: int) -> None:
    from stillroom.rehearsal.monitors import run_monitors

    await run_monitors(host, port, until=_asked())


async def _play_script(host: str, port: int) -> None:
    """Once; the result is said when it is over, or when it is asked to end before. Then it waits to be asked."""
    from stillroom.rehearsal.playing import Cues
    from stillroom.rehearsal.rehearsed import play_here
    from stillroom.rehearsal.results import said

    asked = _asked()
    cues = Cues(tell=_tell, cut_power=lambda for_s: cut_power(for_s, supervisor=os.getppid()))
    scene = await play_here(host, port, cues, until=asked)
    if scene is not None:
        sys.stdout.write(await asyncio.to_thread(said, scene))
        sys.stdout.flush()
    await asked.wait()


def _tell(event: Event) -> None:
    """For whoever leads the rehearsal."""
    words = f"{event.what.who}, by you: “{event.what.words}”" if isinstance(event.what, Said) else event.words
    typer.echo(f"    minute {event.minute:g}: {words}")


def _asked() -> asyncio.Event:
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    return asked
