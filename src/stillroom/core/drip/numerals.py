"""Is what somebody typed a number, and exactly which?

One written form is accepted: digits 0 to 9, and if need be one point with digits on both sides. Nothing is ever
guessed, dropped or rounded: dosing software that did so has read .05 as 5, 14,5 as 145, 0.55 as 55 and 0.299 as 99
(LoopKit/loopdocs #903, LoopKit/Loop #2223, timomer/HAPP #61, NightscoutFoundation/xDrip #565). Anything else is
refused with a code that names the first thing wrong; its words live in templates.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from stillroom.core.drip.quantities import Quantity
from stillroom.core.errors import refuse

SOURCE = "SR-03 in docs/clinical/drip.md"

_ACCEPTED = re.compile(r"(0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)
_LONGEST = 12
_SHOWN_BACK = 24

# What is wrong, in the order in which it is told. `\s`, `\d` and `\w` know every script here, on purpose.
_FAULTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("number_blank", re.compile(r"\s*")),
    ("number_comma", re.compile(r".*[,\u066b\uff0c].*", re.DOTALL)),
    ("number_signed", re.compile(r"\s*[+\-\u2010-\u2015\u2212\uff0b\uff0d].*", re.DOTALL)),
    (
        "number_not_plain_digits",
        re.compile(r".*(?![0-9])[\d\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u218b].*", re.DOTALL),
    ),
    ("number_exponent", re.compile(r"[0-9.]+[eE][+\-]?[0-9]+")),
    ("number_grouped", re.compile(r"[0-9]+([\s'_\u2019\u02d9\u00b7][0-9]+)+(\.[0-9]+)?")),
    ("number_two_points", re.compile(r"[0-9]*\.[0-9]*\..*", re.DOTALL)),
    ("number_with_words", re.compile(r"[0-9.]+\s*[^\W\d_].*", re.DOTALL)),
    ("number_leading_point", re.compile(r"\.[0-9]+")),
    ("number_trailing_point", re.compile(r"[0-9]+\.")),
    ("number_leading_zero", re.compile(r"0[0-9]+(\.[0-9]+)?")),
)


def read_number(text: str, quantity: Quantity) -> Decimal:
    """The number exactly as written, trailing zeros and all; plain spaces around it do not matter.

    Refused with one finding when it is not in the one accepted form, is finer than the quantity is written, or cannot
    be true of it. Codes: number_blank, number_comma, number_signed, number_not_plain_digits, number_exponent,
    number_grouped, number_two_points, number_with_words, number_leading_point, number_trailing_point,
    number_leading_zero, number_not_a_number, number_too_long, number_too_fine, number_too_low, number_too_high.
    """
    typed = text.strip(" ")
    accepted = _ACCEPTED.fullmatch(typed)
    if accepted is None:
        raise _refused(_fault(typed), typed, quantity)
    if len(typed) > _LONGEST:
        raise _refused("number_too_long", typed, quantity)
    if len(accepted[2] or "") > quantity.decimals:
        raise _refused("number_too_fine", typed, quantity)
    return _in_bounds(Decimal(typed), typed, quantity)


def _in_bounds(number: Decimal, typed: str, quantity: Quantity) -> Decimal:
    if number < quantity.lowest:
        raise _refused("number_too_low", typed, quantity)
    if number > quantity.highest:
        raise _refused("number_too_high", typed, quantity)
    return number


def _fault(typed: str) -> str:
    return next((code for code, pattern in _FAULTS if pattern.fullmatch(typed)), "number_not_a_number")


def _refused(code: str, typed: str, quantity: Quantity) -> Exception:
    return refuse(
        code,
        source=quantity.source if code in ("number_too_low", "number_too_high") else SOURCE,
        typed=_harmless(typed),
        quantity=quantity.name,
        unit=quantity.unit,
        decimals=str(quantity.decimals),
        lowest=str(quantity.lowest),
        highest=str(quantity.highest),
    )


def _harmless(typed: str) -> str:
    """What was typed, to be shown back: short, and a name for each character that cannot be seen."""
    seen = (
        each if each.isprintable() else f"<{unicodedata.name(each, f'U+{ord(each):04X}')}>"
        for each in typed[:_SHOWN_BACK]
    )
    return "".join(seen) + ("…" if len(typed) > _SHOWN_BACK else "")
