"""The story as the database holds it: told through the doors of real acts, of one piece, and plainly invented."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from stillroom.clinics.models import Person
from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.given import given
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState, Status
from stillroom.core.infusion.timeline import drip_history, minutes_from, start_of
from stillroom.core.safety import PreflightItem
from stillroom.core.vitals import Signal
from stillroom.devices.models import Sample
from stillroom.devices.readings import newest_in
from stillroom.devices.watch import Watching
from stillroom.infusions.export import verify_all
from stillroom.infusions.models import Entry, Infusion
from stillroom.infusions.projections import differences
from stillroom.infusions.reading import entries_of, state_of
from stillroom.office.today import LATE_AFTER
from stillroom.outcomes.listing import open_concerns
from stillroom.outcomes.reading import lows_by_day, standing_check_ins, standing_questionnaires
from stillroom.patients.models import Patient
from stillroom.rehearsal.people import ALDER, CORRAN, MARSH, PENROSE, VALE
from stillroom.schedule.models import Appointment
from tests.rehearsal.furnished import Furnished


def ids(*, identifier: str | None = None) -> list[UUID]:
    found = Infusion.objects.filter(patient__identifier=identifier) if identifier else Infusion.objects.all()
    return list(found.order_by("started_at").values_list("pk", flat=True))


def latest(identifier: str) -> InfusionState:
    return state_of(ids(identifier=identifier)[-1])


def test_it_was_told_as_the_application_that_may_not_write_the_log(furnished: Furnished) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("stillroom_app",)


def test_every_summary_row_says_what_its_log_says(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        infusions = list(Infusion.objects.all())
        assert len(infusions) > 15
        for infusion in infusions:
            assert differences(infusion, state_of(infusion.pk)) == []


def test_nothing_calls_when_the_doors_open(furnished: Furnished) -> None:
    """The monitors were heard a moment ago, and of those on a drip something was measured."""
    assert Watching(now=lambda: furnished.at + timedelta(seconds=3)).look() == 0


def test_what_was_answered_about_allergies_is_what_the_record_says(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        for patient in Patient.objects.exclude(allergy_statements=None):
            known = set(patient.allergy_statements.latest("stated_at").substances)
            for infusion in patient.infusions.all():
                said = [
                    each.fact
                    for each in entries_of(infusion.pk)
                    if isinstance(each.fact, e.PreflightAnswered) and each.fact.item is PreflightItem.ALLERGIES
                ]
                assert {each.words for each in said} <= ({", ".join(known)} if known else {None})


def test_a_look_and_a_check_of_one_moment_say_the_same(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        looks = 0
        for infusion in Infusion.objects.all():
            for before, after in pairwise(entries_of(infusion.pk)):
                if isinstance(before.fact, e.RecoveryChecked) and isinstance(after.fact, e.PatientWatched):
                    looks += 1
                    assert after.fact.awake is before.fact.awake
                    assert not (before.fact.effects_gone and after.fact.detached)
        assert looks > 40


def test_every_chain_verifies(furnished: Furnished) -> None:
    verdict = verify_all()
    assert verdict.wrong == {}
    assert len(verdict.heads) == 18


def test_one_runs_one_recovers_one_is_expected_and_the_rest_went_home(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        statuses = Counter(Infusion.objects.values_list("status", flat=True))
        rooms = dict(Infusion.objects.exclude(status=Status.GONE_HOME).values_list("room__name", "status"))
    assert rooms == {"Room 2": "infusing", "Room 3": "recovering", "Room 4": "planned"}
    assert statuses == {"infusing": 1, "recovering": 1, "planned": 1, "gone_home": 15}


def test_one_is_late_and_one_came_early_and_waits_at_the_desk(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        late = Appointment.objects.get(patient__identifier=MARSH.identifier)
        early = Appointment.objects.get(patient__identifier=CORRAN.identifier)
    assert late.arrived_at is None
    assert furnished.at - late.starts_at > LATE_AFTER
    assert early.arrived_at is not None
    assert early.arrived_at < furnished.at < early.starts_at


def test_the_live_drip_is_23_minutes_in_and_its_evidence_agrees(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        log = entries_of(ids(identifier=ALDER.identifier)[-1])
    start, history = start_of(log), drip_history(log)
    assert start is not None
    assert history is not None
    assert furnished.at - start == timedelta(minutes=23, seconds=14)
    estimate = given(history, at_min=minutes_from(start, furnished.at))
    assert estimate.is_consistent
    assert 18 < estimate.likely_mg < 23
    assert len(estimate.evidence) == 3


def test_what_was_given_never_exceeds_what_was_in_the_bag_and_the_evidence_always_agrees(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        logs = [entries_of(infusion_id) for infusion_id in ids()]
    seen = 0
    for log in logs:
        start, history = start_of(log), drip_history(log)
        if start is None or history is None:
            continue
        seen += 1
        made = next(entry.fact for entry in log if isinstance(entry.fact, e.BagMade))
        estimate = given(history, at_min=minutes_from(start, furnished.at))
        assert estimate.is_consistent
        assert estimate.high_mg <= made.bag.drug_mg
    assert seen == 17


def test_the_antiemetic_came_before_the_start_for_who_gets_seasick(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        state = latest(ALDER.identifier)
    (medicine,) = state.medicines
    assert medicine.fact.before_start
    assert medicine.fact.reason == "motion sickness on record"


def test_months_of_one_patient_with_doses_of_their_own(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        states = [state_of(infusion_id) for infusion_id in ids(identifier=VALE.identifier)]
    assert len(states) == 13
    assert {state.status for state in states} == {Status.GONE_HOME}
    assert all(state.signed for state in states)
    planned = [state.planned for state in states]
    assert len({plan.order.dose_mg_per_kg for plan in planned if plan}) == 3
    first, last = planned[0], planned[-1]
    assert first is not None
    assert last is not None
    assert last.weight_kg < first.weight_kg
    assert last.course_number == 13


def test_both_clocks_of_every_entry_are_the_storys(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        times = list(Entry.objects.values_list("occurred_at", "recorded_at"))
    assert all(occurred_at == recorded_at <= furnished.at for occurred_at, recorded_at in times)
    assert min(recorded_at for _, recorded_at in times) < furnished.at - timedelta(days=80)


def test_what_the_nurse_charted_is_what_the_monitor_had_sent(furnished: Furnished) -> None:
    """Within what a minute's noise can differ: the chart and the trace beside it tell of one patient."""
    with clinic_scope(furnished.clinic_id):
        for identifier in (ALDER.identifier, PENROSE.identifier):
            infusion = Infusion.objects.get(pk=ids(identifier=identifier)[-1])
            state = state_of(infusion.pk)
            assert state.vitals is not None
            sent = Sample.objects.filter(
                monitor__assignments__room=infusion.room_id,
                signal=Signal.PULSE_PER_MIN,
                measured_at__range=(state.vitals.occurred_at - timedelta(seconds=30), state.vitals.occurred_at),
            ).values_list("value", flat=True)
            assert sent
            assert abs(sum(sent) / len(sent) - (state.vitals.fact.pulse_per_min or 0)) < 6


