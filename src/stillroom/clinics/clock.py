"""What time is it in the house? The computer's clock, unless somebody or something has set it while Stillroom runs.

A clock that leaps ahead would make everything overdue at once, and one that leaps back would have what has happened lie
in the future. So time goes on as it did: by what the kernel has counted since these processes began, which nobody can
set (`CLOCK_BOOTTIME`, asleep or not). That the clock was set is said on every page until it is right again, or until
Stillroom is started anew. All processes are copies of one (docs/decisions/0009) and count from the same moment.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

STEP = timedelta(seconds=5)
"""Less is taken as it comes: a time server moves a clock gently, or by a second or two. SR-59."""


class HouseClock:
    """`wall` is the computer's clock and may be set; `steady` counts seconds and is never set."""

    def __init__(self) -> None:
        self._began_wall_s, self._began_s = self.wall_s(), self.steady_s()

    def wall_s(self) -> float:
        return time.time()

    def steady_s(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def now(self) -> datetime:
        """Aware UTC; never before and never long after what was now a moment ago."""
        wall_s = self.wall_s()
        counted_s = self._counted_s()
        is_set = abs(wall_s - counted_s) > STEP.total_seconds()
        return datetime.fromtimestamp(counted_s if is_set else wall_s, tz=UTC)

    def set_by(self) -> timedelta | None:
        """How far the computer's clock was set since Stillroom began, ahead or back; None while it goes right."""
        by = timedelta(seconds=self.wall_s() - self._counted_s())
        return by if abs(by) > STEP else None

    def _counted_s(self) -> float:
        return self._began_wall_s + self.steady_s() - self._began_s


HOUSE = HouseClock()


def now() -> datetime:
    return HOUSE.now()


def clock_set_by() -> timedelta | None:
    return HOUSE.set_by()
