"""`stillroom gateway`: the process that listens for bedside monitors."""

from __future__ import annotations

import asyncio
import signal
from typing import Annotated

import typer

from stillroom.gateways.errors import GatewayError
from stillroom.project.commands.serve import log_to_stderr
from stillroom.project.running import database, look_seldom_for_garbage

CANNOT_RUN = 3


def gateway(
    host: Annotated[str, typer.Option(help="Where to listen; STILLROOM_HL7_HOST, else 127.0.0.1.")] = "",
    port: Annotated[int, typer.Option(help="STILLROOM_HL7_PORT, else 2575. 0 takes any free one.", min=-1)] = -1,
    number: Annotated[int, typer.Option(help="Which of STILLROOM_HL7_PROCESSES this one is, from 1 on.", min=1)] = 1,
) -> None:
    """Listen for bedside monitors (HL7 v2 over MLLP) and store what they report, until SIGINT or SIGTERM.

    `stillroom serve` runs it already. Which monitors may send, and where each stands, is said on the page /devices/.

    Exit codes: 0 it was asked to end. 3 a port, a certificate or the database cannot be used.
    """
    log_to_stderr()
    with database():
        from django.conf import settings

        settings.HL7_HOST = host or settings.HL7_HOST
        settings.HL7_PORT = settings.HL7_PORT if port < 0 else port
        look_seldom_for_garbage()
        if not 1 <= number <= settings.HL7_PROCESSES:
            words = f"Gateway {number} cannot be run, as STILLROOM_HL7_PROCESSES is {settings.HL7_PROCESSES}."
            typer.echo(words, err=True)
            raise typer.Exit(CANNOT_RUN)
        try:
            _run(number)
        except OSError as error:
            typer.echo(f"Monitors cannot be listened for: {error}. Set STILLROOM_HL7_PORT.", err=True)
            raise typer.Exit(CANNOT_RUN) from None
        except GatewayError as error:
            typer.echo(f"Monitors cannot be listened for: {error}.", err=True)
            raise typer.Exit(CANNOT_RUN) from None


def _run(number: int) -> None:
    import uvloop

    from stillroom.devices.doors import doors
    from stillroom.devices.gateway import run_gateway

    async def until_asked_to_end() -> None:
        asked = asyncio.Event()
        for ending in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(ending, asked.set)
        await run_gateway(
            doors(),
            until=asked,
            number=number,
            ready=lambda opened: typer.echo(f"Listening for monitors on {', '.join(map(str, opened))}"),
        )

    uvloop.run(until_asked_to_end())