def test_there_are_fresh_readings_where_a_monitor_stands(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        rooms = dict(Infusion.objects.exclude(status=Status.GONE_HOME).values_list("room__name", "room_id"))
        newest = newest_in(rooms.values(), furnished.at)
    for room in ("Room 2", "Room 3"):
        reading = newest[rooms[room]][Signal.SPO2_PERCENT]
        assert furnished.at - reading.measured_at < timedelta(seconds=20)


def test_nothing_in_it_could_be_taken_for_a_real_person(furnished: Furnished) -> None:
    with psycopg.connect(furnished.database.owner_url) as owner:
        owner.execute("SELECT set_config('app.clinic', %s, true)", [str(furnished.clinic_id)])
        tables = [name for (name,) in owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        rows = sql.SQL("SELECT t::text FROM {} t")
        everything = "\n".join(
            row for table in tables for (row,) in owner.execute(rows.format(sql.Identifier(table))) if row
        )
    emails = set(re.findall(r"[\w.+-]+@[\w.-]+", everything))
    assert emails
    assert all(email.endswith("@example.org") for email in emails), emails
    phones = set(re.findall(r"(?<![\w-])\+?\d{3}[- ]\d{4}(?![\w-])", everything))
    assert phones
    assert all(phone.startswith("555-01") for phone in phones), phones


def test_every_name_says_that_it_is_invented(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        names = [str(patient) for patient in Patient.objects.all()]
        names += Person.objects.values_list("display_name", flat=True)
        names += [
            home.adult_name
            for home in (state_of(infusion_id).went_home for infusion_id in ids())
            if home and home.adult_name
        ]
    assert len(names) > 20
    assert all(name.endswith("(invented)") for name in names)


def test_nobody_in_it_can_sign_in_with_a_password(furnished: Furnished) -> None:
    assert not [person for person in Person.objects.all() if person.has_usable_password()]


def test_the_application_cannot_declare_a_rehearsal_itself(
    furnished: Furnished,
) -> None:
    with psycopg.connect(furnished.database.url) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("INSERT INTO infusions_rehearsal DEFAULT VALUES")


def test_the_patient_wrote_for_months_with_days_missing_and_today_left_for_who_comes_in(furnished: Furnished) -> None:
    with clinic_scope(furnished.clinic_id):
        patient = Patient.objects.get(person__email=VALE.email)
        lows = lows_by_day(standing_check_ins([patient]))
        totals = [(form.total, form.band) for form in standing_questionnaires([patient], "phq9")]
        (waiting,) = open_concerns()
    assert 75 <= len(lows) < 91
    assert furnished.at.date() not in lows
    assert totals[0] == (21, "severe")
    assert totals[1] == (13, "moderate")
    assert waiting.patient.identifier == PENROSE.identifier
