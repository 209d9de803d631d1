"""HL7 version 2 as a driver: monitors call us, and `link.py` listens for them."""

from __future__ import annotations

from datetime import datetime, tzinfo

from stillroom.gateways.contract import Driver, Report
from stillroom.gateways.hl7.message import Unreadable, open_message
from stillroom.gateways.hl7.reasons import MEANINGS
from stillroom.gateways.hl7.shown import shown
from stillroom.gateways.hl7.wire import read, unread


def read_frame(frame: bytes, *, received_at: datetime, zone: tzinfo | None) -> Report:
    """What one message came to, whatever its bytes."""
    try:
        message = open_message(frame)
    except Unreadable as fault:
        return unread(fault, "MSH")
    return read(message, received_at=received_at, zone=zone)


DRIVER = Driver(
    name="hl7",
    title="HL7 version 2",
    suffix="hl7",
    reads=read_frame,
    sentences={reason: meaning.sentence for reason, meaning in MEANINGS.items()},
    shows=shown,
)
