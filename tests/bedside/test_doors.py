"""The two doors in the page: what shuts them, in words, when it was seen after a good check."""

from __future__ import annotations

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.infusions.known import pasts_of
from stillroom.patients.models import Patient
from tests.bedside.house import planned
from tests.bedside.test_acts import ADULT, WATCH, WELL, body, come_back, later
from tests.cast import Cast, signed_in


def test_who_collapses_after_a_good_check_goes_by_no_door(cast: Cast) -> None:
    """Cannot be roused, 4 breaths, 225/130, 82 %, a high alarm, help called: each is said, and none is passed by."""
    house, ben = planned(cast).end(), signed_in(cast.ben)
    come_back(house, ben)
    with later(minutes=61):
        house.done(ben, "check", **WELL)
        house.done(ben, "watch", awake="cannot_be_roused", breaths_per_min="4", symptoms=["chest_pain"])
        house.done(ben, "vitals", sbp_mmhg="225", dbp_mmhg="130", spo2_percent="82")
        house.asked(c.Record(fact=e.AlarmRaised(condition="cannot_be_roused", priority=e.Priority.HIGH)), WATCH)
        house.done(ben, "help")
        page = ben.get(house.href).content.decode()
        for words in (
            "When last asked: <strong>chest pain</strong>",
            "High alarm: <strong>",
            "Help is called</strong>",
        ):
            assert words in page
        answer = house.post(ben, "go-with-adult", **ADULT, witness=str(cast.nan.pk))
    assert answer.status_code == 422
    assert body(answer)["html"].count('class="finding ') == 7
    assert house.state.status is Status.RECOVERING


def test_a_saturation_without_a_word_about_room_air_opens_no_door(cast: Cast) -> None:
    house, ben = planned(cast).end(), signed_in(cast.ben)
    come_back(house, ben)
    with later(minutes=61):
        house.done(ben, "check", **{**WELL, "on_room_air": ""})
        answer = house.post(ben, "go-with-adult", **ADULT, witness=str(cast.nan.pk))
        assert answer.status_code == 422
        assert "nobody said that they are on room air" in body(answer)["html"]
        house.done(ben, "check", **WELL)
        house.done(ben, "go-with-adult", **ADULT, witness=str(cast.nan.pk))


def test_help_is_called_in_the_corridor_heard_in_the_house_and_ended(cast: Cast) -> None:
    """After the door: the button, the list with compressions first, what is given, and the call on every other page."""
    house, ben = planned(cast).end(), signed_in(cast.ben)
    come_back(house, ben)
    with later(minutes=61):
        house.done(ben, "check", **WELL)
        house.done(ben, "go-with-adult", **ADULT, witness=str(cast.nan.pk))
        assert 'data-act="help"' in ben.get(house.href).content.decode()
        house.done(ben, "help")
        page = ben.get(house.href).content.decode()
        assert page.index("compressions now, defibrillator on") < page.index("Clamp closed</button>")
        called = ben.get("/board/calls").content.decode()
        assert house.href in called
        assert f"Help called for somebody who has left (was in {cast.room.name})" in called
        oxygen = {"name": "oxygen", "amount": "8", "unit": "L/min", "route": "inhaled", "reason": "Help was called"}
        house.done(ben, "medicine", **oxygen)
        house.done(ben, "help-over")
        assert house.href not in ben.get("/board/calls").content.decode()
        assert house.post(ben, "medicine", **oxygen).status_code == 422
    assert house.state.status is Status.GONE_HOME


def test_who_is_ill_before_the_start_is_taken_to_hospital_and_was_given_nothing(cast: Cast) -> None:
    house, ben = planned(cast).arrive(), signed_in(cast.ben)
    assert "Taken to hospital" in ben.get(house.href).content.decode()
    house.done(ben, "to-hospital", where="St Anna", line_stays="no", reason="rash and wheeze after ondansetron")
    assert house.state.status is Status.TO_HOSPITAL
    assert "Not started" in ben.get(house.href).content.decode()
    with clinic_scope(cast.clinic.pk):
        assert pasts_of(Patient.objects.get(infusions=house.infusion_id)) == []


def test_a_check_says_which_sign_it_left_out_until_somebody_measures_it(cast: Cast) -> None:
    house, ben = planned(cast).end(), signed_in(cast.ben)
    with later(minutes=10):
        house.done(ben, "check", **{**WELL, "spo2_percent": ""}, breaths_per_min="14", nauseous="6")
        left_out = "Not measured at the last check: oxygen saturation. They are still due."
        assert left_out in ben.get(house.href).content.decode()
        house.done(ben, "vitals", spo2_percent="98")
        assert left_out not in ben.get(house.href).content.decode()
    assert house.state.checks[-1].fact.nauseous == 6
