"""How soon staff must know: the latency budget of each step, in milliseconds (docs/clinical/alarms.md).

Ninety-nine of a hundred come within `p99_ms`, and every one within `hard_ms`. Of a few measurements there is no p99:
the slowest of them is held to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stillroom.project.bench import Figure, budget

ENOUGH = 100


@dataclass(frozen=True)
class Step:
    p99_ms: float
    hard_ms: float


INPUT_TO_DURABLE = Step(p99_ms=150, hard_ms=1_000)
EVENT_TO_JUDGED = Step(p99_ms=100, hard_ms=500)
ALARM_TO_DISPLAYS = Step(p99_ms=500, hard_ms=2_000)
ALARM_TO_HEARD = Step(p99_ms=1_000, hard_ms=3_000)
LINK_LOST_TO_SAID = Step(p99_ms=6_000, hard_ms=8_000)
WATCH_KILLED_TO_ALARM = Step(p99_ms=5_000, hard_ms=10_000)
UNANSWERED_TO_CALLED = Step(p99_ms=30_000, hard_ms=35_000)
STORM_TO_GRAVE_ALARM_MS = 3_000
"""The other one, of a grave alarm in the middle of a storm (docs/faults.md, F20)."""


def held_to(step: Step, name: str, taken_ms: Sequence[float]) -> Iterator[Figure]:
    count = len(taken_ms)
    if count < ENOUGH:
        yield Figure(f"{name}_slowest_of_{count}", max(taken_ms), "ms", limit=budget(step.p99_ms))
        return
    yield Figure(f"{name}_p99", sorted(taken_ms)[int(0.99 * count)], "ms", f"of {count}", limit=budget(step.p99_ms))
    yield Figure(f"{name}_slowest", max(taken_ms), "ms", f"of {count}", limit=budget(step.hard_ms))
