"""HL7 times: read exactly, with the zone they carry or the one they are told, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.gateways.hl7.reasons import Reason
from stillroom.gateways.hl7.times import instant, offset_of, written

VIENNA = ZoneInfo("Europe/Vienna")
NEAR = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("20260302100000+0000", None, datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        ("20260302050000-0500", VIENNA, datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        ("20260302110000.125", VIENNA, datetime(2026, 3, 2, 10, 0, 0, 125000, tzinfo=UTC)),
        ("202603021100", VIENNA, datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        ("20260302153000.5+0530", None, datetime(2026, 3, 2, 10, 0, 0, 500000, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_into_utc(text: str, zone: tzinfo | None, expected: datetime) -> None:
    assert instant(text, zone=zone, near=NEAR) == expected


@pytest.mark.parametrize(
    "text",
    ["20260302", "2026030210", "20260230100000", "20260302100060", "20260302250000", "2026-03-02T10:00:00", "now",
     "20260302100000+9999", "20260302100000+05", "20260302100000Z", "２０２６０３０２１０００００", ""],
)  # fmt: skip
def test_what_is_not_a_time_with_minutes_is_refused(text: str) -> None:
    assert instant(text, zone=VIENNA, near=NEAR) is Reason.TIME_UNREADABLE


def test_a_time_without_a_zone_is_refused_not_guessed() -> None:
    assert instant("20260302100000", zone=None, near=NEAR) is Reason.ZONE_MISSING


@pytest.mark.parametrize("near_hour_utc", [0, 1])
def test_an_hour_that_comes_twice_is_read_as_the_one_near_its_receipt(near_hour_utc: int) -> None:
    """Vienna, 25 October 2026: 02:30 happens at 00:30 and again at 01:30 UTC."""
    near = datetime(2026, 10, 25, near_hour_utc, 31, tzinfo=UTC)
    read = instant("20261025023000", zone=VIENNA, near=near)
    assert read == near.replace(minute=30)


def test_an_hour_that_is_skipped_is_refused() -> None:
    """Vienna, 29 March 2026: clocks go from 02:00 to 03:00."""
    assert instant("20260329023000", zone=VIENNA, near=NEAR) is Reason.TIME_SKIPPED


def test_a_time_may_carry_its_offset() -> None:
    assert offset_of("20260302100000-0330") == timezone(-timedelta(hours=3, minutes=30))
    assert offset_of("20260302100000") is None
    assert offset_of("rubbish") is None


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_what_we_write_we_read_to_the_millisecond(at: datetime) -> None:
    read = instant(written(at), zone=None, near=NEAR)
    assert isinstance(read, datetime)
    assert abs(read - at) < timedelta(milliseconds=1)
