"""Is this the patient? Two identifiers, said by the person in the chair, compared with the record (SR-14)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from stillroom.core.errors import refuse


def must_be_the_patient(*, said_family_name: str, said_born: date, family_name: str, born: date) -> None:
    """Refused (`not_this_patient`) unless both agree. Which of the two did not is not told: it is asked again."""
    if _letters(said_family_name) != _letters(family_name) or said_born != born:
        raise refuse("not_this_patient")


def _letters(name: str) -> str:
    """A name as it is said: no accents, capitals, spaces or hyphens, and no remark in brackets after it."""
    plain = unicodedata.normalize("NFKD", re.sub(r"\([^)]*\)", "", name.casefold()))
    return "".join(letter for letter in plain if letter.isalpha())
