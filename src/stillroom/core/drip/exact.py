"""What is an exact amount, and how does it leave this room?

Amounts come in as `Decimal`, as a person wrote them. Sums and products of decimals stay decimals, quotients do not:
a third of a bag has no last digit. So everything computed here is a `Fraction`, which is exact, compares with a
`Decimal` and never drifts. It leaves by one of two doors: `shown`, rounded for a person to read, or `float`, once,
for pharmacology. What is to be *set* or *drawn up* leaves by `rounding`, towards less drug.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

Amount = Decimal | Fraction | int
"""An exact number of whatever unit its name says. Never a float."""

Minutes = Decimal | Fraction | float | int
"""Elapsed time from the start of the infusion, min. Time alone may be a float: a clock's tick is no dose."""

_WIDE = Context(prec=60)


def exact(number: Minutes) -> Fraction:
    """The same number as a fraction: nothing is rounded, not even a float's last bit."""
    return number if isinstance(number, Fraction) else Fraction(number)


def shown(amount: Amount, *, decimals: int) -> Decimal:
    """The amount as a person reads it, to the nearest `decimals` places, halves to the even digit. Not for giving."""
    return _to_places(amount, decimals, ROUND_HALF_EVEN)


def shown_at_least(amount: Amount, *, decimals: int) -> Decimal:
    """The lower end of a range, rounded outwards: no more than the amount."""
    return _to_places(amount, decimals, ROUND_FLOOR)


def shown_at_most(amount: Amount, *, decimals: int) -> Decimal:
    """The upper end of a range, rounded outwards: no less than the amount."""
    return _to_places(amount, decimals, ROUND_CEILING)


def _to_places(amount: Amount, decimals: int, rounding: str) -> Decimal:
    scaled = exact(amount) * 10**decimals
    whole = {ROUND_FLOOR: scaled.__floor__, ROUND_CEILING: scaled.__ceil__, ROUND_HALF_EVEN: scaled.__round__}[
        rounding
    ]()
    return _WIDE.scaleb(Decimal(whole), -decimals)
