"""SR-34: what cannot be true is kept as sent and flagged, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.vitals import SPANS, Sample, Signal, Validity, flagged, is_possible

AT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def sample(signal: Signal, value: object, validity: Validity = Validity.VALID, after_s: int = 0) -> Sample:
    return Sample(signal, Decimal(str(value)), AT + timedelta(seconds=after_s), AT, validity)


def validities(*samples: Sample) -> list[Validity]:
    return [judged.validity for judged in flagged(samples)]


@pytest.mark.parametrize(
    ("signal", "value"),
    [
        (Signal.SPO2_PERCENT, 0),
        (Signal.SPO2_PERCENT, 101),
        (Signal.SPO2_PERCENT, -100),
        (Signal.SPO2_PERCENT, 8388607),
        (Signal.HEART_RATE_PER_MIN, 0),
        (Signal.PULSE_PER_MIN, -32768),
        (Signal.SBP_MMHG, 0),
        (Signal.SBP_MMHG, 999),
        (Signal.RESP_PER_MIN, -1),
        (Signal.ETCO2_MMHG, 151),
        (Signal.TEMPERATURE_CEL, "384.5"),
    ],
)
def test_what_monitors_send_for_no_signal_is_invalid(signal: Signal, value: object) -> None:
    assert validities(sample(signal, value)) == [Validity.INVALID]


@pytest.mark.parametrize(
    ("signal", "value"),
    [
        (Signal.SPO2_PERCENT, 40),
        (Signal.SPO2_PERCENT, 100),
        (Signal.HEART_RATE_PER_MIN, 20),
        (Signal.SBP_MMHG, 260),
        (Signal.ETCO2_MMHG, 90),
        (Signal.TEMPERATURE_CEL, "34.1"),
    ],
)
def test_a_frightening_value_stays_valid(signal: Signal, value: object) -> None:
    assert validities(sample(signal, value)) == [Validity.VALID]


@pytest.mark.parametrize("signal", [Signal.RESP_PER_MIN, Signal.ETCO2_MMHG])
def test_no_breath_is_questionable_never_dropped(signal: Signal) -> None:
    assert validities(sample(signal, 0)) == [Validity.QUESTIONABLE]


def test_diastolic_at_or_above_systolic_contradicts_the_whole_reading() -> None:
    reading = (sample(Signal.SBP_MMHG, 80), sample(Signal.DBP_MMHG, 80), sample(Signal.MBP_MMHG, 80))
    assert validities(*reading) == [Validity.INVALID] * 3


def test_a_mean_outside_its_pressures_contradicts_only_itself() -> None:
    reading = (sample(Signal.SBP_MMHG, 120), sample(Signal.DBP_MMHG, 80), sample(Signal.MBP_MMHG, 130))
    assert validities(*reading) == [Validity.VALID, Validity.VALID, Validity.INVALID]


def test_pressures_of_two_readings_are_not_compared() -> None:
    assert validities(sample(Signal.SBP_MMHG, 70), sample(Signal.DBP_MMHG, 80, after_s=300)) == [Validity.VALID] * 2


_samples = st.lists(
    st.builds(
        Sample,
        st.sampled_from(Signal),
        st.decimals(-400, 400, places=1),
        st.integers(0, 2).map(lambda s: AT + timedelta(seconds=s)),
        st.just(AT),
        st.sampled_from(Validity),
    ),
    max_size=8,
)


@given(_samples)
def test_flagging_keeps_every_value_and_never_raises_validity(samples: list[Sample]) -> None:
    rank = list(Validity)
    judged = flagged(samples)
    assert [(s.signal, s.value, s.measured_at) for s in judged] == [(s.signal, s.value, s.measured_at) for s in samples]
    for before, after in zip(samples, judged, strict=True):
        assert rank.index(after.validity) >= rank.index(before.validity)
        assert after.validity is Validity.INVALID or is_possible(after.signal, after.value)


def test_every_signal_has_a_span_with_its_source() -> None:
    assert set(SPANS) == set(Signal)
    assert all(span.lowest < span.highest and span.source for span in SPANS.values())
