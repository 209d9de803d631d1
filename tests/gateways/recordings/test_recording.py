"""Published recordings, read as a monitor would have shown them: what had no signal never becomes a value."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.vitals import Signal
from stillroom.gateways.recordings import Moment, NotARecording, read_recording

RECORDINGS = Path(__file__).parents[2] / "recordings"
S = Signal


def read(name: str) -> tuple[Moment, ...]:
    return read_recording((RECORDINGS / name).read_text())


def test_a_row_a_minute_of_mimic_numerics() -> None:
    moments = read("mimic_s00001_first_240_min.csv")
    assert len(moments) == 240
    assert moments[14] == Moment(
        14.0,
        {
            S.HEART_RATE_PER_MIN: Decimal("55.6"),
            S.PULSE_PER_MIN: Decimal("55.0"),
            S.RESP_PER_MIN: Decimal("12.4"),
            S.SPO2_PERCENT: Decimal("96.0"),
            S.SBP_MMHG: Decimal("120.0"),
            S.DBP_MMHG: Decimal("72.0"),
            S.MBP_MMHG: Decimal("89.0"),
        },
    )


def test_the_cuff_is_there_only_when_it_measured() -> None:
    assert sum(S.SBP_MMHG in moment.signs for moment in read("mimic_s00001_first_240_min.csv")) == 25


def test_no_signal_never_becomes_a_value() -> None:
    """Row 0 has HR, SpO2 and an arterial pressure of 0, which is no signal, and breathing at 23."""
    moments = read("mimic_s00001_first_240_min.csv")
    assert moments[0].signs == {S.RESP_PER_MIN: Decimal("23.0")}
    assert sum(S.SPO2_PERCENT in moment.signs for moment in moments) == 189
    assert all(value > 0 for moment in moments for value in moment.signs.values())


def test_a_stay_that_was_charted_by_hand() -> None:
    moments = read("icu_stay_132554.txt")
    assert moments[0] == Moment(
        3 * 60 + 57,
        {
            S.HEART_RATE_PER_MIN: Decimal("127.0"),
            S.DBP_MMHG: Decimal("71.0"),
            S.MBP_MMHG: Decimal("93.3"),
            S.SBP_MMHG: Decimal("138.0"),
            S.RESP_PER_MIN: Decimal("44.0"),
            S.TEMPERATURE_CEL: Decimal("37.3"),
        },
    )
    assert [moment.at_min for moment in moments] == sorted({moment.at_min for moment in moments})


@pytest.mark.parametrize("text", ["", "nan", "NaN", "inf", "0", "0.0", "0.04", "1e40", "-1", "-32768", "no"])
def test_what_stands_for_no_signal(text: str) -> None:
    assert read_recording(f"t_min,HR,SpO2\n0,60,{text}\n")[0].signs == {S.HEART_RATE_PER_MIN: Decimal("60.0")}


def test_rows_of_one_time_are_one_moment_and_the_later_corrects() -> None:
    said = "Time,Parameter,Value\n00:07,HR,80\n00:07,SaO2,98\n00:07,HR,82\n00:07,Weight,-1\n"
    assert read_recording(said) == (Moment(7.0, {S.HEART_RATE_PER_MIN: Decimal("82.0")}),)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "first line"),
        ("a,b,c\n1,2,3\n", "first line"),
        ("t_min,HR\n", "not one vital sign"),
        ("t_min,HR\n0,60,70\n", "line 2 has 3 columns"),
        ("t_min,HR\nx,60\n", "line 2 has no time"),
        ("Time,Parameter,Value\n00:00,Age,64\n", "not one vital sign"),
        ("Time,Parameter,Value\n00:00,HR\n", "line 2 is not"),
        ("Time,Parameter,Value\nnoon,HR,60\n", "line 2 has no time"),
    ],
)
def test_what_is_no_recording_is_refused_with_the_place(text: str, why: str) -> None:
    with pytest.raises(NotARecording, match=why):
        read_recording(text)


@given(st.text(max_size=200) | st.text(max_size=80).map(lambda tail: f"Time,Parameter,Value\n00:00,HR,60\n{tail}"))
def test_no_text_crashes_it(text: str) -> None:
    try:
        moments = read_recording(text)
    except NotARecording:
        return
    assert all(value > 0 for moment in moments for value in moment.signs.values())
