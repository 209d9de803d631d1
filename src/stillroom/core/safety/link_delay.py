"""Does an order wait for less time than its monitor takes between two readings? Such a delay would be none at all."""

from __future__ import annotations

from stillroom.core.errors import Finding, Severity
from stillroom.core.order import UNSIGNED, AlarmSettings


def judge_delays(settings: AlarmSettings | None, *, interval_s: float | None) -> tuple[Finding, ...]:
    """A finding for each delay shorter than `interval_s`, how often the slowest device sends; None: there is none."""
    if interval_s is None:
        return ()
    alarms = settings or UNSIGNED
    return tuple(
        Finding(
            "delay_shorter_than_link",
            Severity.HARD,
            {"field": field, "delay_s": str(delay_s), "interval_s": f"{interval_s:g}"},
        )
        for field, delay_s in (("grave_delay_s", alarms.grave_delay_s), ("limit_delay_s", alarms.limit_delay_s))
        if delay_s < interval_s
    )
