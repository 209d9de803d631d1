"""Is this the patient? Two identifiers, said by the person in the chair, compared with the record (SR-14)."""

from __future__ import annotations

from datetime import date

from stillroom.core.errors import refuse
from stillroom.core.safety.same_person import letters_of


def must_be_the_patient(*, said_family_name: str, said_born: date | None, family_name: str, born: date) -> None:
    """Refused (`not_this_patient`) unless both agree. Which of the two did not is not told: it is asked again."""
    if letters_of(said_family_name) != letters_of(family_name) or said_born != born:
        raise refuse("not_this_patient")
