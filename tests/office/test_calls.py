"""Who went home is called after a day: listed, asked, written down by name, and nobody is lost on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from stillroom.aftercare.models import Call, WorrySettled
from stillroom.aftercare.reading import LISTED_FOR, to_call
from stillroom.clinics.models import Clinic, Person
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.infusions import reading
from stillroom.infusions.models import Infusion
from stillroom.patients.models import Patient
from stillroom.schedule.models import Appointment
from tests.cast import Cast, signed_in
from tests.examples import ADA, PLAN, arrived, infusing
from tests.office.gone import gone_home
from tests.stored import store

REACHED = {"reached": "yes", "bladder": "no", "mood": "no", "craving": "not_asked"}
NOBODY = {"reached": "no", "bladder": "not_asked", "mood": "not_asked", "craving": "not_asked"}


@pytest.fixture
def infusion(cast: Cast) -> UUID:
    return gone_home(cast, ago=timedelta(hours=25))


def today(cast: Cast, who: Person | None = None) -> str:
    return " ".join(signed_in(who or cast.ben).get("/office/").content.decode().split())


def asked(cast: Cast, infusion: UUID, said: dict[str, Any], **more: Any) -> HttpResponse:
    form = {"act_id": str(uuid4()), "words": "", "worry": "", "worry_for": "", **said, **more}
    answer = signed_in(cast.ben).post(f"/office/calls/{infusion}/", form)
    assert isinstance(answer, HttpResponse)
    return answer


def calls(cast: Cast) -> list[Call]:
    with clinic_scope(cast.clinic.pk):
        return list(Call.objects.select_related("called_by", "worry_for"))


def on_list(cast: Cast, *, later: timedelta = timedelta(0)) -> list[UUID]:
    with clinic_scope(cast.clinic.pk):
        clinic = Clinic.objects.get(pk=cast.clinic.pk)
        return [each.infusion.pk for each in to_call(clinic, now=datetime.now(UTC) + later)]


def test_a_day_after_they_left_they_are_on_the_list_with_both_numbers(cast: Cast, infusion: UUID) -> None:
    with clinic_scope(cast.clinic.pk):
        Patient.objects.filter(pk=cast.patient.pk).update(phone="0555 11")
    page = today(cast)
    assert f"/office/calls/{infusion}/" in page
    assert 'href="tel:055511"' in page
    assert "Jo Example, sister" in page
    assert 'href="tel:055522"' in page


def test_before_that_nobody_is_and_the_page_says_when(cast: Cast) -> None:
    gone_home(cast, ago=timedelta(hours=23))
    assert "Who went home stands here 24 hours later" in today(cast)
    assert on_list(cast) == []
    assert len(on_list(cast, later=timedelta(hours=2))) == 1


def test_a_clinic_says_after_how_many_hours_and_that_it_calls_nobody(cast: Cast) -> None:
    infusion, ann = gone_home(cast, ago=timedelta(hours=5)), signed_in(cast.ann)
    days = {"weight_good_for_days": "7", "screening_good_for_days": "90"}
    assert ann.post("/office/counts-for/", {**days, "called_after_h": "4"}).status_code == 302
    assert on_list(cast) == [infusion]
    assert "a call after 4 h; Ann Castellan" in ann.get("/office/counts-for/").content.decode()
    assert ann.post("/office/counts-for/", {**days, "called_after_h": "0"}).status_code == 302
    assert on_list(cast) == []
    assert "it calls nobody" in today(cast)


def test_who_was_taken_to_hospital_is_on_no_list(cast: Cast) -> None:
    gone_home(
        cast,
        ago=timedelta(hours=25),
        fact=e.TakenToHospital(where="City hospital", reason="chest pain", line_stays=True),
    )
    assert on_list(cast) == []


def test_a_call_that_reached_nobody_leaves_them_there_and_one_that_did_takes_them_off(
    cast: Cast, infusion: UUID
) -> None:
    assert asked(cast, infusion, NOBODY, words="no answer, again at four").status_code == 302
    assert "tried 1 time" in today(cast)
    assert "no answer, again at four" in signed_in(cast.ben).get(f"/office/calls/{infusion}/").content.decode()
    assert asked(cast, infusion, REACHED, words="slept well").status_code == 302
    assert f"/office/calls/{infusion}/" not in today(cast)
    record = signed_in(cast.ben).get(f"/office/patients/{cast.patient.pk}/").content.decode()
    assert "slept well" in record
    assert "Bladder: no · mood lifted or restless: no · craving: not asked" in record
    assert [(each.reached, each.called_by) for each in calls(cast)] == [(False, cast.ben), (True, cast.ben)]


def test_who_is_never_reached_leaves_the_list_after_a_fortnight_and_not_before(cast: Cast, infusion: UUID) -> None:
    assert on_list(cast, later=LISTED_FOR - timedelta(hours=2)) == [infusion]
    assert on_list(cast, later=LISTED_FOR) == []


def test_sent_twice_it_is_one_call(cast: Cast, infusion: UUID) -> None:
    act_id = str(uuid4())
    for _ in range(2):
        asked(cast, infusion, REACHED, act_id=act_id)
    assert len(calls(cast)) == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Did you speak"),
        (NOBODY | {"bladder": "yes"}, "nobody gives them who was not reached"),
        (REACHED | {"worry": "seems elated"}, "write what it is, and for whom"),
        (REACHED | {"mood": "perhaps"}, "Mood"),
    ],
)
def test_what_cannot_be_so_is_asked_again_and_nothing_typed_is_lost(
    cast: Cast, infusion: UUID, said: dict[str, str], words: str
) -> None:
    answer = asked(cast, infusion, said, words="talks fast")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "talks fast" in page
    assert calls(cast) == []


def test_a_worry_waits_on_today_by_name_until_somebody_writes_what_was_done(cast: Cast, infusion: UUID) -> None:
    asked(cast, infusion, REACHED | {"mood": "yes"}, worry="seems elated", worry_for=str(cast.ada.pk))
    page = today(cast, cast.ada)
    assert f"a worry for {cast.ada}" in page
    assert "seems elated" in page
    (call,) = calls(cast)
    settle = f"/office/calls/{call.pk}/settle/"
    signed_in(cast.ada).post(settle, {"words": ""})
    assert "seems elated" in today(cast)
    for words in ("spoke with her, lithium checked", "a second time"):
        signed_in(cast.ada).post(settle, {"words": words})
    assert "seems elated" not in today(cast)
    record = signed_in(cast.ben).get(f"/office/patients/{cast.patient.pk}/").content.decode()
    assert "spoke with her, lithium checked" in record
    assert "a second time" not in record


def test_the_front_desk_sees_no_list_and_writes_no_call(cast: Cast, infusion: UUID) -> None:
    fay = signed_in(cast.fay)
    assert "To call" not in fay.get("/office/").content.decode()
    assert fay.get(f"/office/calls/{infusion}/").status_code == 403


def test_who_sits_in_a_room_today_is_asked_in_person(cast: Cast, infusion: UUID) -> None:
    came_again(cast)
    for page in (today(cast), signed_in(cast.ben).get(f"/office/calls/{infusion}/").content.decode()):
        assert "ere today: ask in person" in page
        assert "tel:" not in page
    assert f"/office/calls/{infusion}/" in today(cast), "they are not lost"


def test_who_came_and_left_again_is_called(cast: Cast, infusion: UUID) -> None:
    came_again(cast, c.AbandonInfusion(reason="has eaten"))
    assert "ask in person" not in today(cast)
    assert 'href="tel:055522"' in today(cast)


def came_again(cast: Cast, *then: c.Command) -> None:
    walk = arrived(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    for command in then:
        walk.ask(command, ADA)
    with clinic_scope(cast.clinic.pk):
        store(walk, clinic_id=cast.clinic.pk)


def test_who_came_before_an_order_is_asked_in_person_that_day(cast: Cast, infusion: UUID) -> None:
    now = datetime.now(UTC)
    noted = {"arrived_noted_by": cast.fay, "made_by": cast.fay, "patient": cast.patient, "room": cast.room}
    times = {"starts_at": now + timedelta(minutes=5), "ends_at": now + timedelta(hours=2)}
    with clinic_scope(cast.clinic.pk):
        visit = Appointment.objects.create(clinic=cast.clinic, **times, **noted, arrived_at=now)
        clinic = Clinic.objects.get(pk=cast.clinic.pk)
        assert [each.is_here for each in to_call(clinic, now=now)] == [True]
        assert [each.is_here for each in to_call(clinic, now=now + timedelta(days=1))] == [False]
        Appointment.objects.filter(pk=visit.pk).update(cancelled_at=now)
        assert [each.is_here for each in to_call(clinic, now=now)] == [False]


def test_the_list_reads_as_little_for_five_as_for_one_and_of_no_log_the_whole(
    cast: Cast, infusion: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows_read: list[int] = []

    def counted(query: str, *values: Any) -> list[Any]:
        rows_read.append(len(rows := read(query, *values)))
        return rows

    read = reading._read
    monkeypatch.setattr(reading, "_read", counted)

    def asked_for(people: int) -> tuple[int, int]:
        rows_read.clear()
        with clinic_scope(cast.clinic.pk), CaptureQueriesContext(connection) as asked:
            found = to_call(Clinic.objects.get(pk=cast.clinic.pk), now=datetime.now(UTC))
        assert [each.went_home.adult_phone for each in found] == ["0555 22"] * people
        assert rows_read[0] == people, "they wrote nothing after it"
        return len(asked), len(rows_read)

    for_one = asked_for(1)
    for each in range(4):
        gone_home(cast, ago=timedelta(hours=30), patient=another(cast, f"T-{each}"))
    assert asked_for(5) == for_one


def another(cast: Cast, identifier: str) -> Patient:
    with clinic_scope(cast.clinic.pk):
        return Patient.objects.create(
            clinic=cast.clinic,
            identifier=identifier,
            given_name=identifier,
            family_name="Example",
            birth_date=cast.patient.birth_date,
            sex=cast.patient.sex,
        )


def test_of_an_infusion_that_is_not_over_there_is_no_call(cast: Cast) -> None:
    walk = infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    with clinic_scope(cast.clinic.pk):
        running = store(walk, clinic_id=cast.clinic.pk)
    assert signed_in(cast.ben).get(f"/office/calls/{running}/").status_code == 404


def test_calls_are_the_clinics_and_nothing_said_of_one_is_changed(cast: Cast, infusion: UUID) -> None:
    asked(cast, infusion, REACHED, worry="seems elated", worry_for=str(cast.ada.pk))
    with clinic_scope(cast.clinic.pk):
        call = Call.objects.get()
        WorrySettled.objects.create(clinic=cast.clinic, call=call, words="spoke", settled_by=cast.ada)
        for table in ("aftercare_call", "aftercare_worrysettled"):
            for act in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    connection.cursor().execute(act)
    for scope, seen in (
        (clinic_scope(cast.other_clinic.pk), 0),
        (person_scope(cast.kim.pk), 0),
        (person_scope(cast.ben.pk), 0),
        (person_scope(cast.pat.pk), 1),
    ):
        with scope:
            assert (Call.objects.count(), WorrySettled.objects.count()) == (seen, seen)


@pytest.mark.parametrize("said", [{"reached": False, "bladder": "yes"}, {"reached": True, "worry": "for nobody"}])
def test_the_database_holds_what_the_form_asks(cast: Cast, infusion: UUID, said: dict[str, Any]) -> None:
    with clinic_scope(cast.clinic.pk):
        row = Infusion.objects.get(pk=infusion)
        about = {"clinic": cast.clinic, "patient": cast.patient, "infusion": row, "called_by": cast.ben}
        with pytest.raises(IntegrityError, match="call_"), transaction.atomic():
            Call.objects.create(**about, **said)
