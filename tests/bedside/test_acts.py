"""Every act through the real view, on the real database: done once, refused in words, never lost."""

from __future__ import annotations

import json
import re
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from stillroom.bedside.sheets import Act
from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import Status
from stillroom.core.order import Door
from stillroom.core.safety import ITEMS, PreflightItem, Reply
from stillroom.patients.known import allergies_of, state_allergies
from tests.bedside.house import BAG, BY_METER, House, planned
from tests.cast import Cast, at_display, signed_in
from tests.examples import ORDER

WATCH = c.Author(by="system:watch", role="system")


def kinds(house: House) -> list[str]:
    return [entry.kind for entry in house.log]


# --- the walk


def test_the_walk_from_arrival_to_the_way_home_with_an_adult(cast: Cast) -> None:
    """As a nurse does it, with a colleague where two are asked for; each step by the form its page posts."""
    house, ben, nan = planned(cast), signed_in(cast.ben), signed_in(cast.nan)
    house.done(ben, "arrive")
    for item in ITEMS:
        house.done(ben, "preflight", item=item.value, reply="fine")
    house.done(ben, "vitals", sbp_mmhg="118", dbp_mmhg="74", pulse_per_min="66", spo2_percent="98")
    house.done(ben, "place-line", site="left forearm")
    house.done(ben, "make-bag", **BAG)
    house.done(nan, "check-bag")
    house.done(ben, "hang-bag", primed_with="drug", line_volume_ml="15")
    house.done(ben, "ready", said_family_name="Example", said_born="17 May 1984")
    house.let_it_be_heard()
    house.let_it_be_watched()
    by_hand = {"reason": BY_METER}
    for act, said in (("start", by_hand), ("pause", {}), ("resume", {})):
        house.done(ben, act, **said)
        house.done(ben, "confirm", intent_seq=house.state.pending[-1].seq)
    house.done(ben, "end", left_in_bag_ml="0")
    come_back(house, ben)
    early = house.post(ben, "go-with-adult", **ADULT, witness=str(cast.nan.pk))
    assert early.status_code == 422
    assert "observation" in body(early)["html"]
    with later(minutes=61):
        old = house.post(ben, "go-with-adult", **ADULT, witness=str(cast.nan.pk))
        assert "The last check is from" in body(old)["html"]
        house.done(ben, "check", **WELL)
        drives = ADULT | {"travels_by": "drives"}
        refused = house.post(ben, "go-with-adult", **drives, witness=str(cast.nan.pk))
        assert "Nobody drives home today" in body(refused)["html"]
        house.done(ben, "go-with-adult", **ADULT, witness=str(cast.nan.pk))
    home = house.state.went_home
    assert home is not None
    assert (home.door, home.adult_name, home.witness) == (Door.WITH_ADULT, "Jo Example", cast.nan.pk)


def test_the_other_door_needs_two_clear_checks_and_a_way_home_that_is_not_driving(cast: Cast) -> None:
    house, ben = planned(cast).end(), signed_in(cast.ben)
    come_back(house, ben)
    with later(minutes=61):
        assert house.post(ben, "go-when-clear", travels_by="tram_or_bus").status_code == 422
        house.done(ben, "check", **WELL)
        assert house.post(ben, "go-when-clear", travels_by="drives").status_code == 422
        house.done(ben, "go-when-clear", travels_by="tram_or_bus")
    assert kinds(house)[-1] == "WentHome"


@pytest.mark.parametrize("door", ["go-with-adult", "go-when-clear"])
def test_what_was_not_looked_at_keeps_both_doors_shut(cast: Cast, door: str) -> None:
    house, ben = planned(cast).end(), signed_in(cast.ben)
    house.done(ben, "check", awake="alert")
    with later(minutes=90):
        answer = house.post(ben, door, **ADULT, witness=str(cast.nan.pk))
    assert answer.status_code == 422
    assert body(answer)["html"].count('class="finding ') >= 8


WELL = {
    "awake": "alert",
    "oriented": "yes",
    "breathing_steady": "yes",
    "on_room_air": "yes",
    "vomiting": "no",
    "effects_gone": "yes",
    "on_feet": "steady",
    "sbp_mmhg": "120",
    "dbp_mmhg": "75",
    "pulse_per_min": "70",
    "spo2_percent": "98",
}
ADULT = {
    "adult_name": "Jo Example",
    "adult_relation": "sister",
    "adult_phone": "+000 2",
    "travels_by": "taxi_with_them",
}


