"""What is one reading, and how far may it be believed?"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from stillroom.core.vitals.signals import Signal


class Validity(StrEnum):
    """The three answers a nurse needs, from ISO/IEEE 11073-10207 `MeasurementValidity`, which has ten.

    A `questionable` value may be true: it is shown marked, and it can raise an alarm. An `invalid` value cannot be
    true, or was never of this person (test, demonstration, calibration): it is kept as sent and shown as no value.
    Neither of them can clear an alarm.
    """

    VALID = "valid"
    QUESTIONABLE = "questionable"
    INVALID = "invalid"


class Sample(NamedTuple):
    """One number of one signal, as the monitor sent it.

    `value` is in the unit its signal names. It is a `Decimal`: the digits on the monitor's face, the digits stored
    and the digits on the chart are then the same, and 91 compared with a limit of 91 is equal.
    `measured_at` is the monitor's clock and `received_at` is ours; both are aware and in UTC. A tuple, as thousands are
    made in a second, and a frozen dataclass takes longer to make.
    """

    signal: Signal
    value: Decimal
    measured_at: datetime
    received_at: datetime
    validity: Validity = Validity.VALID
