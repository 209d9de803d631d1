"""The wrong patient had been opened: two staff put it right, and both records show it."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.infusions.reassigned import _put_right
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
    assert "N. Lindqvist to say so too: two of one name" in ben.get(house.href).content.decode()


def test_both_records_say_whom_it_waits_for_and_when_they_said_so(cast: Cast) -> None:
    house, ben = put_right(cast), signed_in(cast.ben)
    hrefs = [f"/office/patients/{each.pk}/" for each in (cast.patient, cast.neighbour)]
    for href in hrefs:
        assert "Waits for Nan Lindqvist to say so" in ben.get(href).content.decode()
    house.ask(c.AgreeToReassignment(reassigned_seq=house.state.last_seq), house.nan)
    agreed_at = timezone.localtime(house.log[-1].occurred_at, ZoneInfo(cast.clinic.time_zone))
    for href in hrefs:
        page = ben.get(href).content.decode()
        assert f"Nan Lindqvist said so in person, {agreed_at:%-d %B %Y, %H:%M}." in page
        assert "Waits for" not in page


def test_the_records_name_the_second_who_was_named_last_and_tell_it_once(cast: Cast) -> None:
    house, ben = put_right(cast), signed_in(cast.ben)
    another = c.ReassignInfusion(patient=cast.neighbour.pk, second_person=cast.ada.pk, reason="Nan has gone home")
    house.ask(another, house.nan)
    page = ben.get(f"/office/patients/{cast.neighbour.pk}/").content.decode()
    assert "Ben Osei with Ada Okafor: two of one name" in page
    assert "Waits for Ada Okafor to say so" in page
    assert page.count("had been opened in the record of") == 1


def test_what_was_put_right_again_before_the_second_said_so_waits_no_more(cast: Cast) -> None:
    house, ben = put_right(cast), signed_in(cast.ben)
    back = c.ReassignInfusion(patient=cast.patient.pk, second_person=cast.ada.pk, reason="it was right after all")
    house.ask(back, house.ben)
    page = ben.get(f"/office/patients/{cast.patient.pk}/").content.decode()
    assert "Nan Lindqvist had not said so before it was put right again." in page
    assert page.count("Waits for") == 1
    assert "Waits for Ada Okafor to say so" in page


def test_what_was_put_right_before_the_second_was_asked_waits_for_nobody(cast: Cast) -> None:
    """As a log of an earlier release has it."""
    house = planned(cast)
    with clinic_scope(cast.clinic.pk):
        log = house.log
        fact = e.InfusionReassigned(
            patient=cast.neighbour.pk, second_person=cast.nan.pk, reason="two of one name", asks_second=False
        )
        (told,) = _put_right((*log, replace(log[-1], kind="InfusionReassigned", fact=fact)))
    assert (told.fact.asks_second, told.waits, told.agreed_at) == (False, False, None)


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