def come_back(house: House, ben: Client) -> None:
    """Everything staff look for but time."""
    house.done(ben, "check", **WELL)
    house.done(ben, "line-out")
    house.done(ben, "settle-risk", outcome="no_concern")
    house.done(ben, "instructions")


def later(*, minutes: float) -> AbstractContextManager[object]:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=True)


def body(response: HttpResponse) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(response.content)
    return answer


DURING = [
    ("count-drops", {"drops": "12", "seconds": "15"}, "DropsCounted"),
    ("stream-seen", {}, "StreamSeen"),
    ("disturbed", {}, "DripDisturbed"),
    ("read-bag", {"left_in_bag_ml": "60"}, "BagRead"),
    ("new-rate", {"rate_ml_per_h": "120"}, "RateIntended"),
    ("pause", {}, "PauseIntended"),
    ("stop", {}, "StopIntended"),
    ("flush-line", {"volume_ml": "10", "duration_min": "1"}, "LineFlushed"),
    ("vitals", {"pulse_per_min": "70"}, "VitalsCharted"),
    ("watch", {"awake": "drowsy_answers", "detached": "3"}, "PatientWatched"),
    ("medicine", {"name": "x", "amount": "4", "unit": "mg", "route": "iv", "reason": "sick"}, "MedicineGiven"),
    ("comfort", {"item": "lights", "choice": "Low"}, "ComfortSet"),
    ("comfort", {"item": "talk", "words": "It passes, and I am here."}, "ComfortSet"),
    ("calm", {"step": "eyes"}, "CalmingTried"),
    ("dismiss-advice", {"code": "behind", "level": "6", "reason": "slow on purpose"}, "AdviceDismissed"),
    ("dismiss-advice", {"code": "too_fast nausea sbp", "level": "2"}, "AdviceDismissed"),
    ("dismiss-advice", {"code": "too_fast nausea:7 sbp:1", "level": "2"}, "AdviceDismissed"),
    ("note", {"words": "smiled"}, "NoteAdded"),
    ("take-room", {}, "RoomTaken"),
    ("help", {}, "HelpCalled"),
]


@pytest.mark.parametrize(("act", "typed", "kind"), DURING, ids=[act for act, _, _ in DURING])
def test_an_act_during_the_drip_is_logged_by_whoever_did_it(
    cast: Cast, act: str, typed: dict[str, str], kind: str
) -> None:
    house = planned(cast).start()
    answer = house.done(signed_in(cast.ben), act, **typed)
    last = house.log[-1]
    assert (last.kind, last.by, last.seq) == (kind, f"person:{cast.ben.pk}", answer["seq"])


def test_help_is_called_gone_through_and_over(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    house.done(ben, "help")
    house.done(ben, "help-step", step="airway")
    assert house.state.help_steps == ("airway",)
    house.done(ben, "help-over")
    assert house.state.help_called_at is None


def test_at_a_display_with_nobody_signed_in_help_is_called_and_its_list_is_ticked(cast: Cast) -> None:
    """Each by the device. The page offers what is taken: the lines and no more of the list."""
    house, display = planned(cast).start(), at_display(cast)
    house.done(display, "help")
    assert 'data-act="help-step"' in display.get(house.href).content.decode()
    house.done(display, "help-step", step="clamp")
    by = f"device:{cast.display.pk}"
    assert [(each.kind, each.by) for each in house.log[-2:]] == [("HelpCalled", by), ("HelpStepDone", by)]
    assert house.state.help_steps == ("clamp",)
    assert house.post(display, "help-over").status_code == 403


def test_a_step_that_is_not_on_the_list_is_not_recorded(cast: Cast) -> None:
    house, display = planned(cast).start(), at_display(cast)
    house.done(display, "help")
    before = house.state.last_seq
    assert house.post(display, "help-step", step="Jo Alder cried").status_code == 422
    assert house.state.last_seq == before


def test_an_alarm_is_acknowledged_by_name(cast: Cast) -> None:
    house = planned(cast).start()
    house.ask(c.Record(fact=e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH)), WATCH)
    house.done(signed_in(cast.ben), "acknowledge", condition="spo2_low")
    assert house.state.alarms[0].acknowledged_by == f"person:{cast.ben.pk}"


