"""What does a monitor measure of a simulated patient, and when does its cuff inflate?"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.core.vitals import Signal
from stillroom.rehearsal.dialects import Signs as Measured
from stillroom.rehearsal.patient import Signs

WITH_EVERY_MESSAGE = (
    Signal.SPO2_PERCENT,
    Signal.PULSE_PER_MIN,
    Signal.RESP_PER_MIN,
    Signal.ETCO2_MMHG,
    Signal.TEMPERATURE_CEL,
)
BY_CUFF = (Signal.SBP_MMHG, Signal.DBP_MMHG, Signal.MBP_MMHG)


def measured(signs: Signs, *, with_cuff: bool, cuff_says: tuple[int, int] | None = None) -> Measured:
    """The signs as numbers of signals; the pressures only when the cuff has just inflated, as it says them."""
    signals = (*WITH_EVERY_MESSAGE, *BY_CUFF) if with_cuff else WITH_EVERY_MESSAGE
    values = {signal: Decimal(str(getattr(signs, signal.value))) for signal in signals}
    if with_cuff and cuff_says is not None:
        sbp, dbp = (Decimal(each) for each in cuff_says)
        values |= {Signal.SBP_MMHG: sbp, Signal.DBP_MMHG: dbp, Signal.MBP_MMHG: Decimal(round(dbp + (sbp - dbp) / 3))}
    return values


class Cuff:
    """Inflates at once when it is first asked, and then at its interval."""

    def __init__(self, interval_s: float) -> None:
        self._interval = timedelta(seconds=interval_s)
        self._next_at: datetime | None = None

    def is_due(self, at: datetime) -> bool:
        if self._next_at is not None and at < self._next_at:
            return False
        self._next_at = at + self._interval
        return True
