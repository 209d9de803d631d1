"""Who may be one person under two records: shown, never decided."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.safety.same_person import Named, may_be_the_same

MARTA = Named(given_name="Marta", family_name="Alder", born=date(1985, 5, 4))
NAMES = st.sampled_from(["Marta", "ALDER", "Älder", "O'Hara", "Anne-Marie", "van der Meer", "李", "-"])
PEOPLE = st.builds(
    Named, given_name=NAMES, family_name=NAMES, born=st.sampled_from([date(1985, 5, 4), date(1958, 5, 4)])
)


@pytest.mark.parametrize(
    ("given_name", "family_name", "born", "alike"),
    [
        ("Marta", "Alder", date(1985, 5, 4), True),
        ("MARTA", "Älder", date(1985, 5, 4), True),  # written in another hand
        ("Alder", "Marta", date(1985, 5, 4), True),  # the two names swapped
        ("Marta", "Birch", date(1985, 5, 4), True),  # a new family name
        ("Marta", "Alder", date(1958, 5, 4), True),  # two figures swapped in the year
        ("Jo", "Alder", date(1985, 5, 4), True),  # a twin: shown, and said to be another
        ("Jo", "Alder", date(1990, 1, 1), False),  # a relative
        ("Jo", "Birch", date(1985, 5, 4), False),  # only the same day
    ],
)
def test_two_of_three_that_agree_are_shown(given_name: str, family_name: str, born: date, alike: bool) -> None:
    other = Named(given_name=given_name, family_name=family_name, born=born)
    assert may_be_the_same(MARTA, other) is alike


@given(PEOPLE, PEOPLE)
def test_it_does_not_matter_who_came_first(one: Named, other: Named) -> None:
    assert may_be_the_same(one, other) == may_be_the_same(other, one)


@given(PEOPLE.filter(lambda person: person.given_name != "-"))
def test_everybody_is_like_themselves(one: Named) -> None:
    assert may_be_the_same(one, one)
