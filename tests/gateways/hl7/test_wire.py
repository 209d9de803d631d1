"""What a message comes to: samples of the right sign, value, unit and time, and the rest set aside with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.vitals import Signal, Validity
from stillroom.gateways.contract import HARMLESS, Answer, Report
from stillroom.gateways.hl7.driver import read_frame
from stillroom.gateways.hl7.message import Unreadable, open_message
from stillroom.gateways.hl7.reasons import MEANINGS, Reason
from stillroom.gateways.hl7.wire import SHOWN_CHARACTERS, origin_of, read
from tests.gateways.hl7 import messages as m
from tests.gateways.hl7.messages import AT, MMHG, PERCENT, SENT, SPO2, message

S = Signal


def report_of(frame: bytes, *, received_at: datetime = AT, zone: tzinfo | None = None) -> Report:
    return read(open_message(frame), received_at=received_at, zone=zone)


def values(report: Report) -> dict[Signal, str]:
    return {sample.signal: str(sample.value) for sample in report.samples}


def reasons(report: Report) -> list[Reason]:
    return [item.reason for item in report.set_aside]


def only_reason(*observations: str, **changes: Any) -> Reason:
    report = report_of(message(observations, **changes))
    assert (report.samples, report.answer) == ((), Answer.ERROR)
    return reasons(report)[0]


def obx(code: str = SPO2, value: str = "97", unit: str = PERCENT, *, kind: str = "NM", status: str = "R") -> str:
    return f"OBX|1|{kind}|{code}|1.1|{value}|{unit}|||||{status}|||{SENT}"


def test_a_report_is_read_to_samples_in_utc() -> None:
    report = report_of(message(), received_at=AT + timedelta(seconds=1))
    assert report.answer is Answer.ACCEPT
    assert values(report) == {S.SPO2_PERCENT: "97", S.PULSE_PER_MIN: "71"}
    sample = report.samples[0]
    assert (sample.measured_at, sample.received_at) == (AT, AT + timedelta(seconds=1))
    assert sample.validity is Validity.VALID


def test_who_sent_it_and_of_whom_it_speaks() -> None:
    origin = origin_of(open_message(message()))
    assert origin.sender == "Acme^ACDE48234567ABCD^EUI-64"
    assert origin.facility == "Ward 1"
    assert origin.bed == "CHAIR^^2"
    assert origin.patient_id == "789567^^^Imaginary Hospital^PI"


# The byte-exact messages of other people's systems.

OLD = datetime(2009, 8, 13, 9, 57, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "received_at", "expected"),
    [
        (
            "ipf__pcd01-request.hl7",
            datetime(2009, 8, 13, 4, 57, 20, tzinfo=UTC),
            {S.SBP_MMHG: "120", S.DBP_MMHG: "80", S.MBP_MMHG: "100"},
        ),
        ("ipf__valid-bp-continua-wan.hl7v2", OLD, {S.SBP_MMHG: "120", S.DBP_MMHG: "80", S.MBP_MMHG: "100"}),
        (
            "ipf__valid-oximeter-continua-wan.hl7v2",
            datetime(2009, 7, 15, 7, 7, 8, tzinfo=UTC),
            {S.SPO2_PERCENT: "80.5"},
        ),
        (
            "ipf__valid-thermometer-continua-wan.hl7v2",
            datetime(2009, 7, 15, 7, 7, 8, tzinfo=UTC),
            {S.TEMPERATURE_CEL: "37.00"},
        ),
        ("ipf__valid-scale-continua-wan.hl7v2", OLD, {}),
        ("ipf__invalid-glucose-continua-wan.hl7v2", OLD, {}),
    ],
)
def test_other_peoples_messages_are_read(name: str, received_at: datetime, expected: dict[Signal, str]) -> None:
    report = report_of(m.frame_of(name), received_at=received_at)
    assert report.answer is Answer.ACCEPT
    assert values(report) == expected
    assert set(reasons(report)) <= HARMLESS


def test_a_corrected_value_is_kept_as_doubtful_and_a_deleted_one_is_not() -> None:
    """One OBX is marked C and QUES, the next D, and the first gives mmHg in words for a profile code we do not keep.

    The second group writes a 2 behind each number, so that a name we know stands under a number that nobody knows.
    """
    received_at = datetime(2009, 8, 13, 4, 57, 30, tzinfo=UTC)
    report = report_of(m.frame_of("ipf__valid-pcd01-MaximumRequest2.hl7"), received_at=received_at)
    assert values(report) == {S.SBP_MMHG: "140", S.MBP_MMHG: "100"}
    assert report.samples[0].validity is Validity.QUESTIONABLE
    assert [(item.where, item.reason) for item in report.refusals] == [
        ("OBX 4", Reason.WITHDRAWN),
        ("OBX 8", Reason.NAME_MISMATCH),
        ("OBX 9", Reason.NAME_MISMATCH),
        ("OBX 10", Reason.NAME_MISMATCH),
    ]


def test_an_arterial_line_is_not_taken_for_a_cuff() -> None:
    received_at = datetime(2008, 12, 11, 14, 45, tzinfo=UTC)
    report = report_of(m.frame_of("ipf__valid-pcd01-request2.hl7v2"), received_at=received_at, zone=UTC)
    assert values(report) == {S.HEART_RATE_PER_MIN: "60"}


def test_its_times_have_no_zone_so_without_one_set_it_is_refused() -> None:
    received_at = datetime(2008, 12, 11, 14, 45, tzinfo=UTC)
    report = report_of(m.frame_of("ipf__valid-pcd01-request2.hl7v2"), received_at=received_at)
    assert report.answer is Answer.ERROR
    assert reasons(report)[0] is Reason.ZONE_MISSING


@pytest.mark.parametrize("name", ["FHIR-Converter__ORU-R01-01.hl7", "FHIR-Converter__ORU-R01-RMGEAD.hl7"])
def test_line_feeds_alone_are_refused(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        open_message(m.frame_of(name))
    assert refused.value.reason is Reason.LINE_FEEDS


def test_a_laboratory_result_with_its_lines_ended_has_nothing_for_us() -> None:
    frame = m.frame_of("FHIR-Converter__ORU-R01-RMGEAD.hl7").replace(b"\n", b"\r") + b"\r"
    report = report_of(frame)
    assert (report.answer, report.samples, reasons(report)) == (Answer.ACCEPT, (), [Reason.NOT_KEPT])


# Shapes of other makers.


def test_a_ge_shaped_message_with_no_value_signs_and_a_wrong_code() -> None:
    report = report_of(m.GE_SHAPE.encode())
    found = {sample.signal: (str(sample.value), sample.validity) for sample in report.samples}
    assert found == {
        S.HEART_RATE_PER_MIN: ("75", Validity.VALID),
        S.SPO2_PERCENT: ("-100", Validity.INVALID),
        S.TEMPERATURE_CEL: ("384.5", Validity.INVALID),
        S.MBP_MMHG: ("114", Validity.VALID),
    }
    assert [(item.where, item.reason) for item in report.set_aside] == [
        ("OBX 1", Reason.NOT_KEPT),
        ("OBX 5", Reason.NAME_MISMATCH),  # a cuff's name under a number that is not the cuff's, and nobody's we know
    ]
    assert [item.what for item in report.refusals] == ["150031^MDC_PRESS_CUFF_SYS^MDC"]
    mean = report.samples[-1]
    assert mean.measured_at == AT - timedelta(minutes=4, seconds=30), "OBX-14 without zone takes the zone of MSH-7"
    assert report.samples[0].measured_at == AT, "without OBX-14 the time is that of OBR-7"


def test_a_comen_shaped_message_is_read_but_for_numbers_that_belong_to_other_signs() -> None:
    report = report_of(m.COMEN_SHAPE.encode())
    assert values(report) == {S.SPO2_PERCENT: "97", S.RESP_PER_MIN: "20", S.SBP_MMHG: "120"}
    assert [item.what for item in report.refusals] == [
        "149522^MDC_PULS_RATE^MDC",
        "150456^MDC_PULS_OXIM_SAT_O2^MDC",
        "150018^MDC_PRESS_BLD_NONINV_DIA^MDC",
    ]
    assert [item.reason for item in report.refusals] == [
        Reason.NAME_MISMATCH,
        Reason.SIGNAL_TWICE,
        Reason.NAME_MISMATCH,
    ]


@pytest.mark.parametrize(
    ("code", "unit", "signal"),
    [
        ("327680^SPO2_SPO2^EHC", "%", S.SPO2_PERCENT),
        ("327681^SPO2_PR^EHC", "bpm", S.PULSE_PER_MIN),
        ("131072^ECG_HR^EHC", "bpm", S.HEART_RATE_PER_MIN),
        ("393216^NIBP_SYS^EHC", "mmHg", S.SBP_MMHG),
        ("393217^NIBP_DIA^EHC", "mmHg", S.DBP_MMHG),
        ("393218^NIBP_MEAN^EHC", "mmHg", S.MBP_MMHG),
        ("393219^NIBP_PR^EHC", "bpm", S.CUFF_PULSE_PER_MIN),
    ],
)
def test_edans_own_codes_are_read(code: str, unit: str, signal: Signal) -> None:
    assert values(report_of(message([obx(code=code, unit=unit)]))) == {signal: "97"}
    assert only_reason(obx(code=code, unit="")) is Reason.UNIT_MISSING


def test_a_code_of_edans_that_is_not_known_does_not_cost_the_known_one_beside_it() -> None:
    both = "150344^MDC_TEMP^MDC^458752^TEMP_T1^EHC"
    assert values(report_of(message([obx(code=both, value="37", unit="Cel")]))) == {S.TEMPERATURE_CEL: "37"}


def test_words_are_read_as_gateways_of_two_makers_write_them_and_no_others_are() -> None:
    said = {"HR": ("72", "bpm"), "SPO2": ("97", "%"), "NIBPs": ("121", "mmHg"), "NIBPd": ("10.2", "kPa")}
    report = report_of(message([obx(code=word, value=value, unit=unit) for word, (value, unit) in said.items()]))
    assert values(report) == {
        S.HEART_RATE_PER_MIN: "72", S.SPO2_PERCENT: "97", S.SBP_MMHG: "121", S.DBP_MMHG: "76.51",
    }  # fmt: skip
    report = report_of(message([obx(code=word) for word in ("SpO2", "PVCs", "SpO2^SpO2")]))
    assert (report.samples, reasons(report)) == ((), [Reason.NOT_KEPT] * 3)
    assert report.answer is Answer.ACCEPT


@pytest.mark.parametrize(
    ("code", "unit", "reason"),
    [
        ("HR", "", Reason.UNIT_MISSING),
        ("NIBPs", "bpm", Reason.UNIT_OF_ANOTHER_KIND),
        ("HR^NIBPs", "bpm", Reason.NAME_MISMATCH),
        ("HR^^^150456^MDC_PULS_OXIM_SAT_O2^MDC", "%", Reason.CODES_DISAGREE),
    ],
)
def test_a_word_is_held_to_its_unit_and_to_what_stands_beside_it(code: str, unit: str, reason: Reason) -> None:
    report = report_of(message([obx(code=code, unit=unit)]))
    assert (report.samples, reasons(report)) == ((), [reason])


def test_a_philips_shaped_message_takes_the_zone_set_for_its_link() -> None:
    report = report_of(m.PHILIPS_SHAPE.encode(), zone=ZoneInfo("Europe/Vienna"))
    assert values(report) == {
        S.HEART_RATE_PER_MIN: "60", S.SPO2_PERCENT: "96", S.RESP_PER_MIN: "20", S.SBP_MMHG: "118",
    }  # fmt: skip
    assert {sample.measured_at for sample in report.samples} == {AT}


# One observation is wrong.


@pytest.mark.parametrize(
    ("observation", "reason"),
    [
        (obx(value="9x7"), Reason.NOT_A_NUMBER),
        (obx(value="1e2"), Reason.NOT_A_NUMBER),
        (obx(value="NaN"), Reason.NOT_A_NUMBER),
        (obx(value="97,5"), Reason.NOT_A_NUMBER),
        (obx(value=" 97"), Reason.NOT_A_NUMBER),
        (obx(value="٩٧"), Reason.NOT_A_NUMBER),
        (obx(value="9" * 17), Reason.NOT_A_NUMBER),
        (obx(value="97~96"), Reason.SEVERAL_VALUES),
        (obx(value="97^96"), Reason.NOT_A_NUMBER),
        (obx(kind="ST"), Reason.VALUE_TYPE),
        (obx(kind=""), Reason.VALUE_TYPE),
        (obx(unit=""), Reason.UNIT_MISSING),
        (obx(unit="percent"), Reason.UNIT_UNKNOWN),
        (obx(unit="262688^MDC_DIM_MMHG^MDC"), Reason.UNIT_MISMATCH),
        (obx(unit="%^%^UCUM^mm[Hg]^mm[Hg]^UCUM"), Reason.UNIT_MISMATCH),
        (obx(unit="262688^^MDC"), Reason.NAME_MISSING),
        (obx(unit=MMHG), Reason.UNIT_OF_ANOTHER_KIND),
        (obx(code="150456^MDC_AWAY_CO2_ET^MDC"), Reason.NAME_MISMATCH),
        (obx(code="150456^^MDC"), Reason.NAME_MISSING),
        (obx(code="150031^MDC_PRESS_CUFF_SYS^MDC", unit=MMHG), Reason.NAME_MISMATCH),
        (obx(code="327680^NIBP_SYS^EHC"), Reason.NAME_MISMATCH),
        (obx(code="150456^MDC_PULS_OXIM_SAT_O2^MDC^8867-4^Heart rate^LN"), Reason.CODES_DISAGREE),
        (obx(code="8867-4^Bacteria identified^LN"), Reason.NAME_MISMATCH),
        (obx(status="D"), Reason.WITHDRAWN),
        (obx(status="W"), Reason.WITHDRAWN),
    ],
)
def test_an_observation_that_is_not_what_it_should_be_is_refused(observation: str, reason: Reason) -> None:
    assert only_reason(observation) is reason


@pytest.mark.parametrize("observation", [obx(value=""), obx(value='""'), obx(status="X")])
def test_no_value_is_no_fault(observation: str) -> None:
    report = report_of(message([observation]))
    assert (report.answer, report.samples, reasons(report)) == (Answer.ACCEPT, (), [Reason.NO_VALUE])
    assert report.refusals == ()


def test_a_wrong_observation_does_not_cost_the_right_one_beside_it() -> None:
    report = report_of(message([obx(value="9x7"), m.PULSE_71]))
    assert report.answer is Answer.ACCEPT
    assert values(report) == {S.PULSE_PER_MIN: "71"}
    assert [(item.where, item.what) for item in report.refusals] == [("OBX 1", "9x7")]


@pytest.mark.parametrize(
    ("code", "signal"),
    [
        (f"SPO2^Saturation^99COMEN^{SPO2}", S.SPO2_PERCENT),
        (f"{SPO2}^59408-5^SpO2^LN", S.SPO2_PERCENT),
        (f"{SPO2}^2708-6^Oxygen saturation in Arterial blood^LN", S.SPO2_PERCENT),
        (f"{SPO2}^327680^SPO2_SPO2^99EHC", S.SPO2_PERCENT),
    ],
)
def test_a_local_code_may_stand_beside_a_known_one(code: str, signal: Signal) -> None:
    assert values(report_of(message([obx(code=code)]))) == {signal: "97"}


def test_a_known_system_with_a_sign_we_do_not_keep_is_not_taken_by_its_other_code() -> None:
    arterial = "150033^MDC_PRESS_BLD_ART_SYS^MDC^8480-6^Systolic blood pressure^LN"
    assert reasons(report_of(message([obx(code=arterial, unit=MMHG)]))) == [Reason.NOT_KEPT]


def test_pressures_in_kilopascal_are_converted() -> None:
    assert values(report_of(message([obx(code=m.SBP, value="16.0", unit="265987^MDC_DIM_KILO_PASCAL^MDC")]))) == {
        S.SBP_MMHG: "120.01"
    }


def test_pressures_that_contradict_each_other_are_kept_and_flagged() -> None:
    report = report_of(message([obx(code=m.SBP, value="80", unit=MMHG), obx(code=m.DBP, value="90", unit=MMHG)]))
    assert values(report) == {S.SBP_MMHG: "80", S.DBP_MMHG: "90"}
    assert {sample.validity for sample in report.samples} == {Validity.INVALID}


def test_one_sign_twice_at_one_time_keeps_the_first() -> None:
    report = report_of(message([obx(value="97"), obx(value="88")]))
    assert values(report) == {S.SPO2_PERCENT: "97"}
    assert reasons(report) == [Reason.SIGNAL_TWICE]


@pytest.mark.parametrize(
    ("flags", "validity"),
    [
        ("", Validity.VALID),
        ("H", Validity.VALID),
        ("N~A", Validity.VALID),
        ("QUES", Validity.QUESTIONABLE),
        ("EARLY~QUES", Validity.QUESTIONABLE),
        ("ZZZ", Validity.QUESTIONABLE),
        ("INV", Validity.INVALID),
        ("DEMO", Validity.INVALID),
        ("QUES~TEST", Validity.INVALID),
    ],
)
def test_what_the_monitor_says_of_its_value_is_believed(flags: str, validity: Validity) -> None:
    observation = obx().replace(f"{PERCENT}||", f"{PERCENT}||{flags}")
    assert report_of(message([observation])).samples[0].validity is validity


# Times.


@pytest.mark.parametrize(
    ("own", "requested", "sent", "after_s"),
    [
        ("20260302095930+0000", SENT, SENT, -30),
        ("", "20260302095940+0000", SENT, -20),
        ("", "", "20260302095950+0000", -10),
    ],
)
def test_the_time_is_of_the_value_else_of_the_request_else_of_the_message(
    own: str, requested: str, sent: str, after_s: int
) -> None:
    observation = obx().replace(SENT, own)
    report = report_of(message([observation], request=f"OBR|1||||||{requested}", sent=sent))
    assert report.samples[0].measured_at == AT + timedelta(seconds=after_s)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("20260302100101+0000", Reason.TIME_AHEAD),
        ("20260301095959+0000", Reason.TIME_OLD),
        ("20260302", Reason.TIME_UNREADABLE),
        ("yesterday", Reason.TIME_UNREADABLE),
    ],
)
def test_a_time_that_cannot_be_now_is_refused(text: str, reason: Reason) -> None:
    assert only_reason(obx().replace(SENT, text)) is reason


def test_no_time_at_all_is_refused() -> None:
    assert only_reason(obx().replace(SENT, ""), request="OBR|1", sent="") is Reason.TIME_MISSING


# The whole message is wrong.


@pytest.mark.parametrize(
    ("frame", "answer", "reason"),
    [
        (message(kind="ADT^A01"), Answer.REJECT, Reason.TYPE),
        (message(kind="ORU^W01"), Answer.REJECT, Reason.TYPE),
        (message(version="3.0"), Answer.REJECT, Reason.VERSION),
        (message(processing="T"), Answer.REJECT, Reason.NOT_PRODUCTION),
        (message(control_id=""), Answer.ERROR, Reason.CONTROL_ID),
        (message(before=["PV1||I"]), Answer.ERROR, Reason.PATIENT_SEGMENT),
        (message(before=["PID|||1", "PID|||2"]), Answer.ERROR, Reason.TWO_PATIENTS),
        (message(before=["PID|||1", "PV1|||BED1", "PV1|||BED2"]), Answer.ERROR, Reason.TWO_PATIENTS),
        (message(request=""), Answer.ERROR, Reason.REQUEST_SEGMENT),
        (message(before=["PID|||1", m.SPO2_97]), Answer.ERROR, Reason.REQUEST_SEGMENT),
    ],
)
def test_what_is_wrong_with_the_whole_message_refuses_it_whole(frame: bytes, answer: Answer, reason: Reason) -> None:
    report = report_of(frame)
    assert (report.answer, report.samples, reasons(report)) == (answer, (), [reason])


def test_an_empty_report_is_a_sign_of_life() -> None:
    report = report_of(message([]))
    assert (report.answer, report.samples, report.set_aside) == (Answer.ACCEPT, (), ())
    assert report.sent_at == AT


def test_a_character_set_that_is_not_read_is_named() -> None:
    report = read_frame(message(charset="CNS 11643-1992"), received_at=AT, zone=None)
    assert (report.answer, reasons(report)) == (Answer.REJECT, [Reason.CHARSET])
    assert report.set_aside[0].what == "CNS 11643-1992"
    longer = read_frame(message(charset="U" * 200), received_at=AT, zone=None)
    assert longer.set_aside[0].what == "U" * SHOWN_CHARACTERS


def test_every_reason_has_its_words() -> None:
    assert set(MEANINGS) == set(Reason)


# Laws.


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: message() + tail))
def test_no_bytes_crash_it_or_yield_a_sample_where_nothing_parses(frame: bytes) -> None:
    try:
        opened = open_message(frame)
    except Unreadable:
        return
    report = read(opened, received_at=AT, zone=None)
    assert opened.header.fields[0] == "MSH"
    assert not report.samples or report.answer is Answer.ACCEPT
    assert all(len(item.what) <= SHOWN_CHARACTERS for item in report.set_aside)


@given(st.integers(0, len(message())), st.sampled_from([b"", b"\r"]))
def test_a_message_cut_anywhere_never_yields_what_the_whole_did_not_say(length: int, end: bytes) -> None:
    """As the wire cuts it, nothing ends the last line; whoever adds an end to what it cut vouches for it."""
    if end and message()[length - 1 : length] != b"\r":
        return
    try:
        report = read(open_message(message()[:length]), received_at=AT, zone=None)
    except Unreadable:
        return
    assert set(report.samples) <= set(report_of(message()).samples)


@given(st.integers(0, len(message()) - 1), st.integers(0, 255))
def test_one_damaged_byte_never_crashes_it(place: int, byte: int) -> None:
    frame = bytearray(message())
    frame[place] = byte
    try:
        report = read(open_message(bytes(frame)), received_at=AT, zone=None)
    except Unreadable:
        return
    assert not report.samples or report.answer is Answer.ACCEPT
