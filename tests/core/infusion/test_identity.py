"""Both identifiers must agree, however the name is typed."""

from __future__ import annotations

from datetime import date

import pytest

from stillroom.core.errors import Refused
from stillroom.core.infusion.identity import must_be_the_patient

BORN = date(1985, 5, 4)


@pytest.mark.parametrize("said", ["Núñez-Ortega", "nunez ortega", " NUÑEZ ORTEGA ", "Nun\u0303ez\u2010Ortega"])
def test_a_name_is_the_same_however_it_is_typed(said: str) -> None:
    must_be_the_patient(said_family_name=said, said_born=BORN, family_name="Núñez-Ortega", born=BORN)


@pytest.mark.parametrize(
    ("said", "born"),
    [
        ("Ortega", BORN),
        ("Núñez-Ortego", BORN),
        ("", BORN),
        ("Núñez-Ortega", date(1985, 4, 5)),
        ("Núñez-Ortega", date(1984, 5, 4)),
    ],
)
def test_either_one_that_differs_is_another_person(said: str, born: date) -> None:
    with pytest.raises(Refused) as refused:
        must_be_the_patient(said_family_name=said, said_born=born, family_name="Núñez-Ortega", born=BORN)
    assert [finding.code for finding in refused.value.findings] == ["not_this_patient"]


def test_a_remark_in_brackets_is_not_part_of_what_is_said() -> None:
    must_be_the_patient(said_family_name="Alder", said_born=BORN, family_name="Alder (invented)", born=BORN)
