"""How much of what flowed in is still there, and how much has flowed on? Exponentials that subtract nothing small.

These are the divided differences of exp(-x), written so that no two nearly equal numbers are ever subtracted. The
textbook forms divide (e^-a - e^-b) by (b - a), and lose every digit where two rates coincide: an effect-site rate that
equals an eigenvalue, two compartments that empty alike. These are exact to rounding there and everywhere else.

Arguments are rate times duration: dimensionless, zero or more, arrays of any shapes that broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)  # on -1 to 1


def mean_decay(x: Array) -> Array:
    """The mean of exp(-x s) over s from 0 to 1, which is (1 - exp(-x)) / x: what is kept of a steady inflow."""
    return np.divide(-np.expm1(-x), x, out=np.ones_like(x), where=x != 0)


def chain_of_two(a: Array, b: Array) -> Array:
    """The mean of exp(-(a s + b (1 - s))) over s from 0 to 1: what left one pool at rate a and is still in the next."""
    decayed: Array = np.exp(-np.minimum(a, b)) * mean_decay(np.abs(a - b))
    return decayed


def chain_of_three(a: Array, b: Array) -> Array:
    """The integral of s mean_decay(a s) exp(-b (1 - s)) over s from 0 to 1: steady inflow, through a pool, in the next.

    In closed form over the widest span, (mean_decay(a) - chain_of_two(a, b)) / b with b the larger. That difference
    keeps its digits while b is over 1; below, the integrand is so smooth that eight Gauss-Legendre points are exact to
    rounding (their error is under 1e-17).
    """
    low, high = np.minimum(a, b), np.maximum(a, b)
    found: Array = (mean_decay(low) - chain_of_two(low, high)) / np.maximum(high, 1.0)
    close = high <= 1.0
    found[close] = _by_quadrature(low[close], high[close])
    return found


def _by_quadrature(a: Array, b: Array) -> Array:
    """The integral itself, for (k,) pairs of arguments up to 1."""
    s = (_NODES[:, None] + 1.0) / 2.0
    return _WEIGHTS / 2.0 @ (s * mean_decay(s * a) * np.exp(-b * (1.0 - s)))
