"""What did a pump say of its own delivery? Shown as the pump's; no dose is counted from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

STILL_SAID = timedelta(hours=12)
"""What a pump said longer ago belongs to another day."""


class PumpDid(StrEnum):
    STARTED = "started"
    STOPPED = "stopped"
    COMPLETED = "completed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PumpEvent:
    """One event. `words` is its own name where it is none of the three; amounts that were not said are None.

    `rate_ml_per_h` is what flows now, `given_ml` what was given of this delivery, `left_ml` what it is still to give.
    """

    did: PumpDid
    words: str
    rate_ml_per_h: Decimal | None
    given_ml: Decimal | None
    left_ml: Decimal | None
    said_at: datetime
    received_at: datetime
