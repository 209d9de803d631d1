"""Figures in words; and the browser says ages as the server does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from stillroom.web.templatetags import words
from tests.web.javascript import run_script

NOW = datetime(2026, 11, 23, 10, 41, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "now"),
        (9.9, "now"),
        (10, "10 s ago"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (3900, "1 h 5 min ago"),
    ],
)
def test_an_age_in_words(seconds: float, said: str) -> None:
    assert words.ago(NOW - timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 seconds"), (1, "1 second"), (59.6, "1 minute"), (120, "2 minutes"), (190, "3 minutes 10 seconds")],
)
def test_a_span_in_words(seconds: float, said: str) -> None:
    assert words.in_words(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(181, "in 3 min"), (60, "in 1 min"), (5, "in 1 min"), (0, "due now"), (-59, "due now"), (-120, "2 min late")],
)
def test_a_wait_in_words(seconds: float, said: str) -> None:
    assert words.until(NOW + timedelta(seconds=seconds), NOW) == said


@pytest.mark.parametrize(("number", "said"), [(14, "+14"), (-3, "\N{MINUS SIGN}3"), (0, "±0")])
def test_a_change_has_its_sign(number: int, said: str) -> None:
    assert words.signed(number) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (Decimal("35.0"), "35"),
        (Decimal("0.50"), "0.5"),
        (Decimal("1E+2"), "100"),
        ("0.750000", "0.75"),
        (20, "20"),
        (None, ""),
    ],
)
def test_a_number_is_plain(number: Decimal | str | int | None, said: str) -> None:
    assert words.plain(number) == said


@pytest.mark.parametrize(("seconds", "said"), [(5, "5 s"), (60, "1 min"), (90, "90 s"), (600, "10 min")])
def test_an_interval_in_words(seconds: int, said: str) -> None:
    assert words.every(seconds) == said


def test_an_exact_amount_is_shown_to_its_decimals() -> None:
    assert words.shown(Fraction(100, 3), 1) == "33.3"
    assert words.per_minute(47, Decimal("60.0")) == 47
    assert words.per_minute(12, Decimal("15.4")) == 47


def test_the_browser_says_ages_as_the_server_does() -> None:
    seconds = [0, 9.9, 10, 59.9, 60, 119, 3599, 3600, 3900, 90000, -5, -70, -3700]
    said = run_script(
        f"""
        import {{ ago, until, lasting }} from "./web/js/ago.js";
        const now = Date.parse("2026-11-23T10:41:00Z"), seconds = {json.dumps(seconds)};
        console.log(JSON.stringify(seconds.map((s) => {{
          const at = now - s * 1000;
          return [ago(at, now), until(at, now), lasting(Math.abs(s))];
        }})));
        """
    )
    times = [NOW - timedelta(seconds=s) for s in seconds]
    assert json.loads(said) == [
        [words.ago(t, NOW), words.until(t, NOW), words.lasting(abs(s))] for t, s in zip(times, seconds, strict=True)
    ]
