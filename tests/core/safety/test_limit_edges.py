"""Just inside a limit, on it and just beyond it, for every quantity of the library and its four limits (SR-07)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.errors import Refused, Severity
from stillroom.core.infusion.answered import must_be_answered
from stillroom.core.safety.library import Band
from stillroom.core.safety.limits import judge_band

QUANTITIES = ("dose_mg_per_kg", "dose_mg", "duration_min", "rate_mg_per_kg_per_h")
AMOUNTS = st.decimals("0.001", "500", places=3)
A_LITTLE = st.decimals("0.0001", "0.0009", places=4)


@st.composite
def bands(draw: st.DrawFn) -> Band:
    """Four limits at least a thousandth apart."""
    low, *steps = (draw(AMOUNTS) for _ in range(4))
    soft_low, soft_high, hard_high = low + steps[0], low + steps[0] + steps[1], low + sum(steps)
    return Band(hard_low=low, soft_low=soft_low, soft_high=soft_high, hard_high=hard_high)


@pytest.mark.parametrize("quantity", QUANTITIES)
@pytest.mark.parametrize(
    ("limit", "outwards", "inside"),
    [
        ("hard_low", -1, Severity.SOFT),
        ("soft_low", -1, None),
        ("soft_high", 1, None),
        ("hard_high", 1, Severity.SOFT),
    ],
)
@given(band=bands(), epsilon=A_LITTLE)
def test_on_a_limit_it_is_not_crossed_and_a_little_beyond_it_is(
    quantity: str, limit: str, outwards: int, inside: Severity | None, band: Band, epsilon: Decimal
) -> None:
    edge: Decimal = getattr(band, limit)
    crossed = Severity(limit.split("_", maxsplit=1)[0])
    assert severity(quantity, edge - outwards * epsilon, band) == inside
    assert severity(quantity, edge, band) == inside
    assert severity(quantity, edge + outwards * epsilon, band) == crossed


@given(
    band=bands(), epsilon=A_LITTLE, reason=st.sampled_from(["", " ", "he is always so"]), by_prescriber=st.booleans()
)
def test_beyond_a_soft_limit_a_reason_and_a_prescriber_and_beyond_a_hard_one_nobody(
    band: Band, epsilon: Decimal, reason: str, by_prescriber: bool
) -> None:
    soft = judge_band("dose_mg", band.soft_high + epsilon, band, "library 1")  # type: ignore[operator]
    hard = judge_band("dose_mg", band.hard_high + epsilon, band, "library 1")  # type: ignore[operator]
    assert goes_on(soft, reason, by_prescriber) == (bool(reason.strip()) and by_prescriber)
    assert not goes_on(hard, reason, by_prescriber)


def severity(quantity: str, value: Decimal, band: Band) -> Severity | None:
    found = judge_band(quantity, value, band, "library 1")
    assert len(found) <= 1
    return found[0].severity if found else None


def goes_on(findings: tuple[object, ...], reason: str, by_prescriber: bool) -> bool:
    try:
        must_be_answered(findings, reason=reason, by_prescriber=by_prescriber)  # type: ignore[arg-type]
    except Refused:
        return False
    return True
