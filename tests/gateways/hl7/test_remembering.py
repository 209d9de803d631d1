"""What monitors say is remembered, so that it is read quickly; and whatever they say, the memory stays small."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from datetime import timedelta

import pytest

from stillroom.devices.columns import column
from stillroom.devices.enrolment import Roster
from stillroom.gateways.contract import Answer, Report
from stillroom.gateways.hl7.acks import acknowledgements
from stillroom.gateways.hl7.message import Unreadable, open_message
from stillroom.gateways.hl7.wire import origin_of, read
from tests.gateways.hl7.messages import AT, SENT, SPO2_97, message

LONG = 100_000
TIMES = 30
BOUND_BYTES = 1_000_000
"""Ten of the thirty texts."""
ROSTER = Roster()


def spoken(said: Callable[[str], bytes], number: int) -> None:
    """Everything the gateway does with a message before it is stored."""
    try:
        opened = open_message(said(f"{number:04d}" + "x" * LONG))
    except Unreadable as fault:
        acknowledgements(fault.header, Report(Answer.REJECT), at=AT, control_id="A")
        return
    origin = origin_of(opened)
    ROSTER.owner_of("127.0.0.1", origin)
    column("text", [origin.sender])
    report = read(opened, received_at=AT + timedelta(seconds=1), zone=None)
    acknowledgements(opened.header, report, at=AT, control_id="A")


WHERE: dict[str, Callable[[str], bytes]] = {
    "MSH-2": lambda long: message().replace(b"^~\\&", long.encode(), 1),
    "MSH-3": lambda long: message().replace(b"|Acme^", f"|{long}^".encode()),
    "MSH-7": lambda long: message().replace(SENT.encode(), long.encode(), 1),
    "MSH-9": lambda long: message(kind=f"ORU^R01^{long}"),
    "MSH-10": lambda long: message(control_id=long),
    "MSH-12": lambda long: message().replace(b"|2.6|", f"|2.6^{long}|".encode(), 1),
    "PV1-3": lambda long: message().replace(b"CHAIR^^2", long.encode()),
    "a segment": lambda long: message((SPO2_97, f"{long}|1")),
    "OBX-3": lambda long: message((SPO2_97.replace("150456^", f"150456{long}^"),)),
    "OBX-5": lambda long: message((SPO2_97.replace("|97|", f"|{long}|"),)),
    "OBX-6": lambda long: message((SPO2_97.replace("262688^", f"262688{long}^"),)),
    "OBX-8": lambda long: message(
        (SPO2_97.replace("262688^MDC_DIM_PERCENT^MDC||", f"262688^MDC_DIM_PERCENT^MDC||{long}"),)
    ),
}


@pytest.mark.parametrize("where", WHERE)
def test_what_is_too_long_to_be_said_twice_is_not_remembered(where: str) -> None:
    said = WHERE[where]
    assert len(said("y" * LONG)) > LONG, "the text stands in the message"
    spoken(said, 9999)
    gc.collect()
    tracemalloc.start()
    for number in range(TIMES):
        spoken(said, number)
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < BOUND_BYTES
