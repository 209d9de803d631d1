"""A page of the guide beside a bare Django template view of the same size, under the same server in the same run.

The guide's page goes through the whole of Stillroom's middleware, with its headers, its ETag and a signed time of its
own; the bare one through what `startproject` sets. Server and clients share the machine's cores.
"""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stillroom.project.bench import Figure, clinic_database, goal, goal_of_ratio

AT_ONCE = 8
ROUND_S = 1.5
ROUNDS = 5
PATH = "/guide/hour/"
LIMIT_BYTES = 60_000
LEAST_OF_BARE = 0.7


def figures() -> Iterator[Figure]:
    with clinic_database(), tempfile.TemporaryDirectory() as folder:
        from bench_bedside import served

        with served("stillroom.project.asgi") as ours:
            html = asyncio.run(ours.get(PATH, None))
            yield from _sizes(html)
            os.environ["BARE_BODY"] = str(_body_of(html, Path(folder)))
            with served("bare_django") as bare:
                yield asyncio.run(_compared(ours, bare))
                yield asyncio.run(_alone(ours))


def _body_of(html: bytes, folder: Path) -> Path:
    """All that stands in the page, so that both send as many bytes."""
    body = folder / "body.html"
    body.write_bytes(b"".join(re.findall(rb"<body.*</body>", html, re.DOTALL)))
    return body


def _sizes(html: bytes) -> Iterator[Figure]:
    import stillroom

    source = Path(stillroom.__file__).parent
    files = {name.decode() for name in re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js))"', html)}
    weights = [(next(source.glob(f"*/static/{name}"))).stat().st_size for name in (*files, "web/js/dialogs.js")]
    whole = len(html) + sum(weights)
    about = "without pictures, not compressed"
    yield Figure("guide.page_with_styles_and_scripts", whole / 1000, "kB", about, limit=goal(most=LIMIT_BYTES / 1000))


async def _compared(ours: Any, bare: Any) -> Figure:
    counts = {"ours": 0, "bare": 0}
    for _ in range(ROUNDS):
        counts["bare"] += await _answered(bare)
        counts["ours"] += await _answered(ours)
    seconds = ROUNDS * ROUND_S
    ours_per_s, bare_per_s = counts["ours"] / seconds, counts["bare"] / seconds
    against = f"bare Django template view {bare_per_s:.3g} requests/s"
    least = goal_of_ratio(least=LEAST_OF_BARE)
    return Figure("guide.page", ours_per_s, "requests/s", against, ours_per_s / bare_per_s, least)


async def _alone(ours: Any) -> Figure:
    """Milliseconds of one answer while nobody else asks."""
    began_s = time.monotonic()
    for _ in range(50):
        await ours.get(PATH, None)
    return Figure("guide.page_alone", 1e3 * (time.monotonic() - began_s) / 50, "ms")


async def _answered(served: Any) -> int:
    until_s = time.monotonic() + ROUND_S

    async def ask() -> int:
        answered = 0
        while time.monotonic() < until_s:
            await served.get(PATH, None)
            answered += 1
        return answered

    return sum(await asyncio.gather(*(ask() for _ in range(AT_ONCE))))