def test_it_is_given_up_before_the_start_with_a_reason(cast: Cast) -> None:
    house, ben = planned(cast), signed_in(cast.ben)
    assert house.post(ben, "abandon", reason="").status_code == 422
    house.done(ben, "abandon", reason="fever")
    assert house.state.status is Status.ABANDONED


# --- once, and never lost


def test_the_same_act_sent_again_counts_once_and_gets_the_same_answer(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    act_id = str(uuid4())
    answers = [house.done(ben, "note", act_id=act_id, words="smiled") for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert kinds(house).count("NoteAdded") == 1


@pytest.mark.parametrize("typed", ["1,5", ".5", "1e1", "12.345", "٥", ""])
def test_a_number_that_cannot_be_read_is_refused_with_what_to_do_and_nothing_typed_is_lost(
    cast: Cast, typed: str
) -> None:
    house = planned(cast).start()
    before = house.state.last_seq
    answer = house.post(signed_in(cast.ben), "count-drops", drops="12", seconds=typed)
    assert answer.status_code == 422
    html = body(answer)["html"]
    assert 'value="12"' in html
    assert f'value="{typed}"' in html
    assert 'class="error"' in html
    assert house.state.last_seq == before


@pytest.mark.parametrize("act", ["stop", "pause", "help"])
@pytest.mark.parametrize("typed", [{"act_id": "no id", "seen_seq": "x"}, {"happened_at": "25:99"}])
def test_what_makes_it_safer_is_recorded_however_badly_the_rest_can_be_read(
    cast: Cast, act: str, typed: dict[str, str]
) -> None:
    house = planned(cast).start()
    answer = signed_in(cast.ben).post(f"{house.href}acts/{act}", typed, HTTP_ACCEPT="application/json")
    assert json.loads(answer.content) == {"outcome": "done", "seq": house.log[-1].seq}


# --- refused, in words


def test_a_refusal_says_why_and_comes_back_with_the_sheet(cast: Cast) -> None:
    house = planned(cast).start()
    answer = house.post(signed_in(cast.ben), "new-rate", rate_ml_per_h="190")
    assert answer.status_code == 422
    html = body(answer)["html"]
    assert "Not recorded" in html
    assert 'id="act-new-rate"' in html
    assert 'value="190"' in html


def test_a_start_with_something_missing_names_each_thing(cast: Cast) -> None:
    house = planned(cast).arrive()
    answer = house.post(signed_in(cast.ben), "ready", said_family_name="Example", said_born="17.05.1984")
    assert answer.status_code == 422
    assert body(answer)["html"].count("<li") >= 13


def test_an_act_of_one_tap_that_is_refused_gets_a_sheet_that_says_why(cast: Cast) -> None:
    house = planned(cast).start()
    answer = house.post(signed_in(cast.ben), "confirm", intent_seq=str(house.state.last_seq))
    assert answer.status_code == 422
    html = body(answer)["html"]
    assert 'id="act-confirm"' in html
    assert "Nothing is in doubt any more" in html


# --- two at once


def test_a_colleague_was_quicker_and_it_is_asked_again(cast: Cast) -> None:
    """One conflict page at most: shown what the colleague did, the same act with a new id goes through."""
    house, ben, nan = planned(cast).start(), signed_in(cast.ben), signed_in(cast.nan)
    seen_seq = house.state.last_seq
    house.done(nan, "new-rate", rate_ml_per_h="120")
    house.done(nan, "confirm", intent_seq=house.state.pending[-1].seq)
    answer = house.post(ben, "new-rate", rate_ml_per_h="130", seen_seq=seen_seq)
    assert answer.status_code == 409
    assert body(answer)["outcome"] == "conflict"
    html = body(answer)["html"]
    assert "Something has happened since" in html
    assert "N. Lindqvist" in html
    assert 'value="130"' in html
    assert f'name="seen_seq" value="{house.state.last_seq}"' in html
    house.done(ben, "new-rate", rate_ml_per_h="130")
    assert house.state.pending[-1].rate_ml_per_h <= 130


@pytest.mark.parametrize(
    ("act", "typed"), [("stop", {}), ("note", {"words": "x"}), ("acknowledge", {"condition": "spo2_low"})]
)
def test_stop_note_and_acknowledge_never_conflict(cast: Cast, act: str, typed: dict[str, str]) -> None:
    house, ben, nan = planned(cast).start(), signed_in(cast.ben), signed_in(cast.nan)
    house.ask(c.Record(fact=e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH)), WATCH)
    seen_seq = house.state.last_seq
    house.done(nan, "new-rate", rate_ml_per_h="120")
    house.done(nan, "confirm", intent_seq=house.state.pending[-1].seq)
    house.done(ben, act, seen_seq=seen_seq, **typed)


def test_an_alarm_that_came_back_since_is_not_silenced_by_who_saw_the_one_before(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    raised = c.Record(fact=e.AlarmRaised(condition="spo2_grave", priority=e.Priority.HIGH, value="88", limit="90"))
    house.ask(raised, WATCH)
    seen_seq = house.state.last_seq
    house.ask(c.Record(fact=e.AlarmCleared(condition="spo2_grave")), WATCH)
    house.ask(raised, WATCH)
    for act in ("acknowledge", "pause-sound"):
        answer = house.post(ben, act, condition="spo2_grave", seen_seq=seen_seq)
        assert answer.status_code == 409
        html = answer.json()["html"] if answer.headers["Content-Type"].startswith("application/json") else answer.text
        assert "It came back since, or is worse: Oxygen saturation 88%, under 90%" in html
    assert (house.state.alarms[0].acknowledged_by, house.state.alarms[0].paused_until) == (None, None)
    house.done(ben, "acknowledge", condition="spo2_grave")
    assert house.state.alarms[0].acknowledged_by == f"person:{cast.ben.pk}"


def test_slower_is_never_questioned_even_by_a_colleagues_act(cast: Cast) -> None:
    house, ben, nan = planned(cast).start(), signed_in(cast.ben), signed_in(cast.nan)
    seen_seq = house.state.last_seq
    house.done(nan, "new-rate", rate_ml_per_h="120")
    house.done(nan, "confirm", intent_seq=house.state.pending[-1].seq)
    house.done(ben, "new-rate", rate_ml_per_h="60", seen_seq=seen_seq)


# --- who may


def test_stop_from_an_enrolled_display_with_nobody_signed_in(cast: Cast) -> None:
    house, display = planned(cast).start(), at_display(cast)
    house.done(display, "stop")
    last = house.log[-1]
    assert (last.kind, last.by) == ("StopIntended", f"device:{cast.display.pk}")
    house.done(display, "clamp-closed")
    assert house.state.status is Status.STOPPED


def test_a_stop_kept_without_a_connection_carries_the_time_at_which_it_was_pressed(cast: Cast) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=20)):
        house = planned(cast).start()
    display, pressed_at = at_display(cast), timezone.now() - timedelta(minutes=9)
    house.done(display, "stop", pressed_at=pressed_at.isoformat())
    mark, stop = house.log[-2:]
    assert (mark.kind, stop.kind) == ("RecordedLate", "StopIntended")
    assert abs(stop.occurred_at - pressed_at) < timedelta(milliseconds=1)
    assert stop.recorded_at > stop.occurred_at


