"""The pages around the room, for `make looks`: asked of the product itself, in a small clinic that lasts a minute.

As an enrolled display shows them, so dim: it is the glass that stands in the room. All are asked before a browser
opens, as the thread that Playwright runs in may ask Django's database nothing.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import typst
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment
from django.utils import timezone

from stillroom.adverse.models import AdverseEvent, EmergencyList
from stillroom.aftercare.models import Call
from stillroom.clinics.displays import DISPLAY_COOKIE, set_pin
from stillroom.clinics.models import Display, Person
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.stock import Kind
from stillroom.ledger.models import StockItem
from stillroom.patients.models import Patient
from stillroom.project.postgres import Postgres
from stillroom.project.server_account import private_folder
from stillroom.project.template import place_migrated_cluster
from stillroom.web import pdf as paper
from tests.bedside.house import House, elsewhere, planned
from tests.cast import Cast, at_display, make_cast, signed_in
from tests.conftest import FORGETFUL, KEPT, using
from tests.ledger.shelves import stocked, written
from tests.office.gone import gone_home

WATCH = c.Author(by="system:watch", role="system")
PAPERS = ("chart", "slip", "ambulance")


@dataclass(frozen=True)
class Around:
    """`pages`: name -> where it stands and its HTML. `papers`: name -> a picture of each page."""

    pages: dict[str, tuple[str, str]]
    papers: dict[str, list[bytes]]
    at: datetime


def asked() -> Around:
    with a_database():
        cast = make_cast()
        nobody_here = got(on_display(cast, cast.ben), "/board/handover/")
        house = furnished(cast)
        pages = {"around-handover-none": nobody_here} | dict(answers(cast, house))
        return Around(pages, {name: printed(cast, house, name) for name in PAPERS}, timezone.now())


@contextmanager
def a_database() -> Iterator[None]:
    home = private_folder("stillroom-looks-")
    setup_test_environment()
    try:
        place_migrated_cluster(home / "postgres", kept_in=KEPT)
        with (
            Postgres(home / "postgres", settings=FORGETFUL) as server,
            using(server.url("stillroom_app", "stillroom")),
        ):
            yield
    finally:
        teardown_test_environment()
        shutil.rmtree(home, ignore_errors=True)


def furnished(cast: Cast) -> House:
    """A drip with alarms, a medicine and an adverse event; beside it a room where help was called; and a cupboard."""
    item = stocked(cast)
    written(cast, item, cast.ben, Kind.COUNTED, vials=9, words="one short", witness_id=cast.nan.pk)
    house, ben = planned(cast, ago=timedelta(minutes=20)).start(), signed_in(cast.ben)
    house.let_it_be_heard()
    house.done(ben, "take-room")
    house.done(ben, "watch", awake="drowsy_answers", detached="5", anxious="1", nauseous="4")
    house.done(ben, "medicine", name="ondansetron", amount="4", unit="mg", route="iv", reason="sick")
    for condition, priority, value, limit in (
        ("sbp_high", e.Priority.MEDIUM, "184", "180"),
        ("monitor_lost", e.Priority.MEDIUM, None, None),
        ("spo2_low", e.Priority.HIGH, "89", "92"),
    ):
        raised = e.AlarmRaised(condition=condition, priority=priority, value=value, limit=limit)
        house.ask(c.Record(fact=raised), WATCH)
    house.done(ben, "acknowledge", condition="sbp_high")
    house.done(ben, "pause-sound", condition="spo2_low")
    house.done(ben, "hand-over", colleague=str(cast.nan.pk), words="likes the window open")
    at = timezone.localtime()
    event = {
        "what": "Went white and vomited twice", "grade": "3", "criteria": ["hospital"], "actions": ["stopped"],
        "outcome": "getting_better", "happened_on": f"{at:%-d %B %Y}", "happened_clock": f"{at:%H:%M}",
    }  # fmt: skip
    answer = ben.post(f"/office/patients/{cast.patient.pk}/adverse/?infusion={house.infusion_id}", event)
    assert answer.status_code == 302, answer.content.decode()
    with clinic_scope(cast.clinic.pk):
        kept = [
            {"name": "Ephedrine", "amount": "5", "unit": "mg", "route": "iv"},
            {"name": "Naloxone", "amount": "0.4", "unit": "mg", "route": "iv"},
        ]
        EmergencyList.objects.create(clinic=cast.clinic, lines=kept, said_by=cast.ada)
    beside = planned(elsewhere(cast), ago=timedelta(minutes=9)).start()
    beside.done(ben, "help")
    with clinic_scope(cast.clinic.pk):
        set_pin(cast.ben, "271828")
    return house


def answers(cast: Cast, house: House) -> Iterator[tuple[str, tuple[str, str]]]:
    nobody, room, patient = at_display(cast), house.href, cast.patient.pk
    taken, ben, ada = at_display(cast, taken_by=cast.ben), on_display(cast, cast.ben), on_display(cast, cast.ada)
    yield "around-handover", got(ben, "/board/handover/")
    yield "around-board", got(taken, "/board/")
    yield "around-room-nobody", got(nobody, room)
    yield "around-room-called", got(taken, room)
    yield "around-alarms", got(taken, f"{room}alarms/")
    yield "around-alarms-none", got(taken, f"{planned(elsewhere(cast)).href}alarms/")
    yield "around-label", got(taken, f"{room}label/")
    yield "around-act", got(taken, f"{room}acts/medicine")
    refused = taken.post(f"{room}acts/new-rate", {"act_id": str(patient), "seen_seq": 99, "rate_ml_per_h": "900"})
    yield "around-act-refused", (f"{room}acts/new-rate", refused.content.decode())
    yield "around-emergency", got(nobody, f"{room}emergency/")
    yield "around-take-over", got(nobody, "/clinics/takeover/")
    wrong = nobody.post("/clinics/takeover/", {"pin": "000000"})
    yield "around-take-over-wrong", ("/clinics/takeover/", wrong.content.decode())
    yield "around-not-now", got(on_display(cast, cast.fay), "/office/ledger/")
    yield "around-sign-in", got(nobody, "/accounts/login/")
    yield "around-confirm", got(on_display(cast, cast.ada, recently=False), "/accounts/reauthenticate/")
    yield "around-today-nobody-to-call", got(signed_in(cast.ben), "/office/")
    call = called(cast)
    yield "around-today", got(signed_in(cast.ben), "/office/")
    yield "around-call", got(signed_in(cast.ben), f"/office/calls/{call}/")
    wrong = signed_in(cast.ben).post(f"/office/calls/{call}/", {"reached": "no", "bladder": "yes", "worry": "elated"})
    yield "around-call-wrong", ("/office/calls/", wrong.content.decode())
    with clinic_scope(cast.clinic.pk):
        worried = Call.objects.get(reached=True).patient_id
    yield "around-patient", got(signed_in(cast.ben), f"/office/patients/{worried}/")
    yield "around-adverse", got(ben, "/office/adverse/")
    yield "around-adverse-new", got(ben, f"/office/patients/{patient}/adverse/?infusion={house.infusion_id}")
    with clinic_scope(cast.clinic.pk):
        event, item = AdverseEvent.objects.get().pk, StockItem.objects.get().pk
    yield "around-adverse-one", got(ben, f"/office/adverse/{event}/")
    yield "around-kit", got(ada, "/office/emergency/")
    yield "around-ledger", got(ben, "/office/ledger/")
    yield "around-ledger-page", got(ben, f"/office/ledger/{item}/")
    yield "around-ledger-waste", got(ben, f"/office/ledger/{item}/write/wasted/")
    yield "around-ledger-receive", got(ben, "/office/ledger/receive/")
    opened = nobody.post(
        f"{room}emergency/", {"name": "R. Marsh", "staff": "", "reason": "My sign-in does not work and they are sick"}
    )
    assert opened.status_code == 302, opened.content.decode()
    yield "around-room-emergency", got(nobody, room)
    with clinic_scope(cast.clinic.pk):
        Display.objects.filter(pk=cast.display.pk).update(side=Display.Side.PATIENT)
    yield "around-quiet", got(nobody, "/clinics/quiet/")


def called(cast: Cast) -> UUID:
    """Two went home: one who was tried once, and one of whom a worry waits."""
    other, ben = elsewhere(cast), signed_in(cast.ben)
    with clinic_scope(cast.clinic.pk):
        Patient.objects.filter(pk=other.patient.pk).update(phone="+44 20 7946 0000")
    waits = gone_home(other, ago=timedelta(hours=27))
    reached = gone_home(elsewhere(cast), ago=timedelta(hours=30))
    nothing = dict.fromkeys(("bladder", "mood", "craving"), "not_asked")
    tried = {"act_id": str(uuid4()), "reached": "no", "words": "No answer at nine; again after lunch."}
    ben.post(f"/office/calls/{waits}/", nothing | tried)
    spoke = {"act_id": str(uuid4()), "reached": "yes", "words": "Slept well, a little tired.", "bladder": "no"}
    worry = {"mood": "yes", "worry": "Awake since four, talks fast.", "worry_for": str(cast.ada.pk)}
    ben.post(f"/office/calls/{reached}/", nothing | spoke | worry)
    return waits


def got(browser: Client, path: str) -> tuple[str, str]:
    answer = browser.get(path, follow=False)
    assert answer.status_code in (200, 403), (path, answer.status_code, answer.headers.get("Location"))
    return path.split("?", maxsplit=1)[0], answer.content.decode()


def on_display(cast: Cast, person: Person, *, recently: bool = True) -> Client:
    """Somebody who signed in on the display itself."""
    browser = signed_in(person, recently=recently)
    browser.cookies[DISPLAY_COOKIE] = at_display(cast).cookies[DISPLAY_COOKIE].value
    return browser


def printed(cast: Cast, house: House, name: str) -> list[bytes]:
    """What the view would print, as pictures: a PDF can be looked at by nobody here."""
    pages: list[bytes] = []

    def drawn(template: Path, contents: dict[str, Any]) -> bytes:
        contents_in = {"contents": json.dumps(contents)}
        made = typst.compile(template, root=paper.ROOMS, sys_inputs=contents_in, format="png", ppi=80.0)
        pages.extend(made if isinstance(made, list) else [made])
        return b"%PDF"

    with patch.object(paper, "pdf", drawn):
        signed_in(cast.ben).get(f"{house.href}{name}/")
    return pages
