from __future__ import annotations

import pytest
from scipy import stats

from stillroom.core.outcomes.student import critical, within


@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 6, 9, 10, 17, 30, 61])
@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.001])
def test_critical_values_are_scipys(df: int, alpha: float) -> None:
    assert critical(alpha, df) == pytest.approx(stats.t.isf(alpha / 2, df), rel=1e-9)


@pytest.mark.parametrize("t", [0.0, 0.3, 1.0, 2.5, 12.0])
@pytest.mark.parametrize("df", [1, 2, 7, 8, 25])
def test_the_probability_within_is_scipys(t: float, df: int) -> None:
    assert within(t, df) == pytest.approx(1 - 2 * stats.t.sf(t, df), abs=1e-12)


@pytest.mark.parametrize(("t", "df"), [(-1.0, 3), (1.0, 0)])
def test_nonsense_is_a_programmers_error(t: float, df: int) -> None:
    with pytest.raises(ValueError, match="t of 0 or more"):
        within(t, df)
