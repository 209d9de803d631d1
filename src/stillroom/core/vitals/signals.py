"""Which vital signs does Stillroom keep, and where does each come from?

The name of a signal carries its unit, so a bare number beside it is never ambiguous. Pulse from the finger, rate from
the electrocardiogram and pulse from the cuff are three signals: they arrive at different times, they fail for
different reasons, and a nurse who sees them disagree has learned something.
"""

from __future__ import annotations

from enum import StrEnum


class Signal(StrEnum):
    SPO2_PERCENT = "spo2_percent"
    PULSE_PER_MIN = "pulse_per_min"
    HEART_RATE_PER_MIN = "heart_rate_per_min"
    SBP_MMHG = "sbp_mmhg"
    DBP_MMHG = "dbp_mmhg"
    MBP_MMHG = "mbp_mmhg"
    CUFF_PULSE_PER_MIN = "cuff_pulse_per_min"
    RESP_PER_MIN = "resp_per_min"
    ETCO2_MMHG = "etco2_mmhg"
    TEMPERATURE_CEL = "temperature_cel"

    # As the text that it is: an enumeration's own way is four times as long, and every reading is looked up by it.
    __hash__ = str.__hash__


NOT_JUDGED = frozenset({Signal.ETCO2_MMHG, Signal.TEMPERATURE_CEL})
"""Kept and shown; no alarm is raised by them."""
CUFF_SIGNALS = frozenset({Signal.SBP_MMHG, Signal.DBP_MMHG, Signal.MBP_MMHG, Signal.CUFF_PULSE_PER_MIN})
"""Measured when the cuff inflates, not with every message: judged by the cuff's interval."""
