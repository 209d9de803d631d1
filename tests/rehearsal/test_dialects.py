"""What the simulated monitors put on the wire: as a library that is not ours reads it, and as our own gateway does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message

from stillroom.core.vitals import Signal, Validity
from stillroom.gateways.contract import Answer
from stillroom.gateways.hl7.acks import acknowledgements
from stillroom.gateways.hl7.message import open_message
from stillroom.gateways.hl7.wire import read
from stillroom.rehearsal.dialects import DIALECTS, A, B, Dialect, Signs, report

AT = datetime(2026, 11, 23, 10, 41, 5, tzinfo=UTC)
SIGNS: Signs = {
    Signal.SPO2_PERCENT: Decimal(97),
    Signal.PULSE_PER_MIN: Decimal(78),
    Signal.RESP_PER_MIN: Decimal(14),
    Signal.TEMPERATURE_CEL: Decimal("36.7"),
    Signal.SBP_MMHG: Decimal(131),
    Signal.DBP_MMHG: Decimal(82),
    Signal.MBP_MMHG: Decimal(98),
}
each_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS)


def sent(dialect: Dialect, signs: Signs = SIGNS, at: datetime = AT) -> bytes:
    return report(dialect, signs, at=at, control_id="17", identifier="DEMO-1002", bed="Room 2")


@each_dialect
def test_hl7apy_accepts_it_by_the_letter_of_its_version(dialect: Dialect) -> None:
    message = parse_message(sent(dialect).decode(), validation_level=VALIDATION_LEVEL.STRICT, find_groups=True)
    message.validate()
    assert message.msh.msh_12.to_er7() == dialect.version
    observations = message.oru_r01_patient_result.oru_r01_order_observation.oru_r01_observation
    assert [Decimal(each.obx.obx_5.to_er7()) for each in observations] == list(SIGNS.values())


@each_dialect
def test_the_gateway_reads_every_sign_at_the_moment_it_was_measured(dialect: Dialect) -> None:
    zone = None if dialect.says_offset else dialect.zone
    found = read(open_message(sent(dialect)), received_at=AT + timedelta(seconds=1), zone=zone)
    assert found.answer is Answer.ACCEPT
    assert found.set_aside == ()
    assert {sample.signal: sample.value for sample in found.samples} == SIGNS
    assert {sample.measured_at for sample in found.samples} == {AT}
    assert {sample.validity for sample in found.samples} == {Validity.VALID}


@each_dialect
def test_it_is_answered_in_the_way_it_asked_for(dialect: Dialect) -> None:
    message = open_message(sent(dialect))
    found = read(message, received_at=AT, zone=dialect.zone)
    (answer,) = acknowledgements(message.header, found, at=AT, control_id="1")
    assert b"\rMSA|AA|17" in answer


def test_the_second_clock_shows_another_zone_and_does_not_say_which() -> None:
    assert b"|20261123064105.000-0400|" in sent(A)
    assert b"|20261123194105|" in sent(B)


@each_dialect
def test_with_nobody_connected_there_is_no_number(dialect: Dialect) -> None:
    found = read(open_message(sent(dialect, {})), received_at=AT, zone=dialect.zone)
    assert (found.answer, found.samples, found.set_aside) == (Answer.ACCEPT, (), ())