@pytest.mark.parametrize("pressed_at", ["", "yesterday", "2026-11-23T10:00:00", "2999-01-01T00:00:00Z"])
def test_a_stop_with_an_impossible_time_is_a_stop_now(cast: Cast, pressed_at: str) -> None:
    house = planned(cast).start()
    house.done(at_display(cast), "stop", pressed_at=pressed_at)
    stop = house.log[-1]
    assert abs(stop.occurred_at - stop.recorded_at) < timedelta(seconds=1)


def test_a_display_taken_over_with_a_pin_acts_for_the_person(cast: Cast) -> None:
    house = planned(cast).start()
    house.done(at_display(cast, taken_by=cast.ben), "note", words="by PIN")
    assert house.log[-1].by == f"person:{cast.ben.pk}"


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.SIGN])
def test_a_display_alone_may_do_no_more_than_make_it_safer(cast: Cast, act: Act) -> None:
    house = planned(cast)
    status = house.post(at_display(cast), act).status_code
    safer = {
        "stop",
        "clamp-closed",
        "pause",
        "confirm",
        "help",
        "help-step",
        "acknowledge",
        "pause-sound",
        "sound-back",
    }
    assert (status in (200, 422)) if act in safer else (status in (302, 403))


def test_cleo_of_another_clinic_finds_nothing_here(cast: Cast) -> None:
    house, cleo = planned(cast), signed_in(cast.cleo)
    before = house.state.last_seq
    assert house.post(cleo, "stop").status_code == 404
    assert cleo.get(house.href).status_code == 404
    assert cleo.get(f"{house.href}stream?after=0").status_code == 404
    assert house.state.last_seq == before


