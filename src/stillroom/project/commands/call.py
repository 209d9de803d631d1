"""`stillroom call`: the process that calls devices which do not call us."""

from __future__ import annotations

import asyncio
import signal

from stillroom.project.commands.serve import log_to_stderr
from stillroom.project.running import database


def call() -> None:
    """Call the devices that wait to be called (IEEE 11073 SDC) and store what they tell, until SIGINT or SIGTERM.

    `stillroom serve` runs it already. Which devices are called, and where, is said on the page /devices/.

    Exit codes: 0 it was asked to end. 3 the database cannot be used.
    """
    log_to_stderr()
    with database():
        from stillroom.devices.calling import run_calls

        async def until_asked_to_end() -> None:
            asked = asyncio.Event()
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, asked.set)
            await run_calls(until=asked)

        asyncio.run(until_asked_to_end())
