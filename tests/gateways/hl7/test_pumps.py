"""What a pump says it did (IHE PCD-10). The frame is the sample of IHE's supplement; the rest is built of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from stillroom.core.drip.pump import PumpDid
from stillroom.gateways.contract import Answer, Report
from stillroom.gateways.hl7.acks import acknowledgements
from stillroom.gateways.hl7.message import open_message
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.wire import read
from tests.gateways.hl7.messages import frame_of

STARTED = frame_of("ihe__pcd10-delivery-start.hl7")
SAID_AT = datetime(2015, 10, 15, 18, 21, 6, tzinfo=UTC)
CAME_AT = SAID_AT + timedelta(seconds=1)


def report(frame: bytes = STARTED) -> Report:
    return read(open_message(frame), received_at=CAME_AT, zone=None)


def changed(found: str, written: str) -> Report:
    assert found.encode() in STARTED
    return report(STARTED.replace(found.encode(), written.encode()))


def test_ihes_own_sample_is_a_delivery_that_started() -> None:
    found = report()
    [event] = found.pump_events
    assert (event.did, event.rate_ml_per_h, event.given_ml, event.left_ml) == (
        PumpDid.STARTED, Decimal("15.4"), Decimal("0.0"), Decimal("250.0"),
    )  # fmt: skip
    assert (event.said_at, event.received_at) == (SAID_AT, CAME_AT)
    assert (found.answer, found.set_aside, found.samples) == (Answer.ACCEPT, (), ())


@pytest.mark.parametrize(
    ("written", "did", "words"),
    [
        ("0^MDC_EVT_PUMP_DELIV_STOP^MDC", PumpDid.STOPPED, ""),
        ("197292^MDC_EVT_PUMP_DELIV_COMP^MDC", PumpDid.COMPLETED, ""),
        ("0^MDC_EVT_PUMP_PROG_CLEARED^MDC", PumpDid.OTHER, "pump prog cleared"),
    ],
)
def test_other_events_are_what_they_call_themselves(written: str, did: PumpDid, words: str) -> None:
    [event] = changed("197288^MDC_EVT_PUMP_DELIV_START^MDC", written).pump_events
    assert (event.did, event.words) == (did, words)


@pytest.mark.parametrize(
    ("found", "written", "reason"),
    [
        ("197288^MDC_EVT_PUMP_DELIV_START", "197292^MDC_EVT_PUMP_DELIV_START", Reason.PUMP_EVENT),
        ("197288^MDC_EVT_PUMP_DELIV_START^MDC", "", Reason.PUMP_EVENT),
        ("20151015132106-0500", "20151015182106-0500", Reason.TIME_AHEAD),
    ],
)
def test_an_event_that_is_not_understood_is_refused(found: str, written: str, reason: Reason) -> None:
    refused = changed(found, written)
    assert (refused.answer, refused.pump_events) == (Answer.ERROR, ())
    assert [item.reason for item in refused.set_aside] == [reason]


@pytest.mark.parametrize(
    ("found", "written", "reason"),
    [
        ("|0.0|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "|0.0|1^MDC_DIM_L^MDC", Reason.UNIT_UNKNOWN),
        ("|0.0|263762^MDC_DIM_MILLI_L^MDC^mL^mL^UCUM", "|0.0|", Reason.UNIT_MISSING),
        ("|1.1.2.7|0.0|", "|1.1.2.7|a lot|", Reason.NOT_A_NUMBER),
        ("|1.1.2.7|0.0|", "|1.1.2.7|-3|", Reason.NOT_A_NUMBER),
        ("|1.1.2.7|0.0|", "|1.1.2.7||", None),
        # Another bag on the same pump has given this.
        ("|1.1.2.7|0.0|", "|1.1.3.7|99|", None),
    ],
)
def test_an_amount_that_is_not_understood_is_no_amount_and_the_event_stays(
    found: str, written: str, reason: Reason | None
) -> None:
    found_report = changed(found, written)
    [event] = found_report.pump_events
    assert event.given_ml is None
    assert event.left_ml == Decimal("250.0")
    assert [item.reason for item in found_report.set_aside] == ([reason] if reason else [])


def test_the_answer_to_a_pump_is_an_answer_and_no_order() -> None:
    message = open_message(STARTED)
    for answer in acknowledgements(message.header, report(), at=CAME_AT, control_id="1"):
        kinds = {line.split(b"|")[0] for line in answer.split(b"\r") if line}
        assert kinds <= {b"MSH", b"MSA", b"ERR"}
        assert b"|ACK^R42^ACK|" in answer
