"""Comfort as data: what can be set, how it can be chosen, and what calms a frightened patient. Words are in templates.

A choice is one of the item's codes, or free words where nothing fits; what the log of an older release holds is free
words too. Not set is not asked, which is neither `no` nor `unknown`: what somebody could not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "lights": ("bright", "lowered", "dark"),
        "music": ("none", "calm", "nature", "memories", "lively"),
        "voices": ("instrumental", "voices"),
        "energy": ("low", "middle", "high"),
        "companion_wish": ("yes", "no", "unknown"),
        "companion_leave": ("yes", "no", "unknown"),
        "companion_talks": ("quiet", "freely"),
        "with_them": (),
        "mask": ("on", "off"),
        "warmth": ("blanket", "no_blanket"),
        "call_button": ("shown", "not_shown"),
        "touch": ("yes", "hand", "no", "unknown"),
        "talk": (),
        "going_home": (),
    }
)
"""Each item and its codes, the usual one first or in their natural order. An empty row is free words alone."""

FELT = frozenset({"lights", "music", "voices", "energy", "companion_talks", "with_them", "mask", "warmth", "talk"})
"""What a patient may feel better or worse for; the rest is agreed or arranged."""

LIVELY = frozenset({("music", "lively"), ("energy", "middle"), ("energy", "high")})
"""Music that can overstimulate unpleasantly: a word of caution stands beside it (the-infusion.md, row 15)."""


class Calming(StrEnum):
    """What is done for somebody frightened, besides light, a slower drip and a pause, which have acts of their own."""

    WORDS = "words"  # the patient's own sentence, or that it passes
    EYES = "eyes"  # open the eyes: it often lessens the detachment (row 19)
    BREATHE = "breathe"
    HAND = "hand"  # only as was agreed
    COMPANION = "companion"


def is_code(item: str, choice: str) -> bool:
    """Is it one of the item's codes, or free words?"""
    return choice in CHOICES.get(item, ())


def is_any_code(choice: str) -> bool:
    """Nobody's own words, whichever item it was said of."""
    return any(choice in codes for codes in CHOICES.values())


def comfort_in(wishes: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Of what a patient wrote beforehand, what can be set in the room: an item and their own words."""
    return tuple((item, words) for item, words in wishes if item in CHOICES)


def may_stay(wish: str | None, leave: str | None) -> bool | None:
    """May the companion stay: the patient's wish and the doctor's leave, both. None: one of the two is not known."""
    if "no" in (wish, leave):
        return False
    return True if (wish, leave) == ("yes", "yes") else None
