"""A clinic of any size to measure at: in every room an infusion that runs, with a monitor and what it has sent.

The first room's infusion is asked for act by act; the others' logs say the same of another patient in another room,
and are appended in three pieces each, as two hundred rooms would else take minutes to furnish.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from http.cookies import SimpleCookie
from itertools import groupby
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person, Role, Room, Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.line import Line, Priming
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import fold
from stillroom.core.infusion.planning import bag_for
from stillroom.core.safety import ITEMS, Reply
from stillroom.core.vitals import Signal
from stillroom.devices.assignments import assign
from stillroom.devices.models import LinkState, Monitor
from stillroom.infusions.acts import Answer, perform
from stillroom.infusions.append import ActMade, append_entries, open_infusion
from stillroom.infusions.projections import as_json
from stillroom.infusions.reading import entries_of
from stillroom.patients.consents import Signing, note_own_paper
from stillroom.patients.models import Consent, Patient
from tests.examples import PLAN

MINUTES = 20
"""How long each drip has run; a look at the patient, a count and a set of vital signs stand for every five of them, the
last just now."""

BAG = bag_for(PLAN.order, dose_mg=PLAN.order.dose_mg_per_kg * PLAN.weight_kg)
START_SEQ = 1 + 1 + len(ITEMS) + 2 + 4 + 1
"""Of the entry that intends the start: plan, arrival, questions, vital signs and line, bag and readiness, start."""

SENT = {
    Signal.SPO2_PERCENT: 97,
    Signal.PULSE_PER_MIN: 78,
    Signal.SBP_MMHG: 131,
    Signal.DBP_MMHG: 82,
    Signal.RESP_PER_MIN: 14,
}

SEND = """
    INSERT INTO devices_sample (monitor_id, clinic_id, measured_at, received_at, frame_digest, signal, value, validity)
    SELECT %s, %s, at, at, int8send(extract(epoch FROM at)::int8), signal, value, 'valid'
    FROM (SELECT %s + n * interval '15 s' AS at FROM generate_series(0, %s * 4 - 1) n) times
    CROSS JOIN unnest(%s::text[], %s::numeric[]) AS sent (signal, value)
"""


@dataclass(frozen=True)
class Ward:
    """Who may look, as the cookie of a browser that is signed in, and the infusions."""

    clinic_id: UUID
    nurse: c.Author
    infusions: tuple[UUID, ...]
    cookie: str
    token: str


def furnish(rooms: int) -> Ward:
    clinic = Clinic(name="Bench", time_zone="Europe/Berlin")
    nurse, other = (Person.objects.create_user(f"{uuid4().hex}@bench.test", display_name="N. Nurse") for _ in range(2))
    with clinic_scope(clinic.pk):
        clinic.save()
        for person in (nurse, other):
            Staff.objects.create(
                clinic=clinic, person=person, role=Role.NURSE, short_name="N. Nurse", from_date=date(2020, 1, 1)
            )
    authors = [c.Author(by=f"person:{person.pk}", role="nurse", person=person.pk) for person in (nurse, other)]
    started_at = timezone.now() - timedelta(minutes=MINUTES)
    first, *others = (_opened(clinic, number, nurse, started_at) for number in range(1, rooms + 1))
    _run(clinic, first, *authors, started_at)
    _run_alike(clinic, first, others)
    cookie, token = _signed_in(nurse)
    return Ward(clinic.pk, authors[0], tuple(each.infusion for each in (first, *others)), cookie, token)


def _signed_in(person: Person) -> tuple[str, str]:
    """A browser's cookies, and the token that its forms carry."""
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    token = "t" * 32
    client.cookies[settings.CSRF_COOKIE_NAME] = token
    cookies: SimpleCookie = client.cookies
    return "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()), token


@dataclass(frozen=True)
class _Place:
    """Whose infusion it is, and where."""

    infusion: UUID
    patient: UUID
    room: UUID


def _opened(clinic: Clinic, number: int, nurse: Person, started_at: datetime) -> _Place:
    infusion_id = uuid4()
    with clinic_scope(clinic.pk):
        room = Room.objects.create(clinic=clinic, name=f"Room {number}")
        patient = Patient.objects.create(
            clinic=clinic, identifier=f"B-{number}", given_name="Pat", family_name="Bench", birth_date=date(1985, 5, 4)
        )
        paper = Signing(name="Pat Bench", how=Consent.How.PAPER, by=f"person:{nurse.pk}", at=started_at)
        note_own_paper(patient, "1", paper)
        open_infusion(infusion_id=infusion_id, clinic_id=clinic.pk, patient_id=patient.pk, room_id=room.pk)
        _send(clinic, room, started_at)
    return _Place(infusion_id, patient.pk, room.pk)


