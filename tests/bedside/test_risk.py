"""Whoever asks the risk question before the way home reads that an answer of the patient's waits for somebody."""

from __future__ import annotations

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion.recovery import is_risk_settled
from stillroom.outcomes.models import Concern
from tests.bedside.house import House, planned
from tests.bedside.test_acts import come_back
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


def test_who_is_named_as_having_decided_is_asked_in_the_room_and_nobody_else_can_say_so(cast: Cast) -> None:
    """Named from a list by Ben; the doors wait for Nan, who is no prescriber."""
    house, ben, nan = planned(cast).end(), signed_in(cast.ben), signed_in(cast.nan)
    decided = {"outcome": "concern_decided_by_named_clinician", "decided_by": str(cast.nan.pk)}
    house.done(ben, "settle-risk", **decided)
    name = "N. Lindqvist"
    page = ben.get(house.href).content.decode()
    for words in (
        f"{name} decided what follows a concern about suicide",
        f"{name} has not confirmed it yet. Both ways home wait for that",
        f"Risk question settled: {name} has to confirm",
        f"a concern; {name} decided what follows",
    ):
        assert words in page
    (naming,) = house.state.named
    assert house.post(ben, "confirm-naming", named_seq=naming.seq).status_code == 422
    refused = house.post(ben, "settle-risk", outcome="no_concern").content.decode()
    assert "a decision waits to be confirmed" in refused
    waits = ben.get("/board/handover/").content.decode()
    assert f"{name} has not confirmed the decision about a concern" in waits
    assert "acts/confirm-naming" in nan.get(house.href).content.decode()
    house.done(nan, "confirm-naming", named_seq=naming.seq)
    page = ben.get(house.href).content.decode()
    assert "has not confirmed" not in page
    assert "has to confirm" not in page


def test_an_answer_without_such_thoughts_stands_on_no_sheet(cast: Cast) -> None:
    house = planned(cast).arrive()
    answer(cast, "0")
    assert WAITS not in sheet(house, cast)


def test_no_concern_is_asked_again_when_they_say_otherwise_and_shuts_the_door(cast: Cast) -> None:
    house, ben = planned(cast).end(), signed_in(cast.ben)
    come_back(house, ben)
    assert is_risk_settled(house.state)
    assert "Ask again" in ben.get(house.href).content.decode()
    decided = {"outcome": "concern_decided_by_named_clinician", "decided_by": str(cast.nan.pk)}
    house.done(ben, "settle-risk", **decided)
    assert not is_risk_settled(house.state)