def test_signing_asks_for_a_recent_sign_in_and_says_in_which_role(cast: Cast) -> None:
    house = planned(cast).end()
    house.done(signed_in(cast.ben), "sign", meaning="given and watched by me")
    assert house.post(signed_in(cast.ada, recently=False), "sign", meaning="read").status_code == 403
    house.done(signed_in(cast.ada), "sign", meaning="read and agreed")
    roles = [(each.by, each.fact.role) for each in house.state.signed]
    assert roles == [(f"person:{cast.ben.pk}", "nurse"), (f"person:{cast.ada.pk}", "prescriber")]


def test_a_door_is_opened_all_the_same_by_two_people_each_signed_in(cast: Cast) -> None:
    """Ada says why, Ben agrees himself; a nurse is not offered it, and nothing is lifted by one of them."""
    house, ada, ben = planned(cast).end(), signed_in(cast.ada), signed_in(cast.ben)
    come_back(house, ben)
    assert "act-override-door" not in ben.get(house.href).content.decode()
    said = {
        "door": "with_adult",
        "conditions": ["observation_not_over"],
        "insists": "on",
        "advised": "to stay the hour",
        "reason": "their bus goes",
        "second": str(cast.ben.pk),
    }
    leave = ADULT | {"witness": str(cast.nan.pk)}
    assert "observation_not_over" in ada.get(house.href).content.decode()
    house.done(ada, "override-door", **said)
    assert house.post(ben, "go-with-adult", **leave).status_code == 422
    seq = house.state.last_seq
    assert "has not agreed yet" in ben.get(house.href).content.decode()
    assert house.post(ada, "agree-override", overridden_seq=seq).status_code == 422
    house.done(ben, "agree-override", overridden_seq=seq)
    house.done(ben, "go-with-adult", **leave)
    assert kinds(house)[-3:] == ["DoorOverridden", "OverrideAgreed", "WentHome"]


def test_a_score_is_recorded_tap_by_tap_and_stands_beside_what_the_order_asks(cast: Cast) -> None:
    house, ben = planned(cast).end(), signed_in(cast.ben)
    come_back(house, ben)
    taps = {"activity": "2", "respiration": "2", "circulation": "2", "consciousness": "1", "saturation": "2"}
    assert house.post(ben, "score-aldrete", **(taps | {"saturation": ""})).status_code == 422
    house.done(ben, "score-aldrete", **taps)
    page = " ".join(ben.get(house.href).content.decode().split())
    assert "9 of 10</strong>" in page
    assert "The order asks for no score" in page


def test_nobody_checks_the_bag_that_they_made(cast: Cast) -> None:
    house, ben = planned(cast).arrive(), signed_in(cast.ben)
    house.done(ben, "make-bag", **BAG)
    assert house.post(ben, "check-bag").status_code == 422
    house.done(signed_in(cast.nan), "check-bag")


# --- the record of the patient


def test_two_identifiers_that_do_not_agree_block_and_leave_a_note(cast: Cast) -> None:
    house, ben = planned(cast).arrive(), signed_in(cast.ben)
    act_id = str(uuid4())
    for _ in range(2):
        answer = house.post(ben, "ready", act_id=act_id, said_family_name="Example", said_born="5 May 1984")
        assert answer.status_code == 422
        assert "Name and birth date" in body(answer)["html"]
    notes = [entry.fact.words for entry in house.log if isinstance(entry.fact, e.NoteAdded)]
    assert len(notes) == 1
    assert "did not both agree" in notes[0]


