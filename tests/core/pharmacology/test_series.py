"""The published rises of pressure and pulse, as printed, and each by itself."""

from __future__ import annotations

import inspect

import pytest

from stillroom.core.pharmacology import series
from stillroom.core.pharmacology.series import SERIES, Measure, Rise

# From the abstracts (facts: 2.5).
PRINTED = {
    "riva_posse2018": (Measure.MEAN_AT_ONE_TIME, (("sbp_mmhg", 3.28, None, None), ("dbp_mmhg", 3.17, None, None))),
    "vankawala2021": (
        Measure.MEAN_OF_PEAKS,
        (
            ("sbp_mmhg", 12.61, 10.40, 14.82),
            ("dbp_mmhg", 8.49, 6.89, 10.09),
            ("pulse_per_min", 4.09, 0.55, 7.63),
        ),
    ),
}


@pytest.mark.parametrize("name", PRINTED)
def test_rises_are_as_printed(name: str) -> None:
    [found] = [each for each in SERIES if each.name == name]
    measure, rises = PRINTED[name]
    assert found.measure is measure
    assert found.rises == tuple(Rise(sign=s, value=v, lower=low, upper=up) for s, v, low, up in rises)


def test_how_many_crossed_a_line_is_as_printed() -> None:
    [found] = [each for each in SERIES if each.measure is Measure.SHARE_ABOVE]
    assert (found.line_mmhg, found.share_percent, found.share_treated_percent) == ("165/100", 44.3, 12)


def test_peaks_that_nobody_here_has_read_are_not_here() -> None:
    """Wan 2015 has them; what we know of them is from memory, which is no source."""
    unread = [each for each in SERIES if not each.is_read]
    assert [each.name for each in unread] == ["wan2015"]
    assert all(each.rises == () and each.share_percent is None for each in unread)


def test_nothing_can_average_them() -> None:
    """Means at a minute, means of peaks and shares of people are different things: the module only holds them."""
    assert [name for name, _ in inspect.getmembers(series, inspect.isfunction) if name not in {"dataclass"}] == []


def test_every_series_says_of_whom_and_from_where() -> None:
    assert len({each.name for each in SERIES}) == len(SERIES) == 5
    assert all(each.people and each.source for each in SERIES)
