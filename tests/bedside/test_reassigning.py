"""Wrong patient opened: the second says so on the page of the room, and until then it says so wherever that matters."""

from __future__ import annotations

import pytest
from django.test import Client

from stillroom.core.infusion import commands as c
from tests.bedside.house import BY_METER, House, elsewhere, planned
from tests.bedside.test_acts import body, kinds
from tests.cast import Cast, signed_in
from tests.infusions.story import CLEAR

WAITS = "Waits for N. Lindqvist to say so here, signed in or with their PIN."
REFUSED = "N. Lindqvist has not said so yet. They do it on the page of this room, signed in or with their PIN."


def put_right(house: House, client: Client) -> int:
    """Out of the first patient's record into the neighbour's, by the sheet, with Nan as the second."""
    other, second = elsewhere(house.cast), str(house.cast.nan.pk)
    planned(other)
    said = {"patient": str(other.patient.pk), "second_person": second, "reason": "two of one name"}
    house.done(client, "reassign", **said)
    return house.state.last_seq


def put_right_and_back(house: House) -> int:
    for patient in (house.cast.neighbour, house.cast.patient):
        house.ask(c.ReassignInfusion(patient=patient.pk, second_person=house.cast.nan.pk, reason="x"), house.ben)
    return house.state.last_seq


def test_the_second_says_so_on_the_page_of_the_room_and_nobody_else_does(cast: Cast) -> None:
    house, ben, nan = planned(cast).start(), signed_in(cast.ben), signed_in(cast.nan)
    seq = put_right(house, ben)
    page = nan.get(house.href).content.decode()
    assert WAITS in page
    assert "N. Lindqvist says so too" in page
    assert "B. Osei put it right: this is <strong>P. Example</strong>’s infusion" in page
    for other in (ben, signed_in(cast.ada)):
        answer = house.post(other, "agree-reassignment", reassigned_seq=seq)
        assert answer.status_code == 422
        assert "Only whoever was named can confirm this." in body(answer)["html"]
    house.done(nan, "agree-reassignment", reassigned_seq=seq)
    page = ben.get(house.href).content.decode()
    assert "Waits for" not in page
    assert f"Said so in person, as entry {seq} has it" in page
    assert kinds(house)[-2:] == ["InfusionReassigned", "ReassignmentAgreed"]


def test_a_start_waits_and_says_for_whom_and_where(cast: Cast) -> None:
    house, ben = planned(cast).make_ready(), signed_in(cast.ben)
    house.let_it_be_heard()
    house.let_it_be_watched()
    seq = put_right_and_back(house)
    assert "The drip does not start before." in ben.get(house.href).content.decode()
    answer = house.post(ben, "start")
    assert answer.status_code == 422
    assert REFUSED in body(answer)["html"]
    house.done(signed_in(cast.nan), "agree-reassignment", reassigned_seq=seq)
    assert "The drip does not start before." not in ben.get(house.href).content.decode()
    why = {"reason": BY_METER}
    assert "the patient was put right since" in body(house.post(ben, "start", **why))["html"]
    house.done(ben, "start", said_family_name="Example", said_born="17 May 1984", **why)


def test_a_chart_waits_and_says_for_whom_and_where(cast: Cast) -> None:
    house, ben = planned(cast).end(), signed_in(cast.ben)
    seq = put_right_and_back(house)
    assert "The chart is not signed before." in ben.get(house.href).content.decode()
    answer = house.post(ben, "sign", meaning="given and watched by me")
    assert answer.status_code == 422
    assert REFUSED in body(answer)["html"]
    house.done(signed_in(cast.nan), "agree-reassignment", reassigned_seq=seq)
    house.done(ben, "sign", meaning="given and watched by me")


@pytest.mark.parametrize("act", ["go-with-adult", "go-when-clear", "to-hospital"])
def test_the_sheet_of_a_way_out_says_that_it_waits(cast: Cast, act: str) -> None:
    house, ben = planned(cast).end(), signed_in(cast.ben)
    house.ask(c.CheckRecovery(check=CLEAR), house.ben)
    waits = "Waits for N. Lindqvist to say so on this page"
    assert waits not in ben.get(f"{house.href}acts/{act}").content.decode()
    put_right_and_back(house)
    assert waits in ben.get(f"{house.href}acts/{act}").content.decode()


def test_a_paused_drip_waits_and_says_for_whom_and_where(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    house.done(ben, "pause")
    house.done(ben, "confirm", intent_seq=house.state.pending[-1].seq)
    seq = put_right_and_back(house)
    waits = "The drip does not run again before."
    assert waits in ben.get(house.href).content.decode()
    answer = house.post(ben, "resume")
    assert answer.status_code == 422
    assert REFUSED in body(answer)["html"]
    assert house.state.status == "paused"
    house.done(signed_in(cast.nan), "agree-reassignment", reassigned_seq=seq)
    assert waits not in ben.get(house.href).content.decode()
    house.done(ben, "resume")


@pytest.mark.parametrize("act", ["pause", "stop"])
def test_pause_and_stop_wait_for_nobody(cast: Cast, act: str) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    put_right(house, ben)
    house.done(ben, act)


def test_somebody_else_is_named_where_the_second_has_gone_home(cast: Cast) -> None:
    house, ben, ada = planned(cast).start(), signed_in(cast.ben), signed_in(cast.ada)
    put_right(house, ben)
    page = ben.get(house.href).content.decode()
    assert "Somebody else says so" in page
    assert house.post(ada, "name-second", second_person=str(cast.ben.pk), reason="gone").status_code == 422
    house.done(ben, "name-second", second_person=str(cast.ada.pk), reason="N. Lindqvist has gone home")
    seq = house.state.last_seq
    assert "Waits for A. Okafor to say so here" in ben.get(house.href).content.decode()
    assert house.post(signed_in(cast.nan), "agree-reassignment", reassigned_seq=seq).status_code == 422
    house.done(ada, "agree-reassignment", reassigned_seq=seq)
    page = ben.get(house.href).content.decode()
    assert "Waits for" not in page
    assert "act-name-second" not in page


def test_another_second_is_named_also_while_the_patient_is_here_for_their_next_infusion(cast: Cast) -> None:
    house, here = planned(cast), planned(elsewhere(cast))
    patient = here.cast.patient.pk
    wrong = c.ReassignInfusion(patient=patient, second_person=cast.nan.pk, reason="two of one name")
    house.ask(wrong, house.ben)
    house.ask(c.AbandonInfusion(reason="the record of another"), house.ben)
    here.arrive()
    another = c.ReassignInfusion(patient=patient, second_person=cast.ada.pk, reason="gone home")
    house.ask(another, house.ben)


def test_the_sheet_for_a_handover_says_whom_it_waits_for(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    seq = put_right(house, ben)
    told = "B. Osei put it right"
    assert told in ben.get("/board/handover/").content.decode()
    house.done(signed_in(cast.nan), "agree-reassignment", reassigned_seq=seq)
    assert told not in ben.get("/board/handover/").content.decode()
