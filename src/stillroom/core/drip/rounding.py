"""How is an exact number turned into one a hand can set? Always towards less drug.

A clamp is set in whole drops a minute, a pump in its step, a syringe to its mark. Each function here goes down to the
mark below; what that keeps back is stated by `plan`, never hidden.
"""

from __future__ import annotations

from decimal import Context, Decimal

from stillroom.core.drip.exact import Amount, exact

_WIDE = Context(prec=60)


def round_rate_down(rate_ml_per_h: Amount, *, step_ml_per_h: Decimal) -> Decimal:
    """The highest rate a pump can be set to that is not above this one, mL/h."""
    return _down_to_step(rate_ml_per_h, step_ml_per_h)


def round_volume_down(volume_ml: Amount, *, step_ml: Decimal) -> Decimal:
    """The highest mark of a syringe that is not above this volume, mL."""
    return _down_to_step(volume_ml, step_ml)


def round_drops_down(drops_per_min: Amount) -> int:
    """The most whole drops a minute that are not faster than this, drops/min."""
    return exact(drops_per_min).__floor__()


def _down_to_step(amount: Amount, step: Decimal) -> Decimal:
    if step <= 0:
        raise ValueError(f"a step must be above zero, not {step}")
    return _WIDE.multiply(Decimal(exact(amount) // exact(step)), step)
