"""Student's t for whole degrees of freedom, by its finite sums, so that no library stands behind a verdict.

Source: Abramowitz M, Stegun IA, Handbook of Mathematical Functions, 1964, 26.7.3 and 26.7.4.
"""

from __future__ import annotations

from functools import cache
from math import atan, cos, inf, pi, sin, sqrt

BISECTIONS = 80


def within(t: float, df: int) -> float:
    """The probability that |T| is at most `t`, for `df` of 1 or more. 0 at 0, towards 1."""
    if df < 1 or t < 0:
        raise ValueError(f"t of 0 or more with df of 1 or more, not {t} with {df}")
    if t == inf:
        return 1.0
    angle = atan(t / sqrt(df))
    if df % 2:
        odd = sum(_odd_terms(angle, df))
        return 2 / pi * (angle + sin(angle) * odd)
    return sin(angle) * sum(_even_terms(angle, df))


@cache
def critical(alpha: float, df: int) -> float:
    """The t that |T| exceeds with probability `alpha`, two-sided."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha between 0 and 1, not {alpha}")
    low, high = 0.0, 1.0
    while within(high, df) < 1 - alpha:
        high *= 2
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, df) < 1 - alpha else (low, middle)
    return high


def _odd_terms(angle: float, df: int) -> list[float]:
    terms, term = [], cos(angle)
    for k in range(1, (df - 1) // 2 + 1):
        terms.append(term)
        term *= cos(angle) ** 2 * (2 * k) / (2 * k + 1)
    return terms


def _even_terms(angle: float, df: int) -> list[float]:
    terms, term = [], 1.0
    for k in range(1, df // 2 + 1):
        terms.append(term)
        term *= cos(angle) ** 2 * (2 * k - 1) / (2 * k)
    return terms
