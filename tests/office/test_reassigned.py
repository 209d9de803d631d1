"""The wrong patient had been opened: two staff put it right, and both records show it."""

from __future__ import annotations

from stillroom.core.infusion import commands as c
from tests.bedside.house import House, planned
from tests.cast import Cast, signed_in


def put_right(cast: Cast) -> House:
    house = planned(cast)
    wrong = c.ReassignInfusion(patient=cast.neighbour.pk, second_person=cast.nan.pk, reason="two of one name")
    house.ask(wrong, house.ben)
    return house


def test_both_records_show_it_with_both_staff(cast: Cast) -> None:
    house, ben = put_right(cast), signed_in(cast.ben)
    assert house.row.patient_id == cast.neighbour.pk
    out_of = ben.get(f"/office/patients/{cast.patient.pk}/").content.decode()
    into = ben.get(f"/office/patients/{cast.neighbour.pk}/").content.decode()
    assert "had been opened in this record in error" in out_of
    assert "was put right into this one" in into
    for page in (out_of, into):
        assert "Ben Osei with Nan Lindqvist: two of one name" in page
    assert "with N. Lindqvist: two of one name" in ben.get(house.href).content.decode()


def test_the_desk_reads_that_it_was_and_not_why(cast: Cast) -> None:
    put_right(cast)
    page = signed_in(cast.fay).get(f"/office/patients/{cast.patient.pk}/").content.decode()
    assert "had been opened in this record in error" in page
    assert "two of one name" not in page


def test_nobody_elses_record_shows_it(cast: Cast) -> None:
    put_right(cast)
    page = signed_in(cast.cleo).get(f"/office/patients/{cast.other_patient.pk}/").content.decode()
    assert "put right" not in page
    assert "in error" not in page