def test_where_the_order_asks_a_second_person_asks_who_sits_there_before_the_start(cast: Cast) -> None:
    house = planned(cast, order=replace(ORDER, second_patient_check=True)).make_ready()
    ben, nan, said = signed_in(cast.ben), signed_in(cast.nan), {"said_family_name": "Example"}
    assert "A second person asked who sits here" in nan.get(house.href).content.decode()
    assert house.post(ben, "start").status_code == 422
    assert house.post(ben, "check-patient", **said, said_born="17 May 1984").status_code == 422
    assert house.post(nan, "check-patient", **said, said_born="5 May 1984").status_code == 422
    assert "did not both agree" in house.log[-1].fact.words, "kept as a near miss"
    house.done(nan, "check-patient", **said, said_born="17 May 1984")
    house.let_it_be_heard()
    house.let_it_be_watched()
    house.done(ben, "start", reason=BY_METER)
    assert "name and birth date are those of the order" in ben.get(house.href).content.decode()


def test_who_did_not_make_ready_asks_for_name_and_birth_date_at_the_start(cast: Cast) -> None:
    house, nan = planned(cast).make_ready(), signed_in(cast.nan)
    house.let_it_be_heard()
    house.let_it_be_watched()
    refused = body(house.post(nan, "start", reason=BY_METER))["html"]
    assert "Whoever starts asks the patient for name and birth date" in refused
    assert 'name="said_born"' in refused
    why_and_name = {"reason": BY_METER, "said_family_name": "Example"}
    assert house.post(nan, "start", **why_and_name).status_code == 422
    assert house.post(nan, "start", **why_and_name, said_born="5 May 1984").status_code == 422
    assert "did not both agree" in house.log[-1].fact.words, "kept as a near miss"
    house.done(nan, "start", **why_and_name, said_born="17 May 1984")
    assert house.log[-1].fact.patient_asked
    assert "asked who they are" in nan.get(house.href).content.decode()


def test_the_sheet_of_the_start_says_at_once_all_that_stands_against_it(cast: Cast) -> None:
    """Name and birth date, the pressure, and the room: the reason then answers nothing that was not shown."""
    house, ada = planned(cast).make_ready(), signed_in(cast.ada)
    house.record(e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=165, dbp_mmhg=96))
    house.let_it_be_watched()
    refused = body(house.post(ada, "start"))["html"]
    for words in (
        "Whoever starts asks the patient for name and birth date",
        "The pressure is 165/96",
        "No screen that shows this room has its sound turned on",
        "No monitor sends saturation here",
    ):
        assert words in refused
    said = {"said_family_name": "Example", "said_born": "17 May 1984"}
    assert house.post(ada, "start", **said).status_code == 422
    house.done(ada, "start", **said, reason="discussed; a meter; I stay")


def test_an_answer_about_allergies_is_what_the_header_says(cast: Cast) -> None:
    house, ben = planned(cast).arrive(), signed_in(cast.ben)
    house.done(ben, "preflight", item="allergies", reply="problem", words="latex, soy")
    with clinic_scope(cast.clinic.pk):
        assert allergies_of(cast.patient) == ("latex", "soy")
    assert "allergic to latex, soy" in ben.get(house.href).content.decode()


def test_an_allergy_on_record_is_not_answered_away(cast: Cast) -> None:
    house, ben = planned(cast).arrive(), signed_in(cast.ben)
    with clinic_scope(cast.clinic.pk):
        state_allergies(cast.patient, ["penicillin"], actor_for(cast))
    answer = house.post(ben, "preflight", item="allergies", reply="fine")
    assert answer.status_code == 422
    assert "penicillin" in body(answer)["html"]
    with clinic_scope(cast.clinic.pk):
        assert allergies_of(cast.patient) == ("penicillin",)


def actor_for(cast: Cast) -> Actor:
    return Actor(Proof.SIGN_IN, cast.ben, cast.clinic, frozenset({"nurse"}))


# --- a prescriber who is named


def named_at_ready(cast: Cast) -> House:
    """Ben made it ready all the same, and named Ada."""
    house, ben = planned(cast).make_all_but_ready(), signed_in(cast.ben)
    house.record(e.PreflightAnswered(item=PreflightItem.FASTING, reply=Reply.PROBLEM, words="a biscuit"))
    said = {"said_family_name": "Example", "said_born": "17 May 1984"}
    refused = body(house.post(ben, "ready", **said, reason="a biscuit, two hours ago"))["html"]
    assert "A prescriber has to ask for this, or be named, and say why." in refused
    house.done(ben, "ready", **said, reason="a biscuit, two hours ago", prescriber=str(cast.ada.pk))
    return house


