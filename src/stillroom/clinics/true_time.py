"""How far is the computer's clock from true time? What the service that keeps it says (chrony); else nobody knows.

Asked on the way to a start, by /health and by `stillroom check`, and nowhere else: it can take a second, and nothing
that stops or records waits for it.
"""

from __future__ import annotations

import subprocess
from decimal import ROUND_UP, Decimal

TRACKING = ("chronyc", "-c", "tracking")
ANSWERS_WITHIN_S = 1.0
THOUSANDTH_S = Decimal("0.001")

SURE_WITHIN_S = Decimal(1)
"""What is known less well than that, and than it is off, is not known: no time server has answered for long."""

REFERENCE, SLOW_BY, ROOT_DELAY, ROOT_DISPERSION, LEAP = 0, 4, 10, 11, 13
"""Places in the line of commas. `SLOW_BY` is what is still to be added to the clock: above zero it is behind.

Source: chrony, client.c (process_cmd_tracking and print_report); the bound: chronyc(1), tracking, Root dispersion.
"""
KEPT = frozenset({"Normal", "Insert second", "Delete second"})
BY_ITSELF = "7F7F0101"
"""127.127.1.1: chrony's own `local` mode, in which the clock is compared with nothing but itself."""


def off_by_s() -> Decimal | None:
    """Seconds: above zero ahead of true time, below it behind. None where nobody knows, which is not zero."""
    try:
        asked = subprocess.run(
            TRACKING,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ANSWERS_WITHIN_S,
            check=True,
        )
        return _read(asked.stdout.decode("ascii").strip().split(","))
    except (OSError, subprocess.SubprocessError, ValueError, ArithmeticError, LookupError):
        return None


def _read(said: list[str]) -> Decimal | None:
    """To a thousandth of a second, never nearer to true time than was said."""
    slow_by_s, delay_s, dispersion_s = (Decimal(said[place]) for place in (SLOW_BY, ROOT_DELAY, ROOT_DISPERSION))
    is_sure = dispersion_s + delay_s / 2 <= max(SURE_WITHIN_S, abs(slow_by_s))
    if said[LEAP] not in KEPT or said[REFERENCE] == BY_ITSELF or not is_sure:
        return None
    return (-slow_by_s).quantize(THOUSANDTH_S, rounding=ROUND_UP)
