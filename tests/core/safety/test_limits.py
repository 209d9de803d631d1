from __future__ import annotations

from decimal import Decimal

import pytest

from stillroom.core.safety.library import Band
from stillroom.core.safety.limits import judge_band

D = Decimal
EPSILON = D("0.0001")
BAND = Band(hard_low=D(20), soft_low=D(30), typical=D(40), soft_high=D(60), hard_high=D(120))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (D(20) - EPSILON, "duration_min_below_hard"),
        (D(20), "duration_min_below_soft"),
        (D(30) - EPSILON, "duration_min_below_soft"),
        (D(30), None),
        (D(60), None),
        (D(60) + EPSILON, "duration_min_above_soft"),
        (D(120), "duration_min_above_soft"),
        (D(120) + EPSILON, "duration_min_above_hard"),
    ],
)
def test_a_limit_is_crossed_beyond_it_and_not_on_it(value: Decimal, code: str | None) -> None:
    assert [finding.code for finding in judge_band("duration_min", value, BAND, "test")] == ([code] if code else [])


def test_a_band_that_is_inverted_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="hard low"):
        Band(soft_low=D(2), soft_high=D(1))
