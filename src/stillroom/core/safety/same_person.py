"""Is this somebody who is here already? Names as they are said, and the day of birth.

One person under two records is an allergy that nobody sees: whoever writes down a new patient is shown who is like it,
and says that it is somebody else. Nothing is merged and nothing refused.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    given_name: str
    family_name: str
    born: date


def may_be_the_same(one: Named, other: Named) -> bool:
    """Two of the three agree: given name, family name, day of birth. Names agree in either order."""
    return len(_names(one) & _names(other)) + (one.born == other.born) >= 2


def letters_of(name: str) -> str:
    """A name as it is said: no accents, capitals, spaces or hyphens, and no remark in brackets after it."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\([^)]*\)", "", name.casefold()))
    return "".join(letter for letter in plain if letter.isalpha())


def _names(named: Named) -> set[str]:
    return {letters_of(named.given_name), letters_of(named.family_name)} - {""}
