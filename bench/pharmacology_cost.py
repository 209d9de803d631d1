"""How the cost of a course grows with patients, times and changes of rate, drawn for the docs.

    .venv/bin/python bench/pharmacology_cost.py

measures it here and now, and writes docs/clinical/pharmacology-cost.svg. Each point is the median of a few runs after
one that compiles. "One patient" is what a page does: three models, plasma and effect site, no compiled code. "Many" is
what `stillroom simulate` does: one model, compiled, two threads where there are two and patients enough.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from math import log10
from pathlib import Path
from time import perf_counter

import numpy as np

from stillroom.core.pharmacology import MODELS, ROOM_MODELS, Body, course
from stillroom.core.pharmacology.history import RateHistory, staircase
from stillroom.core.pharmacology.models import KE0_PER_MIN
from stillroom.core.pharmacology.population import followed, people_like, summed
from stillroom.project.bench import compile_anew_where_changed

DRAWING = Path(__file__).parent.parent / "docs" / "clinical" / "pharmacology-cost.svg"
KAMP, ONE = MODELS["kamp2020"], Body(age_y=40, weight_kg=70)
MANY = 1_000
ROUNDS = 5

WIDTH, HEIGHT, LEFT, TOP, PANEL, GAP, TALL = 960, 400, 70, 74, 250, 40, 240
FROM_MS, TO_MS = -2, 3  # powers of ten


@dataclass(frozen=True)
class Line:
    """What was measured: how many, and milliseconds."""

    label: str
    look: str
    many: tuple[int, ...]
    took_ms: tuple[float, ...]


@dataclass(frozen=True)
class Panel:
    """Lines over one axis, which runs in powers of ten from 1."""

    axis: str
    to: int
    lines: tuple[Line, ...]


def main() -> int:
    compile_anew_where_changed()
    DRAWING.write_text(drawing([_by_patients(), _by_times(), _by_changes()], datetime.now(UTC).date(), _machine()))
    return 0


def _by_patients() -> Panel:
    sizes, t_min, history = (1, 10, 100, 1_000, 10_000, 100_000, 300_000), np.arange(1.0, 121.0), _infusion(5)

    def curves(n: int) -> object:
        return followed(KAMP, people_like([70.0] * n, KE0_PER_MIN), history, np.ones(n), t_min)

    def sums(n: int) -> object:
        return summed(KAMP, people_like([70.0] * n, KE0_PER_MIN), history, np.ones(n), t_min, 100.0)

    lines = (_line("curves kept", "many", sizes, curves), _line("three numbers of each", "sums", sizes, sums))
    return Panel("patients (120 times, 5 changes of rate)", 6, lines)


def _by_times() -> Panel:
    sizes, history = (1, 10, 100, 1_000, 10_000), _infusion(5)

    def one(n: int) -> object:
        return course(ROOM_MODELS, _segments(5), ONE, np.linspace(1.0, 120.0, n))

    def many(n: int) -> object:
        people = people_like([70.0] * MANY, KE0_PER_MIN)
        return followed(KAMP, people, history, np.ones(MANY), np.linspace(1.0, 120.0, n))

    return Panel("times (5 changes of rate)", 4, (_line("one patient", "one", sizes, one), _of_many(sizes, many)))


def _by_changes() -> Panel:
    sizes, t_min = (1, 10, 100, 1_000), np.arange(1.0, 121.0)

    def one(n: int) -> object:
        return course(ROOM_MODELS, _segments(n), ONE, t_min)

    def many(n: int) -> object:
        people = people_like([70.0] * MANY, KE0_PER_MIN)
        return followed(KAMP, people, _infusion(n), np.ones(MANY), t_min)

    return Panel("changes of rate (120 times)", 3, (_line("one patient", "one", sizes, one), _of_many(sizes, many)))


def _of_many(sizes: tuple[int, ...], task: Callable[[int], object]) -> Line:
    return _line(f"{MANY:,} patients".replace(",", "\u202f"), "many", sizes, task)


def _line(label: str, look: str, sizes: tuple[int, ...], task: Callable[[int], object]) -> Line:
    return Line(label, look, sizes, tuple(_median_ms(lambda size=size: task(size)) for size in sizes))


def _median_ms(task: Callable[[], object]) -> float:
    task()
    taken = []
    for _ in range(ROUNDS):
        began = perf_counter()
        task()
        taken.append((perf_counter() - began) * 1000.0)
    return statistics.median(taken)


def _segments(changes: int) -> list[tuple[float, float, float]]:
    """Of 120 minutes, each at a rate of its own."""
    edges = np.linspace(0.0, 120.0, changes + 1)
    return [(float(a), float(b), 0.5 + 0.1 * (i % 3)) for i, (a, b) in enumerate(pairwise(edges))]


def _infusion(changes: int) -> RateHistory:
    return staircase(_segments(changes))


def _machine() -> str:
    wide = "AVX-512" if "avx512f" in Path("/proc/cpuinfo").read_text() else "no AVX-512"
    return f"{os.cpu_count()} cores, {os.uname().machine}, {wide}"


def drawing(panels: list[Panel], on: date, machine: str) -> str:
    """The panels side by side, both axes in powers of ten."""
    parts = [part for number, panel in enumerate(panels) for part in _drawn(panel, LEFT + number * (PANEL + GAP))]
    title = "Time to work out a course of plasma and effect site"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d">\n'
        f'<title id="t">{title}</title>\n<desc id="d">{_told(panels)}</desc>\n'
        "<style>text{font:13px system-ui,sans-serif;fill:#1f2a30}.head{font-size:17px;font-weight:600}"
        ".note{fill:#56636b}.grid{stroke:#e3e7e9}.axis{fill:none;stroke:#8a959b}polyline{fill:none;stroke-width:2.5}"
        ".one{stroke:#1f6f6b}.many{stroke:#8a4b16;stroke-dasharray:8 4}.sums{stroke:#4b4b9c;stroke-dasharray:2 4}"
        "</style>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n<text class="head" x="{LEFT}" y="28">{title}</text>\n'
        f'<text class="note" x="{LEFT}" y="48">Milliseconds, both axes in powers of ten. '
        f"Measured {on:%d %B %Y} on {machine}.</text>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _drawn(panel: Panel, left: float) -> Iterator[str]:
    for power in range(FROM_MS, TO_MS + 1):
        y = _y(10.0**power)
        yield f'<path class="grid" d="M{left} {y:.1f}h{PANEL}"/>'
        if left == LEFT:
            yield f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{_plain(10.0**power)} ms</text>'
    yield f'<path class="axis" d="M{left} {TOP}v{TALL}h{PANEL}"/>'
    for power in range(panel.to + 1):
        x = left + PANEL * power / panel.to
        yield f'<text x="{x:.1f}" y="{TOP + TALL + 18}" text-anchor="middle">{_plain(10.0**power)}</text>'
    yield f'<text x="{left + PANEL / 2}" y="{TOP + TALL + 40}" text-anchor="middle">{panel.axis}</text>'
    for number, line in enumerate(panel.lines):
        points = [(left + PANEL * log10(n) / panel.to, _y(ms)) for n, ms in zip(line.many, line.took_ms, strict=True)]
        yield f'<polyline class="{line.look}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
        key_y = TOP + TALL + 60 + 18 * number
        yield f'<polyline class="{line.look}" points="{left},{key_y - 4} {left + 30},{key_y - 4}"/>'
        yield f'<text x="{left + 38}" y="{key_y}">{line.label}, to {_plain(line.took_ms[-1])} ms</text>'


def _y(ms: float) -> float:
    return TOP + TALL * (TO_MS - log10(ms)) / (TO_MS - FROM_MS)


def _plain(number: float) -> str:
    return {1e4: "10⁴", 1e5: "10⁵", 1e6: "10⁶"}.get(number, f"{number:.2g}" if number < 100 else f"{number:.0f}")


def _told(panels: list[Panel]) -> str:
    return " ".join(
        f"{line.label}, {panel.axis}: "
        + ", ".join(f"{n} in {_plain(ms)} ms" for n, ms in zip(line.many, line.took_ms, strict=True))
        + "."
        for panel in panels
        for line in panel.lines
    )


if __name__ == "__main__":
    sys.exit(main())
