"""A gateway for bench_devices that is handed its messages in memory, by no socket: reads, judges, keeps and answers.

    python handed.py NUMBER OF LINES SECONDS

Every line hands over a report (that of monitors.py), waits until it is durable and answered, and hands over the next.
The lines are dealt out among OF such gateways. Says "ready", waits for a line on standard input, and prints how many
messages were answered and the seconds that it took.
"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta

import uvloop
from monitors import report

from stillroom.project.running import look_seldom_for_garbage, set_up_django

MOST = 600
"""Messages made beforehand for each line: making them is no work of a gateway's."""


def say(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


async def answered(number: int, of: int, lines: int, seconds: float) -> tuple[int, float]:
    from stillroom.clinics import clock
    from stillroom.devices.gateway import GatewayKeeper, look
    from stillroom.devices.ingest import conninfo_of_django, ingesting
    from stillroom.gateways.contract import Line
    from stillroom.gateways.hl7.link import Link

    now = datetime.now(UTC)
    made = {
        line: [report(f"BED{line}", now - timedelta(milliseconds=10 * n), n) for n in range(MOST)]
        for line in range(number - 1, lines, of)
    }
    async with ingesting(conninfo_of_django()) as ingest:
        keeper = GatewayKeeper(ingest, number=number)
        await look(keeper)
        link = Link(keeper, now=clock.now)
        look_seldom_for_garbage()
        say("ready")
        sys.stdin.readline()
        began_s = time.perf_counter()
        count = 0

        async def hand_over(line: int) -> None:
            nonlocal count
            from_here = Line("127.0.0.1", line, "")
            for frame in made[line]:
                [answer] = await link._answers_to(from_here, frame)
                assert b"\rMSA|AA|" in answer, answer
                count += 1
                if time.perf_counter() - began_s > seconds:
                    return
                await asyncio.sleep(0)  # as between two readings of a socket
            raise RuntimeError(f"{MOST} messages are too few for {seconds} s")

        await asyncio.gather(*map(hand_over, made))
        return count, time.perf_counter() - began_s


if __name__ == "__main__":
    set_up_django()
    say(*uvloop.run(answered(*map(int, sys.argv[1:4]), float(sys.argv[4]))))
