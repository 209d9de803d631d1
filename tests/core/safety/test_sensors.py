"""What a monitor says of its own sensors becomes a condition of that sensor; leads that fell silent are missed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from stillroom.core.safety.sensors import sensor_faults
from stillroom.core.vitals import MonitorAlarm, Sample, Signal, Silenced, Standing, Urgency
from tests.core.safety.test_watch import EVERY_5_S, NOW, ago, opened, raised, readings, watched


def says(
    signal: Signal | None = None,
    *,
    key: str = "1",
    is_technical: bool | None = True,
    standing: Standing = Standing.ACTIVE,
) -> MonitorAlarm:
    return MonitorAlarm(
        key=key,
        words="lead off",
        signal=signal,
        standing=standing,
        silenced=Silenced.NO,
        urgency=Urgency.LOW,
        is_technical=is_technical,
        said_at=NOW,
        received_at=NOW,
    )


@pytest.mark.parametrize(
    ("alarm", "condition"),
    [
        (says(Signal.SPO2_PERCENT), "probe_fault"),
        (says(Signal.PULSE_PER_MIN), "probe_fault"),
        (says(Signal.HEART_RATE_PER_MIN), "leads_off"),
        (says(Signal.RESP_PER_MIN), "leads_off"),
        (says(Signal.SBP_MMHG), "cuff_fault"),
        (says(Signal.TEMPERATURE_CEL), "monitor_fault"),
        (says(), "monitor_fault"),
        (says(key="196876 1.1.1", is_technical=None), "leads_off"),
        (says(key="196836 1.1.1", is_technical=None), "cuff_fault"),
        (says(Signal.SPO2_PERCENT, key="196916 1", is_technical=None), "probe_fault"),
    ],
)
def test_a_fault_is_of_the_sensor_it_is_about(alarm: MonitorAlarm, condition: str) -> None:
    assert sensor_faults([alarm]) == {condition}
    assert set(raised(watched(said=(alarm,)))) == {condition}
    assert opened({}, condition, said=(alarm,)) == set()
    assert opened({}, condition) == {condition}


def test_an_alarm_about_the_patient_or_one_that_has_passed_is_no_fault() -> None:
    physiological = says(Signal.SPO2_PERCENT, is_technical=False)
    latched = says(Signal.SPO2_PERCENT, standing=Standing.LATCHED)
    assert sensor_faults([physiological, latched, says(key="9", is_technical=None)]) == set()


def test_a_probe_that_is_off_for_long_is_the_graver_condition() -> None:
    last = Sample(Signal.SPO2_PERCENT, readings(Signal.SPO2_PERCENT, 98)[Signal.SPO2_PERCENT][0].value, ago(1.1), NOW)
    assert set(raised(watched({Signal.SPO2_PERCENT: [last]}, said=(says(Signal.SPO2_PERCENT),)))) == {"spo2_missing"}


def test_a_heart_rate_that_was_sent_and_is_not_any_more_is_missed() -> None:
    """The monitor itself goes on sending; one that never sent a rate misses nothing."""

    def since(seconds: int) -> dict[Signal, list[Sample]]:
        at = NOW - timedelta(seconds=seconds)
        return {Signal.HEART_RATE_PER_MIN: [Sample(Signal.HEART_RATE_PER_MIN, readings_value(), at, at)]}

    assert raised(watched(since(55))) == {}
    assert set(raised(watched(since(65)))) == {"leads_missing"}
    assert raised(watched({})) == {}
    assert opened({}, "leads_missing") == set()
    assert opened(since(0), "leads_missing") == {"leads_missing"}
    assert set(raised(watched(since(65), said=(says(Signal.HEART_RATE_PER_MIN),)))) == {"leads_off"}


def sent_until(seconds: int, signal: Signal = Signal.RESP_PER_MIN) -> dict[Signal, list[Sample]]:
    at = NOW - timedelta(seconds=seconds)
    return {signal: [Sample(signal, Decimal(14), at, at)]}


def test_breaths_that_were_sent_and_are_not_any_more_are_missed() -> None:
    """SR-32. By any sign that the monitor still sends; those counted by hand do not end a sensor's silence."""
    assert raised(watched(sent_until(55))) == {}
    assert set(raised(watched(sent_until(65)))) == {"resp_missing"}
    by_leads = readings(Signal.HEART_RATE_PER_MIN, 60, 61, 60) | {Signal.SPO2_PERCENT: []}
    assert "resp_missing" in raised(watched(sent_until(65) | by_leads))
    assert raised(watched({})) == {}
    assert raised(watched(sent_until(65), watched_since=ago(1))) == {}, "they were sent before the start alone"
    assert opened(sent_until(65), "resp_missing", by_hand=sent_until(5)) == set()
    assert opened(sent_until(0), "resp_missing") == {"resp_missing"}
    assert opened({}, "resp_missing", link=None) == {"resp_missing"}


def test_a_heart_rate_and_breaths_that_stop_are_each_missed_whatever_became_of_the_other() -> None:
    heart = Signal.HEART_RATE_PER_MIN
    assert set(raised(watched(sent_until(65) | sent_until(65, heart)))) == {"leads_missing", "resp_missing"}
    said = (says(heart),)
    assert set(raised(watched(sent_until(65) | sent_until(65, heart), said=said))) == {"leads_off", "resp_missing"}


def readings_value() -> Decimal:
    return readings(Signal.HEART_RATE_PER_MIN, 60)[Signal.HEART_RATE_PER_MIN][0].value


def test_without_a_monitor_no_sensor_is_missed() -> None:
    assert opened({}, "leads_off", "probe_frozen", "leads_missing", link=None) == {
        *("leads_off", "probe_frozen", "leads_missing"),
    }
    assert raised(watched(said=(says(),), is_link_wanted=False)) == {}
    assert EVERY_5_S.interval_s == 5
