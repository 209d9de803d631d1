"""A monitor's own alarms: read in the shapes that senders use, kept as the monitor's, and never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from stillroom.core.vitals import MonitorAlarm, Signal, Silenced, Standing, Urgency, still_standing
from stillroom.gateways.contract import Answer, Report
from stillroom.gateways.hl7.acks import acknowledgements
from stillroom.gateways.hl7.message import open_message
from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.wire import read
from tests.gateways.hl7.messages import AT, SENT, message

KIND = "ORU^R40^ORU_R40"

# The older shape: the event in OBX-3, urgency and kind in its OBX-8, the measurement in the second facet.
LOW_OXYGEN = (
    "OBX|1|ST|196670^MDC_EVT_LO^MDC|1.3.1.150456.1|SpO2 low|||PM~SP|||F|||" + SENT,
    "OBX|2|NM|150456^MDC_PULS_OXIM_SAT_O2^MDC|1.3.1.150456.2|88|262688^MDC_DIM_PERCENT^MDC|90-96||||F",
    "OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.3.1.150456.3|start||||||F",
    "OBX|4|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.3.1.150456.4|active||||||F",
    "OBX|5|ST|68483^MDC_ATTR_ALARM_INACTIVATION_STATE^MDC|1.3.1.150456.5|audio-paused||||||F",
)
# The newer: the event in OBX-5 under MDC_EVT_ALARM, everything else in facets of its own.
LEAD_OFF = (
    "OBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.7.0.196680.1|196680^MDC_EVT_LEAD_OFF^MDC|||A~PL~ST|||R|||" + SENT,
    "OBX|2|CWE|68480^MDC_ATTR_ALERT_SOURCE^MDC|1.7.0.196680.2|69965^MDC_DEV_MON_PHYSIO_MULTI_PARAM_MDS^MDC||||||F",
    "OBX|3|ST|68481^MDC_ATTR_EVENT_PHASE^MDC|1.7.0.196680.3|start||||||F",
    "OBX|4|ST|68482^MDC_ATTR_ALARM_STATE^MDC|1.7.0.196680.4|active||||||F",
    "OBX|6|ST|68484^MDC_ATTR_ALARM_PRIORITY^MDC|1.7.0.196680.6|PL||||||F",
)
HEARTBEAT = ("OBX|1|CWE|196614^MDC_EVT_ACTIVE^MDC|1||||||||F",)


def reported(*observations: str, request: str = f"OBR|1|||196616^MDC_EVT_ALARM^MDC|||{SENT}") -> Report:
    frame = message(observations, kind=KIND, request=request)
    return read(open_message(frame), received_at=AT + timedelta(seconds=1), zone=None)


def alarm_in(*observations: str) -> MonitorAlarm:
    report = reported(*observations)
    assert report.answer is Answer.ACCEPT, report.set_aside
    [alarm] = report.alarms
    return alarm


def test_an_alarm_of_the_older_shape_is_read() -> None:
    alarm = alarm_in(*LOW_OXYGEN)
    assert (alarm.words, alarm.signal, alarm.urgency) == ("SpO2 low", Signal.SPO2_PERCENT, Urgency.MEDIUM)
    assert (alarm.standing, alarm.silenced, alarm.is_technical) == (Standing.ACTIVE, Silenced.SOUND_PAUSED, False)
    assert (alarm.said_at, alarm.received_at) == (AT, AT + timedelta(seconds=1))


def test_an_alarm_of_the_newer_shape_is_read() -> None:
    alarm = alarm_in(*LEAD_OFF)
    assert (alarm.words, alarm.signal, alarm.urgency, alarm.is_technical) == ("lead off", None, Urgency.LOW, True)
    assert alarm.standing is Standing.ACTIVE


def test_its_samples_are_not_taken_for_readings() -> None:
    assert reported(*LOW_OXYGEN).samples == ()


def test_codes_and_names_the_wrong_way_round_mean_the_same() -> None:
    turned = [line.replace("68482^MDC_ATTR_ALARM_STATE", "MDC_ATTR_ALARM_STATE^68482") for line in LOW_OXYGEN]
    assert alarm_in(*turned) == alarm_in(*LOW_OXYGEN)


def test_a_text_of_its_own_is_the_monitors_word() -> None:
    words = "OBX|7|ST|68546^MDC_ATTR_ALERT_TEXT^MDC|1.7.0.196680.7|ECG lead off: RA||||||F"
    assert alarm_in(*LEAD_OFF, words).words == "ECG lead off: RA"


def test_several_alarms_in_one_message_are_several() -> None:
    second = f"OBR|2|||196616^MDC_EVT_ALARM^MDC|||{SENT}"
    report = reported(*LOW_OXYGEN, second, *LEAD_OFF)
    assert [alarm.words for alarm in report.alarms] == ["SpO2 low", "lead off"]
    assert len({alarm.key for alarm in report.alarms}) == 2


def test_a_sign_of_life_is_answered_and_is_no_alarm() -> None:
    report = reported(*HEARTBEAT)
    assert (report.answer, report.alarms, report.set_aside) == (Answer.ACCEPT, (), ())


@pytest.mark.parametrize(
    ("said", "instead"),
    [("|start|", "|beginning|"), ("|active|", "||"), ("|audio-paused|", "|hushed|"), ("^MDC_EVT_LO^", "^SPO2_LOW^")],
)
def test_a_word_that_is_not_of_the_profile_is_refused(said: str, instead: str) -> None:
    report = reported(*(line.replace(said, instead) for line in LOW_OXYGEN))
    assert report.answer is Answer.ERROR
    assert [item.reason for item in report.set_aside] == [Reason.ALARM_WORD]


def test_one_that_is_not_understood_costs_no_other() -> None:
    bad = [line.replace("|start|", "|beginning|") for line in LEAD_OFF]
    report = reported(*LOW_OXYGEN, f"OBR|2|||196616^MDC_EVT_ALARM^MDC|||{SENT}", *bad)
    assert [alarm.words for alarm in report.alarms] == ["SpO2 low"]
    assert [(item.reason, item.where) for item in report.set_aside] == [(Reason.ALARM_WORD, "OBR 2")]


def test_the_answer_names_the_event_it_answers() -> None:
    opened = open_message(message(LOW_OXYGEN, kind=KIND))
    [ack] = acknowledgements(opened.header, reported(*LOW_OXYGEN), at=AT, control_id="S1")
    assert b"|ACK^R40^ACK|" in ack
    assert b"\rMSA|AA|MSG1" in ack


# What stands.

START = alarm_in(*LOW_OXYGEN)
LATCHED = replace(START, standing=Standing.LATCHED, said_at=AT + timedelta(seconds=20))
OVER = replace(START, standing=Standing.INACTIVE, said_at=AT + timedelta(seconds=30))
OTHER = alarm_in(*LEAD_OFF)
NOW = AT + timedelta(minutes=1)


@pytest.mark.parametrize("said", list(permutations([START, LATCHED, OVER])))
def test_what_was_said_last_counts_however_late_the_rest_comes(said: tuple[MonitorAlarm, ...]) -> None:
    assert still_standing(said, at=NOW) == ()


def test_an_alarm_that_is_over_and_not_seen_still_stands() -> None:
    assert still_standing([LATCHED, START], at=NOW) == (LATCHED,)


def test_the_most_urgent_stands_first() -> None:
    assert still_standing([OTHER, START], at=NOW) == (START, OTHER)


def test_an_alarm_that_begins_again_stands_again() -> None:
    again = replace(START, said_at=AT + timedelta(seconds=40))
    assert still_standing([again, OVER, START], at=NOW) == (again,)


def test_what_was_said_half_a_day_ago_is_of_another_day() -> None:
    assert still_standing([START], at=AT + timedelta(hours=11)) == (START,)
    assert still_standing([START], at=AT + timedelta(hours=13)) == ()
