"""`stillroom replay`: a recording of vital signs, sent to a gateway as a monitor would have sent it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from stillroom.gateways.errors import GatewayError
from stillroom.gateways.hl7.sender import Sender
from stillroom.gateways.recordings import Moment, NotARecording, read_file
from stillroom.rehearsal.dialects import A as DIALECT
from stillroom.rehearsal.dialects import Dialect, report

REFUSED, CANNOT_RUN = 1, 3
TAKEN, LOST = "AA", "lost"
SECONDS_PER_MIN = 60.0


def replay(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True,
            dir_okay=False,
            readable=True,
            help="MIMIC numerics as CSV or .hea, a stay of the Challenge 2012, or a VitalDB .vital.",
        ),
    ],
    speed: Annotated[int, typer.Option(min=1, max=60, help="How many minutes of the recording pass in one.")] = 1,
    to: Annotated[str, typer.Option(help="The gateway, as host:port.")] = "127.0.0.1:2575",
    sender: Annotated[str, typer.Option(help="What it calls itself (MSH-3).")] = "REPLAY",
    bed: Annotated[str, typer.Option(help="The bed it names (PV1-3).")] = "",
    from_min: Annotated[float, typer.Option(min=0, help="Begin at this minute of the recording.")] = 0.0,
) -> None:
    """Play a recording of real vital signs through the HL7 port, stamped with the time at which each is sent.

    What had no signal is not sent. A gateway that is away is tried again; what passed meanwhile is lost, as with any
    monitor. Enrol the sender first, on the page /devices/.

    Exit codes: 0 all was taken. 1 something was refused or lost. 2 the file is no recording. 3 nobody listens there.
    """
    host, _, port = to.rpartition(":")
    if not host or not port.isdecimal():
        raise typer.BadParameter("host:port is expected, as 127.0.0.1:2575", param_hint="--to")
    try:
        moments = [moment for moment in read_file(file) if moment.at_min >= from_min]
    except NotARecording as wrong:
        raise typer.BadParameter(f"{file.name}: {wrong}", param_hint="FILE") from None
    try:
        answers = asyncio.run(
            _play(moments, Sender(host, int(port)), replace(DIALECT, sending_application=sender), speed=speed, bed=bed)
        )
    except GatewayError as fault:
        typer.echo(f"{fault}. Is `stillroom gateway` running there?", err=True)
        raise typer.Exit(CANNOT_RUN) from None
    typer.echo(", ".join(f"{count} {code}" for code, count in sorted(answers.items())) or "There was nothing to send.")
    raise typer.Exit(REFUSED if set(answers) - {TAKEN} else 0)


async def _play(moments: Sequence[Moment], gateway: Sender, dialect: Dialect, *, speed: int, bed: str) -> Counter[str]:
    """Sends each moment when its time has come; how often each answer came."""
    answers: Counter[str] = Counter()
    clock = asyncio.get_running_loop().time
    began_s = clock()
    async with gateway:
        for number, moment in enumerate(moments, start=1):
            due_s = began_s + (moment.at_min - moments[0].at_min) * SECONDS_PER_MIN / speed
            await asyncio.sleep(max(0.0, due_s - clock()))
            at = datetime.now(UTC)
            message = report(
                dialect, moment.signs, at=at, control_id=f"{at:%H%M%S}-{number}", identifier="REPLAY", bed=bed
            )
            answers[answer := await _answer(gateway, message, is_first=number == 1)] += 1
            _say(moment, answer)
    return answers


async def _answer(gateway: Sender, message: bytes, *, is_first: bool) -> str:
    """Somebody must be there when it begins; after that, what nobody answers is lost, as with any monitor."""
    try:
        return await gateway.send(message)
    except GatewayError:
        if is_first:
            raise
        return LOST


def _say(moment: Moment, answer: str) -> None:
    signs = ", ".join(f"{signal} {value}" for signal, value in moment.signs.items()) or "no signal"
    typer.echo(f"minute {moment.at_min:g}: {signs}: {answer}")
