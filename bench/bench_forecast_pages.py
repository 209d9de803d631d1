"""The fan and the what-if, as pages ask for them: what they cost, and how soon a course is on the glass.

On the page it is the time from the input of a rate to the frame in which its course is drawn, in Chromium, with the
room live and its stream open; server, browser and PostgreSQL share the machine's cores. The first question of a
server's life is asked before, and not counted.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import numpy as np
from bench_bedside import Served, served
from playwright.sync_api import sync_playwright

from stillroom.core.pharmacology import ROOM_MODELS, Body, course
from stillroom.core.pharmacology.below import below
from stillroom.core.pharmacology.effects import perception
from stillroom.project.bench import Figure, clinic_database, goal
from stillroom.web.charts import FanDrawing, draw_fan
from tests import chromium

ROUNDS = 25
ASKED = 40
PATIENT = Body(age_y=40, weight_kg=70)
SEGMENTS = ((0.0, 5.0, 0.6), (5.0, 40.0, 0.875), (60.0, 90.0, 0.4))
DRIPS = ((0.0, 40.0), (60.0, 90.0))
T_MIN = np.arange(0.0, 121.0)
MARKS_NG_PER_ML = (100.0, 50.0, 25.0)
LIMIT_FAN_MS = 5.0
LIMIT_PAGE_MS = 100.0
STOPWATCH = """() => {
  const place = document.querySelector("#act-new-rate [data-what-if]");
  window.took = [];
  let asked = null;
  document.addEventListener("input", () => { asked = performance.now() }, true);
  new MutationObserver(() => {
    if (asked === null || !place.firstElementChild) return;
    const from = asked;
    asked = null;
    requestAnimationFrame(() => setTimeout(() => window.took.push(performance.now() - from)));
  }).observe(place, { childList: true });
}"""


def figures() -> Iterator[Figure]:
    yield from _reckoned()
    with clinic_database():
        import ward

        clinic = ward.furnish(1)
        with served("timed_server") as web:
            yield from _answered(web, clinic)
            yield from _seen(web, clinic)


def _reckoned() -> Iterator[Figure]:
    """One infusion's lines, band and drawing; the way down and the band of perception, which stand beside them."""
    fan_ms, below_ms, felt_ms = _interleaved_ms(
        _fan,
        lambda: below(ROOM_MODELS, SEGMENTS, PATIENT, MARKS_NG_PER_ML),
        lambda: perception(SEGMENTS, PATIENT, T_MIN),
    )
    yield Figure("pharmacology.fan_and_band", fan_ms, "ms", limit=goal(most=LIMIT_FAN_MS))
    yield Figure("pharmacology.way_down", below_ms, "ms")
    yield Figure("pharmacology.perception_band", felt_ms, "ms")
    compilers = _compilers_loaded()
    yield Figure("bedside.compilers_loaded_by_pages", compilers, "modules", limit=goal(most=0))


def _fan() -> FanDrawing:
    """Plasma and effect site, as the room draws them."""
    return draw_fan(course(ROOM_MODELS, SEGMENTS, PATIENT, T_MIN), drips=DRIPS, now_min=23.0, stops_min=90.0)


def _compilers_loaded() -> int:
    asked = (
        "import sys; from stillroom.project.running import set_up_django; set_up_django();"
        "import stillroom.project.urls; sys.exit(sum(name in sys.modules for name in ('numba', 'llvmlite')))"
    )
    return subprocess.run([sys.executable, "-c", asked], check=False).returncode


def _answered(web: Served, clinic: Any) -> Iterator[Figure]:
    taken_ms = asyncio.run(_ask(web, clinic))
    yield Figure("bedside.what_if_answered_p50", statistics.median(taken_ms), "ms", f"p95 {_p95(taken_ms):.3g} ms")
    yield Figure("bedside.what_if_answered_p95", _p95(taken_ms), "ms", limit=goal(most=LIMIT_PAGE_MS))


async def _ask(web: Served, clinic: Any) -> list[float]:
    taken_ms = []
    for number in range(ASKED + 1):
        began_s = perf_counter()
        await web.get(f"/bedside/{clinic.infusions[0]}/what-if/new-rate?rate_ml_per_h={60 + number}", clinic)
        taken_ms.append(1e3 * (perf_counter() - began_s))
    return taken_ms[1:]


def _seen(web: Served, clinic: Any) -> Iterator[Figure]:
    taken_ms = _typed(web, clinic)
    p50_ms, p95_ms = statistics.median(taken_ms), _p95(taken_ms)
    limit = goal(most=LIMIT_PAGE_MS)
    yield Figure("bedside.what_if_on_the_page_p50", p50_ms, "ms", limit=limit)
    yield Figure("bedside.what_if_on_the_page_p95", p95_ms, "ms", limit=limit)


def _typed(web: Served, clinic: Any) -> list[float]:
    url = f"http://127.0.0.1:{web.port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.path(), args=chromium.arguments())
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        pairs = (each.split("=", 1) for each in clinic.cookie.split("; "))
        context.add_cookies([{"name": name, "value": value, "url": url} for name, value in pairs])
        page = context.new_page()
        page.goto(f"{url}/bedside/{clinic.infusions[0]}/")
        page.get_by_role("button", name="Record new rate").click()
        page.evaluate(STOPWATCH)
        field = page.locator("#act-new-rate [name=rate_ml_per_h]")
        for number in range(ASKED + 1):
            field.fill(str(60 + number))
            page.wait_for_function("n => window.took.length > n", arg=number)
        taken_ms: list[float] = page.evaluate("took")
        browser.close()
    return taken_ms[1:]


def _p95(taken_ms: list[float]) -> float:
    return float(np.percentile(taken_ms, 95))


def _interleaved_ms(*tasks: Callable[[], object]) -> list[float]:
    """Median milliseconds of each task, taken in turns so that a busy moment falls on all alike."""
    taken: list[list[float]] = [[] for _ in tasks]
    for _ in range(ROUNDS):
        for task, times in zip(tasks, taken, strict=True):
            began = perf_counter()
            task()
            times.append((perf_counter() - began) * 1000.0)
    return [statistics.median(times) for times in taken]
