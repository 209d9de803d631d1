"""Divided differences of exp, against 60 digits, over twelve decades and down to equal arguments."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.pharmacology.exponentials import chain_of_three, chain_of_two, mean_decay

EPS = float(np.finfo(float).eps)

arguments = st.one_of(st.just(0.0), st.floats(min_value=-9, max_value=2.5).map(lambda exponent: 10**exponent))
closeness = st.one_of(st.just(0.0), st.floats(min_value=-16, max_value=0).map(lambda exponent: 10**exponent))


def _exactly(*points: float) -> float:
    """The divided difference of exp over 0 and -points, apart by 1e-25 so that it is defined everywhere."""
    with mpmath.workdps(80):
        nodes = [-mpmath.mpf(point) - mpmath.mpf(10) ** -25 * order for order, point in enumerate(points, start=1)]
        values = [mpmath.exp(node) for node in nodes]
        for width in range(1, len(nodes)):
            values = [(values[i + 1] - values[i]) / (nodes[i + width] - nodes[i]) for i in range(len(values) - 1)]
        return float(values[0])


def _is_exact(function: Callable[..., np.ndarray], points: tuple[float, ...], expected: float) -> None:
    found = float(function(*(np.array([point]) for point in points))[0])
    assert found == pytest.approx(expected, rel=8 * EPS, abs=1e-300)


@given(arguments)
def test_mean_decay_is_exact(x: float) -> None:
    _is_exact(mean_decay, (x,), _exactly(0.0, x))


@given(arguments, closeness)
def test_chain_of_two_is_exact_where_its_rates_meet(a: float, apart: float) -> None:
    _is_exact(chain_of_two, (a, a * (1 + apart)), _exactly(a, a * (1 + apart)))
    _is_exact(chain_of_two, (a * (1 + apart), a), _exactly(a, a * (1 + apart)))


@given(arguments, closeness)
def test_chain_of_three_is_exact_where_its_rates_meet(a: float, apart: float) -> None:
    _is_exact(chain_of_three, (a, a * (1 + apart)), _exactly(0.0, a, a * (1 + apart)))


@given(arguments, arguments)
def test_chains_are_exact_where_their_rates_lie_apart(a: float, b: float) -> None:
    _is_exact(chain_of_two, (a, b), _exactly(a, b))
    _is_exact(chain_of_three, (a, b), _exactly(0.0, a, b))


def test_nothing_has_passed_in_no_time() -> None:
    nothing = np.zeros(1)
    assert [mean_decay(nothing)[0], chain_of_two(nothing, nothing)[0]] == [1.0, 1.0]
    assert chain_of_three(nothing, nothing)[0] == pytest.approx(0.5, rel=EPS)
