"""An adverse event has a life of its own: written, said anew, due, reported; and the list of the emergency kit."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from stillroom.adverse.models import Account, AdverseEvent
from stillroom.adverse.reading import emergency_list, events_of_infusion
from stillroom.bedside.paper.contents import chart
from stillroom.bedside.paper.letterhead import letterhead_of
from stillroom.bedside.reading import read_situation
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import entries as e
from tests.bedside.house import House, planned
from tests.cast import Cast, at_display, signed_in

WENT_WHITE = {
    "what": "Went white and vomited twice", "grade": "3", "criteria": ["hospital"], "actions": ["stopped", "medicine"],
    "action_words": "ondansetron", "outcome": "getting_better",
}  # fmt: skip


def written(cast: Cast, house: House, **more: Any) -> AdverseEvent:
    at = timezone.localtime() - timedelta(minutes=5)
    typed = WENT_WHITE | {"happened_on": f"{at:%-d %B %Y}", "happened_clock": f"{at:%H:%M}"} | more
    answer = signed_in(cast.ben).post(f"{_new(cast)}?infusion={house.row.pk}", typed)
    assert answer.status_code == 302, answer.content.decode()
    with clinic_scope(cast.clinic.pk):
        return AdverseEvent.objects.latest("known_at")


def _new(cast: Cast) -> str:
    return f"/office/patients/{cast.patient.pk}/adverse/"


def shown(cast: Cast, path: str = "") -> str:
    return " ".join(signed_in(cast.ben).get(f"/office/adverse/{path}").content.decode().split())


def rule(cast: Cast, **days: str) -> HttpResponse:
    answer = signed_in(cast.ada).post("/office/adverse/reporting/", days)
    assert isinstance(answer, HttpResponse)
    return answer


def test_it_stands_in_the_list_the_record_the_panel_and_the_chart(cast: Cast) -> None:
    house = planned(cast).start()
    assert "No adverse event is written down" in shown(cast)
    event = written(cast, house)
    assert "1 written down, 1 of them serious" in shown(cast)
    record = signed_in(cast.ben).get(f"/office/patients/{cast.patient.pk}/").content.decode()
    assert "Went white and vomited twice" in record
    assert "Adverse events: 1 in 1 patient, 1 of them serious" in " ".join(
        signed_in(cast.ben).get("/office/outcomes/").content.decode().split()
    )
    with clinic_scope(cast.clinic.pk):
        told = events_of_infusion(house.row, today=cast.clinic.today())
        page = chart(
            read_situation(house.row, at=timezone.now()),
            letterhead_of(cast.clinic),
            head_seq=1,
            head_hash="",
            adverse=told,
        )
    (line,) = page["adverse"]
    assert (line["what"], line["outcome"]) == ("Went white and vomited twice", "Getting better")
    assert "Severe" in line["grade"]
    assert "Drip stopped" in line["actions"]
    assert signed_in(cast.ben).get(f"/office/adverse/{event.pk}/").status_code == 200


def test_without_a_rule_nothing_is_due_and_with_one_it_becomes_overdue_until_it_is_reported(cast: Cast) -> None:
    house = planned(cast).start()
    written(cast, house)
    assert "none is due by the clinic" in shown(cast)
    assert rule(cast, gravest_within_days="7", serious_within_days="15").status_code == 302
    event = written(cast, house)
    assert "To be reported: 1." in shown(cast)
    with time_machine.travel(timezone.now() + timedelta(days=16), tick=True):
        assert "1 overdue" in shown(cast)
        said = WENT_WHITE | {"is_reported": "on"}
        there = f"/office/adverse/{event.pk}/"
        assert signed_in(cast.ben).post(there, said).status_code == 422
        said |= {"report_words": "the medicines authority", "outcome": "over"}
        assert signed_in(cast.ben).post(there, said).status_code == 302
        assert "To be reported: 0." in shown(cast)
        page = shown(cast, f"{event.pk}/")
    assert "the medicines authority" in page
    assert "As it was said before" in page


def test_what_was_said_is_never_changed(cast: Cast) -> None:
    event = written(cast, planned(cast).start())
    for table in ("adverse_account", "adverse_adverseevent"):
        with clinic_scope(cast.clinic.pk), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(f"DELETE FROM {table}")  # noqa: S608
    with clinic_scope(cast.clinic.pk):
        assert Account.objects.filter(event=event).count() == 1


def test_another_clinic_sees_none_of_it(cast: Cast) -> None:
    event = written(cast, planned(cast).start())
    cleo = signed_in(cast.cleo)
    assert "Went white" not in cleo.get("/office/adverse/").content.decode()
    assert cleo.get(f"/office/adverse/{event.pk}/").status_code == 404


@pytest.mark.parametrize("missing", ["what", "grade", "outcome", "happened_clock"])
def test_what_happened_how_bad_and_how_it_stands_are_asked(cast: Cast, missing: str) -> None:
    typed = WENT_WHITE | {"happened_on": "1 May 2026", "happened_clock": "10:05"}
    del typed[missing]
    assert signed_in(cast.ben).post(_new(cast), typed).status_code == 422


def test_the_emergency_list_is_the_clinics_and_each_line_is_one_tap_when_help_was_called(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    house.done(at_display(cast), "help")
    page = ben.get(house.href).content.decode()
    assert "The clinic has no list of its emergency kit yet" in page
    assert signed_in(cast.ben).get("/office/emergency/").status_code == 403
    line = {"name": "adrenaline", "amount": "0.50", "unit": "mg", "route": "into_muscle"}
    assert signed_in(cast.ada).post("/office/emergency/", line | {"amount": "0,5"}).status_code == 422
    assert signed_in(cast.ada).post("/office/emergency/", line).status_code == 302
    page = " ".join(ben.get(house.href).content.decode().split())
    assert "<strong>adrenaline 0.5 mg</strong>, into a muscle" in page
    house.done(ben, "medicine", **line, reason="Help was called")
    house.done(ben, "medicine", name="oxygen", amount="10", unit="L/min", route="inhaled", reason="Help was called")
    given = [seen.fact for seen in house.state.medicines]
    assert [(each.name, str(each.amount), each.unit) for each in given] == [
        ("adrenaline", "0.50", "mg"),
        ("oxygen", "10", "L/min"),
    ]
    assert isinstance(house.log[-1].fact, e.MedicineGiven)
    assert page.count("Given now, one tap each") == 1
    assert "oxygen 10 L/min" in " ".join(ben.get(house.href).content.decode().split())


def test_a_line_is_struck_off_and_the_list_before_is_kept(cast: Cast) -> None:
    ada = signed_in(cast.ada)
    for amount in ("0.3", "0.5"):
        ada.post("/office/emergency/", {"name": "adrenaline", "amount": amount, "unit": "mg", "route": "into_muscle"})
    ada.post("/office/emergency/", {"struck": "adrenaline|0.3|mg|into_muscle"})
    with clinic_scope(cast.clinic.pk):
        assert [str(each.amount) for each in emergency_list()] == ["0.5"]
        assert connection.cursor().execute("SELECT count(*) FROM adverse_emergencylist").fetchone() == (3,)
