"""How many messages a second does a link bring? Counted by whole seconds, over the last ten of them."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

OVER = timedelta(seconds=10)
_OVER_S = int(OVER.total_seconds())


class Rate:
    """Of one link, since it was first heard. Holds a count for each second of the last ten, however many come."""

    def __init__(self) -> None:
        self._counts: deque[list[int]] = deque(maxlen=_OVER_S + 1)
        self._first_s: int | None = None

    def count(self, at: datetime) -> None:
        """One more message, that came at this time."""
        second = int(at.timestamp())
        if self._first_s is None:
            self._first_s = second
        # A clock that was set back counts where it was.
        if self._counts and second <= self._counts[-1][0]:
            self._counts[-1][1] += 1
        else:
            self._counts.append([second, 1])

    def per_s(self, at: datetime) -> float | None:
        """Over the ten whole seconds before this one, or as many as there were; nothing before the first is over."""
        now_s = int(at.timestamp())
        if self._first_s is None or now_s <= self._first_s:
            return None
        from_s = max(self._first_s, now_s - _OVER_S)
        return sum(count for second, count in self._counts if from_s <= second < now_s) / (now_s - from_s)
