"""Whoever asks the risk question before the way home reads that an answer of the patient's waits for somebody."""

from __future__ import annotations

from stillroom.clinics.rows import clinic_scope
from stillroom.outcomes.models import Concern
from tests.bedside.house import House, planned
from tests.cast import Cast, signed_in

WAITS = "they answered with thoughts of death or self-harm, and nobody has written down yet what was decided"


def sheet(house: House, cast: Cast) -> str:
    return signed_in(cast.ben).get(f"{house.href}acts/settle-risk").content.decode()


def answer(cast: Cast, ninth: str) -> None:
    filled = {f"q{n}": "1" for n in range(1, 9)} | {"q9": ninth}
    assert signed_in(cast.pat).post("/journal/questionnaire/", filled).status_code == 302


def test_an_answer_that_waits_stands_on_the_sheet_until_somebody_has_decided(cast: Cast) -> None:
    house = planned(cast).arrive()
    assert WAITS not in sheet(house, cast)
    answer(cast, "1")
    assert WAITS in sheet(house, cast)
    with clinic_scope(cast.clinic.pk):
        concern = Concern.objects.get()
    form = {f"{concern.pk}-what": "no_answer"}
    signed_in(cast.ada).post(f"/office/concerns/{concern.pk}/decide/", form)
    assert WAITS in sheet(house, cast)
    form = {f"{concern.pk}-what": "safe", f"{concern.pk}-words": "Safe today"}
    signed_in(cast.ada).post(f"/office/concerns/{concern.pk}/decide/", form)
    assert WAITS not in sheet(house, cast)


def test_an_answer_without_such_thoughts_stands_on_no_sheet(cast: Cast) -> None:
    house = planned(cast).arrive()
    answer(cast, "0")
    assert WAITS not in sheet(house, cast)
