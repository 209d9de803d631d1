"""Rates that make no sense are refused, each with its own code; pauses are filled in."""

from __future__ import annotations

import pytest

from stillroom.core.errors import Refused, Severity
from stillroom.core.pharmacology.history import given_mg, staircase

NAN, INFINITE = float("nan"), float("inf")


def test_a_pause_is_a_rate_of_zero_and_so_is_the_end() -> None:
    history = staircase([(0, 10, 1.0), (10, 20, 2.0), (25, 30, 1.5)])
    assert history.starts_min.tolist() == [0, 10, 20, 25, 30]
    assert history.rates_mg_per_min.tolist() == [1.0, 2.0, 0.0, 1.5, 0.0]


def test_given_is_rate_times_time() -> None:
    assert given_mg([(0, 10, 1.0), (15, 20, 2.0)]) == 20.0


@pytest.mark.parametrize(
    ("segments", "code", "number"),
    [
        ([(0, 10, NAN)], "rate_not_a_number", "1"),
        ([(0, INFINITE, 1)], "rate_not_a_number", "1"),
        ([(0, 10, 1), (10, 20, -0.1)], "rate_negative", "2"),
        ([(5, 5, 1)], "segment_has_no_length", "1"),
        ([(10, 5, 1)], "segment_has_no_length", "1"),
        ([(20, 30, 1), (0, 10, 1)], "segments_out_of_order", "2"),
        ([(0, 10, 1), (9.9, 20, 1)], "segments_overlap", "2"),
        ([(0, 10, 1), (0, 10, 1)], "segments_overlap", "2"),
    ],
)
def test_rates_that_make_no_sense_are_refused(
    segments: list[tuple[float, float, float]], code: str, number: str
) -> None:
    with pytest.raises(Refused) as refused:
        staircase(segments)
    [finding] = refused.value.findings
    assert (finding.code, finding.severity, finding.facts["number"]) == (code, Severity.HARD, number)


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(Refused) as refused:
        staircase([(0, 10, -1), (5, 20, 1)])
    assert {finding.code for finding in refused.value.findings} == {"rate_negative", "segments_overlap"}
