"""What a sender gets back: only what it asked for, addressed to it, with a reason an engineer can act on."""

from __future__ import annotations

from datetime import UTC, datetime

import hl7
import pytest
from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.parser import parse_message

from stillroom.gateways.contract import SetAside
from stillroom.gateways.hl7.acks import MAX_ERRORS, acknowledgements
from stillroom.gateways.hl7.message import USUAL, Message, open_message
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.wire import read, refusal
from tests.gateways.hl7.messages import AT, PULSE_71, SPO2_97, message

NOW = datetime(2026, 3, 2, 10, 0, 1, 250000, tzinfo=UTC)
UNKNOWN_UNIT = SPO2_97.replace("262688^MDC_DIM_PERCENT^MDC", "percent")


def answers(opened: Message) -> list[bytes]:
    report = read(opened, received_at=AT, zone=None)
    return list(acknowledgements(opened.header, report, at=NOW, control_id="S1"))


def answer(frame: bytes) -> hl7.Message:
    [only] = answers(open_message(frame))
    return hl7.parse(only.decode())


def test_a_message_taken_is_answered_aa_to_whoever_sent_it() -> None:
    ack = answer(message())
    assert (str(ack["MSA"][0][1]), str(ack["MSA"][0][2])) == ("AA", "MSG1")
    header = ack["MSH"][0]
    assert [str(header[n]) for n in (3, 4, 5, 6)] == ["Infusions", "Clinic", "Acme^ACDE48234567ABCD^EUI-64", "Ward 1"]
    assert (str(header[7]), str(header[9]), str(header[11]), str(header[12])) == (
        "20260302100001.250+0000",
        "ACK^R01^ACK",
        "P",
        "2.6",
    )


def test_the_answer_is_valid_for_a_strict_reader() -> None:
    for observations in ([PULSE_71], [UNKNOWN_UNIT]):
        [only] = answers(open_message(message(observations)))
        assert parse_message(only.decode(), validation_level=VALIDATION_LEVEL.STRICT).validate()


def test_a_refusal_says_where_and_why() -> None:
    ack = answer(message([UNKNOWN_UNIT]))
    assert str(ack["MSA"][0][1]) == "AE"
    assert str(ack["MSA"][0][3]) == "OBX 1: The unit in OBX-6 is not known here. (percent)"
    error = ack["ERR"][0]
    assert [str(error[n]) for n in (2, 3, 4, 8)] == [
        "OBX^1",
        "103^Table value not found^HL70357",
        "E",
        "OBX 1: The unit in OBX-6 is not known here. (percent)",
    ]


def test_part_of_a_message_taken_is_aa_with_a_warning() -> None:
    ack = answer(message([UNKNOWN_UNIT, PULSE_71]))
    assert (str(ack["MSA"][0][1]), str(ack["ERR"][0][4])) == ("AA", "W")


def test_signs_we_do_not_keep_are_no_warning() -> None:
    other = "OBX|1|NM|150033^MDC_PRESS_BLD_ART_SYS^MDC|1|120|266016^MDC_DIM_MMHG^MDC|||||R"
    assert b"ERR" not in answers(open_message(message([other])))[0]


def test_a_hundred_faults_are_told_by_ten() -> None:
    [only] = answers(open_message(message([UNKNOWN_UNIT] * 100)))
    assert only.count(b"\rERR|") == MAX_ERRORS


def test_before_version_2_5_the_reason_stands_in_msa_alone() -> None:
    [only] = answers(open_message(message([UNKNOWN_UNIT], version="2.4")))
    assert b"\rERR" not in only
    assert b"not known here" in only


@pytest.mark.parametrize(
    ("accept", "application", "taken", "refused"),
    [
        ("", "", [b"AA"], [b"AE"]),
        ("NE", "AL", [b"AA"], [b"AE"]),
        ("AL", "NE", [b"CA"], [b"CE"]),
        ("AL", "AL", [b"CA", b"AA"], [b"CE", b"AE"]),
        ("NE", "NE", [], []),
        ("ER", "SU", [b"AA"], [b"CE"]),
        ("NE", "ER", [], [b"AE"]),
        ("AL", "", [b"CA"], [b"CE"]),
    ],
)
def test_only_the_answers_asked_for_are_sent(
    accept: str, application: str, taken: list[bytes], refused: list[bytes]
) -> None:
    for observations, codes in (([PULSE_71], taken), ([UNKNOWN_UNIT], refused)):
        sent = answers(open_message(message(observations, asks=(accept, application))))
        assert [one.split(b"\rMSA|")[1][:2] for one in sent] == codes
        assert len({one.split(b"|")[9] for one in sent}) == len(sent), "each answer has a control id of its own"


def test_an_answer_is_written_with_the_senders_own_separators() -> None:
    marks = str.maketrans("|^~\\&", "!*%$@")
    [only] = answers(open_message(message([UNKNOWN_UNIT]).decode().translate(marks).encode()))
    assert only.startswith(b"MSH!*%$@!Infusions!Clinic!Acme*ACDE48234567ABCD*EUI-64!Ward 1!")
    assert b"!ACK*R01*ACK!" in only


def test_what_we_quote_cannot_break_the_answer() -> None:
    odd = SetAside(Reason.UNIT_UNKNOWN, "OBX 1", "mm|Hg^MDC&~\\")
    [only] = acknowledgements(USUAL, refusal(odd), at=NOW, control_id="S1")
    assert rb"(mm\F\Hg\S\MDC\T\\R\\E\)" in only


def test_a_frame_without_a_header_is_answered_too() -> None:
    [only] = acknowledgements(USUAL, refusal(SetAside(Reason.NOT_HL7, "MSH")), at=NOW, control_id="S1")
    assert only.startswith(b"MSH|^~\\&|Stillroom||||20260302100001.250+0000||ACK^R01^ACK|S1.0|P|2.6|")
    assert b"\rMSA|AR||MSH: The frame does not begin with an MSH segment.\r" in only
