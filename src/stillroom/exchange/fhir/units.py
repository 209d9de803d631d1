"""In which unit is a number from elsewhere? By its UCUM code, else by a name that is known here; never by a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from stillroom.exchange.fhir.codes import UCUM

KG = "kg"
# UCUM code -> how else vendors write it. A note in braces ("{beats}/min") says nothing about the size of the unit.
NAMES: Mapping[str, tuple[str, ...]] = {
    KG: ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "[lb_av]": ("lb", "lbs", "pound", "pounds"),
    "cm": ("centimeter", "centimetre"),
    "m": (),
    "[in_i]": ("in", "inch", "inches"),
    "%": ("percent",),
    "/min": ("1/min", "bpm", "beats/min", "beats/minute", "breaths/min", "breaths/minute", "per minute"),
    "mm[Hg]": ("mmhg", "mm hg"),
    "kPa": (),
    "Cel": ("c", "°c", "degc", "degrees c"),
    "[degF]": ("f", "°f", "degf", "degrees f"),
    "kg/m2": ("kg/m²", "kg/m^2"),
}
_KNOWN = {name.lower(): code for code, names in NAMES.items() for name in (code, *names)}


def unit_of(quantity: Mapping[str, Any]) -> str | None:
    """Its UCUM code. None where it names none, one that is not known here, or two that are not the same."""
    words = _known(quantity.get("unit"))
    if quantity.get("system") == UCUM and quantity.get("code"):
        code = _known(quantity["code"])
        return code if words in (code, None) else None
    return words


def _known(said: object) -> str | None:
    return _KNOWN.get(re.sub(r"\{[^}]*\}", "", said).strip().lower()) if isinstance(said, str) else None
