"""Every folder that holds a driver keeps the contract, whatever its wire: one added is held to it without a word here.

Its examples stand in `tests/gateways/<its name>/examples.py`: `frame_saying` writes what is said as its wire does.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.vitals import Signal, Validity
from stillroom.devices.drivers import drivers
from stillroom.gateways.contract import Answer, Driver, Report
from tests.gateways.said import (
    AT,
    CALIBRATING,
    DEMONSTRATING,
    INVALID,
    KPA,
    MMHG,
    NOT_IN_THE_TABLE,
    NOT_KEPT,
    QUESTIONABLE,
    SBP,
    SPO2,
    WELL,
    Said,
)

RECEIVED_AT = AT + timedelta(seconds=1)
PRESSURE = Said(named=SBP, value="120", unit=MMHG)


@pytest.fixture(params=sorted(drivers()))
def driver(request: pytest.FixtureRequest) -> Driver:
    return drivers()[request.param]


def frame(driver: Driver, *said: Said) -> bytes:
    writes: Callable[..., bytes] = import_module(f"tests.gateways.{driver.name}.examples").frame_saying
    return writes(*said)


def report(driver: Driver, *said: Said) -> Report:
    return driver.reads(frame(driver, *said), received_at=RECEIVED_AT, zone=None)


def reasons(report: Report) -> list[str]:
    return [str(item.reason) for item in report.set_aside]


def test_a_reading_keeps_its_digits_and_both_times(driver: Driver) -> None:
    [sample] = report(driver, Said(value="97.0")).samples
    assert (sample.signal, str(sample.value), sample.validity) == (Signal.SPO2_PERCENT, "97.0", Validity.VALID)
    assert (sample.measured_at, sample.received_at) == (AT, RECEIVED_AT)


def test_a_pressure_in_kilopascal_becomes_millimetres(driver: Driver) -> None:
    """16 kPa are 120.01 mmHg (BIPM: 133.322387415 Pa each)."""
    [sample] = report(driver, Said(named=SBP, value="16", unit=KPA)).samples
    assert (sample.signal, sample.value) == (Signal.SBP_MMHG, Decimal("120.01"))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (Said(named=NOT_KEPT, value="38", unit=MMHG), "not_kept"),
        (Said(named=(SPO2[0], SBP[1])), "name_mismatch"),
        (Said(unit=NOT_IN_THE_TABLE), "unit_unknown"),
        (Said(unit=("", "")), "unit_missing"),
        (Said(unit=MMHG), "unit_of_another_kind"),
        (Said(unit=(KPA[0], MMHG[1])), "unit_mismatch"),
        (Said(value="9x7"), "not_a_number"),
        (Said(value="1e2"), "not_a_number"),
        (Said(value=""), "no_value"),
        (Said(at=None), "time_missing"),
        (Said(at=RECEIVED_AT + timedelta(seconds=61)), "time_ahead"),
        (Said(at=RECEIVED_AT - timedelta(hours=25)), "time_old"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_not_known_is_set_aside_with_its_reason_and_costs_nothing_beside_it(
    driver: Driver, said: Said, reason: str
) -> None:
    found = report(driver, said, PRESSURE)
    assert reasons(found) == [reason]
    assert [sample.signal for sample in found.samples] == [Signal.SBP_MMHG]
    assert found.answer is Answer.ACCEPT
    assert driver.sentences[reason]


def test_a_sign_that_comes_twice_for_one_time_is_kept_once(driver: Driver) -> None:
    found = report(driver, Said(value="97"), Said(value="88"))
    assert ([str(each.value) for each in found.samples], reasons(found)) == (["97"], ["signal_twice"])


@pytest.mark.parametrize(
    ("said", "validity"),
    [
        (WELL, Validity.VALID),
        (QUESTIONABLE, Validity.QUESTIONABLE),
        (INVALID, Validity.INVALID),
        (CALIBRATING, Validity.INVALID),
        (DEMONSTRATING, Validity.INVALID),
    ],
)
def test_what_a_device_says_of_a_value_is_believed(driver: Driver, said: str, validity: Validity) -> None:
    [sample] = report(driver, Said(validity=said)).samples
    assert sample.validity is validity


@pytest.mark.parametrize("value", ["0", "101"])
def test_a_value_that_cannot_be_true_is_kept_and_not_believed(driver: Driver, value: str) -> None:
    [sample] = report(driver, Said(value=value)).samples
    assert (str(sample.value), sample.validity) == (value, Validity.INVALID)


def test_what_nothing_could_be_used_of_is_refused(driver: Driver) -> None:
    found = report(driver, Said(unit=MMHG))
    assert (found.answer, found.samples) == (Answer.ERROR, ())


@given(noise=st.binary(max_size=200), data=st.data())
@pytest.mark.parametrize("name", sorted(drivers()))
def test_any_bytes_make_a_report_and_nothing_else(name: str, noise: bytes, data: st.DataObject) -> None:
    driver = drivers()[name]
    whole = frame(driver, Said(), PRESSURE)
    start, end = (data.draw(st.integers(0, len(whole))) for _ in range(2))
    for spoilt in (noise, whole[:start], whole[:start] + noise + whole[end:]):
        found = driver.reads(spoilt, received_at=RECEIVED_AT, zone=None)
        assert found.answer is Answer.ACCEPT or not (found.samples or found.alarms)
        assert all(driver.sentences[item.reason] for item in found.set_aside)
        list(driver.shows(spoilt.decode("utf-8", "replace")))


def test_a_frame_is_shown_without_a_name(driver: Driver) -> None:
    shown = " ".join(line.text for line in driver.shows(frame(driver, Said()).decode()))
    assert SPO2[0] in shown
    assert "Doe" not in shown


def test_a_device_that_we_call_is_called_beside_the_others_and_comes_with_a_word_to_the_technician(
    driver: Driver,
) -> None:
    assert driver.title
    assert driver.suffix.isalnum()
    if driver.calls is not None:
        assert inspect.iscoroutinefunction(driver.calls)
        assert driver.warning.endswith(".")