def test_a_named_prescriber_stands_unconfirmed_on_every_page_until_they_say_so(cast: Cast) -> None:
    house, ben, ada = named_at_ready(cast), signed_in(cast.ben), signed_in(cast.ada)
    page = ben.get(house.href).content.decode()
    assert "A. Okafor has not confirmed it yet." in page
    assert "A. Okafor said it may go on: a biscuit, two hours ago" in page
    assert "acts/confirm-naming" not in page
    house.let_it_be_heard()
    house.let_it_be_watched()
    assert house.post(ben, "start").status_code == 422
    seq = house.state.named[0].seq
    assert house.post(ben, "confirm-naming", named_seq=seq).status_code == 422
    assert "acts/confirm-naming" in ada.get(house.href).content.decode()
    house.done(ada, "confirm-naming", named_seq=seq)
    assert "has not confirmed" not in ben.get(house.href).content.decode()
    house.done(ben, "start", reason=BY_METER)


def test_only_a_prescriber_of_this_clinic_can_be_named(cast: Cast) -> None:
    house, ben = planned(cast).make_all_but_ready(), signed_in(cast.ben)
    house.record(e.PreflightAnswered(item=PreflightItem.FASTING, reply=Reply.PROBLEM, words="a biscuit"))
    said = {"said_family_name": "Example", "said_born": "17 May 1984", "reason": "she said so"}
    for somebody in (cast.nan, cast.cleo):
        assert house.post(ben, "ready", **said, prescriber=str(somebody.pk)).status_code == 422


# --- corrections


