"""What did this text mean the last time? Remembered only where it is short, so that memory stays small.

A monitor says the same codes, units and numbers with every message. What it says in two megabytes it hardly says
twice, and thousands of those would be gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

LONGEST_REMEMBERED = 400
"""Characters of all that is asked together."""

Meaning = TypeVar("Meaning")


def remembered(count: int) -> Callable[[Callable[..., Meaning]], Callable[..., Meaning]]:
    """The last `count` answers of a function of texts are kept, where those are short."""

    def keeping(find: Callable[..., Meaning]) -> Callable[..., Meaning]:
        known = lru_cache(maxsize=count)(find)

        @wraps(find)
        def found(*said: str) -> Meaning:
            return known(*said) if sum(map(len, said)) <= LONGEST_REMEMBERED else find(*said)

        return found

    return keeping