def _run(clinic: Clinic, place: _Place, nurse: c.Author, other: c.Author, started_at: datetime) -> None:
    plan = replace(PLAN, patient=place.patient, room=place.room)
    for command, author, at in _walk(plan, nurse, other, started_at):
        with clinic_scope(clinic.pk):
            answer = perform(
                act_id=uuid4(),
                infusion_id=place.infusion,
                command=command,
                author=author,
                seen_seq=10_000,
                received_at=at,
            )
        assert answer.outcome == "done", (command, answer)


def _run_alike(clinic: Clinic, first: _Place, others: list[_Place]) -> None:
    with clinic_scope(clinic.pk):
        log = entries_of(first.infusion)
        for place in others:
            _append(place, [_moved(each, place) for each in log])


def _moved(entry: e.Logged, place: _Place) -> e.Logged:
    if isinstance(entry.fact, e.InfusionPlanned):
        return replace(entry, fact=replace(entry.fact, patient=place.patient, room=place.room))
    return entry


def _append(place: _Place, log: list[e.Logged]) -> None:
    summary = as_json(fold(log))
    for by, group in groupby(log, key=lambda entry: entry.by):
        entries = list(group)
        act = ActMade(
            id=uuid4(),
            infusion_id=place.infusion,
            command=entries[0].kind,
            by=by,
            device=None,
            seen_seq=entries[0].seq - 1,
            received_at=entries[-1].occurred_at,
            answer=Answer(outcome="done", first_seq=entries[0].seq, last_seq=entries[-1].seq).written(),
        )
        dated = [e.Dated(occurred_at=entry.occurred_at, fact=entry.fact) for entry in entries]
        assert append_entries(act, dated, expected_seq=entries[0].seq - 1, summary=summary) == act.answer


def _walk(
    plan: c.PlanInfusion, nurse: c.Author, other: c.Author, started_at: datetime
) -> Iterator[tuple[c.Command, c.Author, datetime]]:
    prescriber = replace(nurse, role="prescriber")
    yield replace(plan, reason="screened on paper"), prescriber, started_at
    vitals = e.VitalsCharted(source=e.Source.BY_HAND, sbp_mmhg=118, dbp_mmhg=74, pulse_per_min=66, spo2_percent=98)
    facts: list[e.Fact] = [e.PatientArrived(), *(e.PreflightAnswered(item=item, reply=Reply.FINE) for item in ITEMS)]
    for fact in (*facts, vitals, e.LinePlaced(site="left forearm")):
        yield c.Record(fact=fact), nurse, started_at
    yield c.MakeBag(bag=BAG), nurse, started_at
    yield c.CheckBag(), other, started_at
    yield c.Record(fact=e.BagHung(line=Line(volume_ml=Decimal(15), primed_with=Priming.DRUG))), nurse, started_at
    yield c.DeclareReady(), nurse, started_at
    yield c.StartInfusion(), nurse, started_at
    yield c.ConfirmDone(intent_seq=START_SEQ), nurse, started_at
    for minute in range(5, MINUTES + 1, 5):
        at = started_at + timedelta(minutes=minute)
        for fact in (vitals, e.PatientWatched(awake=e.Awake.DROWSY), e.DropsCounted(drops=25, seconds=Decimal(30))):
            yield c.Record(fact=fact), nurse, at


def _send(clinic: Clinic, room: Room, since: datetime) -> None:
    """What the room's monitor sent: every signal each fifteen seconds until now."""
    bed = room.name.replace("Room ", "BED")
    said = {"name": f"Monitor {room.name}", "peers": ["127.0.0.1"], "bed": bed, "interval_s": 5}
    monitor = Monitor.objects.create(clinic=clinic, **said)
    assign(monitor, room, at=since - timedelta(minutes=1), by=None)
    LinkState.objects.create(clinic=clinic, monitor=monitor, last_heard_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(SEND, [monitor.pk, clinic.pk, since, MINUTES, list(SENT), list(SENT.values())])