def test_a_correction_puts_right_what_was_written_and_keeps_what_stood(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    seq = house.done(ben, "read-bag", left_in_bag_ml="45")["seq"]
    sheet = ben.get(f"{house.href}acts/correct?seq={seq}").content.decode()
    assert 'id="act-correct"' in sheet
    assert 'name="right-left_in_bag_ml"' in sheet
    assert 'value="45"' in sheet
    typed = {"corrects_seq": seq, "how": "replace", "reason": "misread", "right-left_in_bag_ml": "54"}
    house.done(ben, "correct", **typed)
    assert house.state.bag_read is not None
    assert house.state.bag_read.fact.left_in_bag_ml == 54
    assert isinstance(house.log[seq - 1].fact, e.BagRead)
    page = ben.get(house.href).content.decode()
    assert f'id="entry-{seq}"' in page
    assert "is-struck" in page


def test_a_correction_that_cannot_be_read_comes_back_as_it_was_typed(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    seq = house.done(ben, "read-bag", left_in_bag_ml="45")["seq"]
    typed = {"corrects_seq": seq, "how": "replace", "reason": "misread", "right-left_in_bag_ml": "5,4"}
    answer = house.post(ben, "correct", **typed)
    assert answer.status_code == 422
    assert 'value="5,4"' in body(answer)["html"]


def test_a_line_is_struck_and_a_second_correction_finds_nothing_that_stands(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    seq = house.done(ben, "note", words="of somebody else")["seq"]
    house.done(ben, "correct", corrects_seq=seq, how="strike", reason="wrong room")
    assert house.post(ben, "correct", corrects_seq=seq, how="strike", reason="again").status_code in (409, 422)
    assert ben.get(f"{house.href}acts/correct?seq={seq}").status_code == 404


def test_a_figure_of_the_monitor_is_struck_as_artefact_with_a_reason_alone_and_stays_readable(cast: Cast) -> None:
    """SR-36. Neither the chart nor the present signs go by it any more; who struck it, and why, stands beside it."""
    house, ben = planned(cast).start(), signed_in(cast.ben)
    sent = e.VitalsCharted(source=e.Source.MONITOR, sbp_mmhg=243, dbp_mmhg=61)
    seq = house.ask(c.Record(fact=sent), WATCH).last_seq
    for reason in ("", "  "):
        assert house.post(ben, "correct", corrects_seq=seq, how="strike", reason=reason).status_code == 422
    assert house.state.vitals is not None
    assert house.state.vitals.seq == seq
    house.done(ben, "correct", corrects_seq=seq, how="strike", reason="artefact: the arm was moved")
    assert house.state.vitals.seq != seq
    assert house.log[seq - 1].fact == sent
    page = ben.get(house.href).content.decode()
    line = re.search(rf'<li[^>]*id="entry-{seq}".*?</li>', page, re.DOTALL)
    assert line
    assert "is-struck" in line[0]
    assert "243/61, from the monitor" in line[0]
    assert "artefact: the arm was moved" in page


def rate_put_right(house: House, client: Client, kind: str, rate_ml_per_h: str, **more: str) -> HttpResponse:
    seq = next(entry.seq for entry in reversed(house.log) if entry.kind == kind)
    typed = {"corrects_seq": seq, "how": "replace", "reason": "read the clamp again", **more}
    return house.post(client, "correct", **typed, **{"right-rate_ml_per_h": rate_ml_per_h})


def test_a_rate_that_was_written_wrong_is_put_right_with_its_drops(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    seq = house.done(ben, "new-rate", rate_ml_per_h="120")["seq"]
    house.done(ben, "confirm", intent_seq=seq)
    sheet = ben.get(f"{house.href}acts/correct?seq={seq}").content.decode()
    assert 'name="right-rate_ml_per_h"' in sheet
    assert "It never was so" not in sheet
    assert rate_put_right(house, ben, "RateIntended", "132").status_code == 200
    assert (house.state.rate_ml_per_h, house.state.drops_per_min) == (Decimal(132), 44)


def test_a_rate_put_right_passes_the_limits_that_its_entry_passed(cast: Cast) -> None:
    """Faster than signed (0.9 mg/kg/h is 180 mL/h here): a prescriber, or one named where a rate may name one."""
    house, ben = planned(cast).start(), signed_in(cast.ben)
    refused = rate_put_right(house, ben, "StartIntended", "190")
    assert refused.status_code == 422
    assert "A prescriber has to ask for this" in body(refused)["html"]
    assert rate_put_right(house, signed_in(cast.ada), "StartIntended", "190").status_code == 200
    seq = house.done(ben, "new-rate", rate_ml_per_h="120")["seq"]
    house.done(ben, "confirm", intent_seq=seq)
    ada = str(cast.ada.pk)
    assert rate_put_right(house, ben, "RateIntended", "190").status_code == 422
    assert rate_put_right(house, ben, "RateIntended", "190", **{"right-prescriber": ada}).status_code == 200
    assert rate_put_right(house, ben, "RateIntended", "320", **{"right-prescriber": ada}).status_code == 422


# --- without scripts


def test_without_scripts_a_sheet_is_a_page_and_what_was_done_leads_back(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    page = ben.get(f"{house.href}acts/note")
    assert page.status_code == 200
    assert "<dialog" in page.content.decode()
    assert " open " in page.content.decode().split("<dialog", 1)[1].split(">", 1)[0] + " "
    answer = ben.post(f"{house.href}acts/note", {"seen_seq": house.state.last_seq, "words": "by hand"})
    assert (answer.status_code, answer.headers["Location"]) == (302, house.href)
    refused = ben.post(f"{house.href}acts/note", {"seen_seq": house.state.last_seq, "words": " "})
    assert refused.status_code == 422
    assert "<!doctype html>" in refused.content.decode().lower()


def test_the_page_gives_every_form_a_token_and_an_id_of_its_own(cast: Cast) -> None:
    house = planned(cast).start()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(cast.ben).cookies
    page = strict.get(house.href).content.decode()
    forms = page.split("<form")[1:]
    acting = [form.split("</form>")[0] for form in forms if 'method="post"' in form]
    assert acting
    assert all("csrfmiddlewaretoken" in form and 'name="act_id"' in form for form in acting)


def test_the_doors_are_those_of_the_order(cast: Cast) -> None:
    house = planned(cast).end()
    planned_fact = house.state.planned
    assert planned_fact is not None
    assert set(planned_fact.order.doors) == {Door.WITH_ADULT, Door.WHEN_CLEAR}
    page = signed_in(cast.ben).get(house.href).content.decode()
    assert "With an adult who signs" in page
    assert "When clear, alone" in page


def test_without_scripts_every_sheet_that_is_offered_is_a_page_of_its_own(cast: Cast) -> None:
    house, ben = planned(cast).start(), signed_in(cast.ben)
    page = ben.get(house.href).content.decode()
    offered = set(re.findall(rf'method="get" action="({house.href}acts/[a-z-]+)"', page))
    assert f"{house.href}acts/new-rate" in offered
    for href in offered:
        answer = ben.get(href)
        assert answer.status_code == 200, href
        assert "csrfmiddlewaretoken" in answer.content.decode()
