"""An infusion in the database, walked through the real views as a nurse would; what most tests of pages begin with."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.line import Line, Priming
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.entries import Logged
from stillroom.core.infusion.planning import bag_for
from stillroom.core.infusion.state import InfusionState
from stillroom.core.order import Order
from stillroom.core.safety import ITEMS, Limits, Reply
from stillroom.devices.screens import Sign, screens_are_seen, watcher_looked
from stillroom.infusions.acts import Answer, perform
from stillroom.infusions.append import open_infusion
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of, state_of
from stillroom.patients.models import Patient
from tests.cast import Cast, consents, screened
from tests.examples import LIMITS, ORDER, VITALS

SEEN_ALL = 10_000
BY_METER = "A finger meter, with each look"
"""How a saturation is measured where no monitor sends one: said at each such start."""


@dataclass
class House:
    """One infusion of the cast, and how to ask for something at its bedside."""

    cast: Cast
    infusion_id: UUID
    ago: timedelta = timedelta(0)  # what is asked of the log itself happens so long ago

    @property
    def href(self) -> str:
        return f"/bedside/{self.infusion_id}/"

    @property
    def state(self) -> InfusionState:
        with clinic_scope(self.cast.clinic.pk):
            return state_of(self.infusion_id)

    @property
    def log(self) -> tuple[Logged, ...]:
        with clinic_scope(self.cast.clinic.pk):
            return entries_of(self.infusion_id)

    @property
    def row(self) -> Infusion:
        with clinic_scope(self.cast.clinic.pk):
            return Infusion.objects.get(pk=self.infusion_id)

    def post(self, client: Client, act: str, **typed: Any) -> HttpResponse:
        """As the page posts it: an id of its own, what was in view, and what was typed."""
        carried = {"act_id": str(uuid4()), "seen_seq": self.row.last_seq}
        answer = client.post(f"{self.href}acts/{act}", carried | typed, HTTP_ACCEPT="application/json")
        assert isinstance(answer, HttpResponse)
        return answer

    def done(self, client: Client, act: str, **typed: Any) -> dict[str, Any]:
        """The same, and it must have been recorded."""
        response = self.post(client, act, **typed)
        assert response.status_code == 200, response.content.decode()
        answer: dict[str, Any] = json.loads(response.content)
        assert answer["outcome"] == "done"
        return answer

    def ask(self, command: c.Command, author: c.Author) -> Answer:
        """Past the pages: what a prescriber planned in the office, or a monitor's watch noticed."""
        answer = self.asked(command, author)
        assert answer.outcome == "done", answer
        return answer

    def asked(self, command: c.Command, author: c.Author) -> Answer:
        with clinic_scope(self.cast.clinic.pk):
            return perform(
                act_id=uuid4(),
                infusion_id=self.infusion_id,
                command=command,
                author=author,
                seen_seq=SEEN_ALL,
                received_at=timezone.now() - self.ago,
            )

    def refused(self, command: c.Command, author: c.Author) -> list[str]:
        """The keys of what it was refused by."""
        answer = self.asked(command, author)
        assert answer.outcome == "refused", answer
        return [finding.key for finding in answer.findings]

    def let_it_be_watched(self) -> None:
        """A watch process has looked just now."""
        clinic_id = self.cast.clinic.pk
        with clinic_scope(clinic_id):
            watcher_looked(uuid4(), clinic_id=clinic_id, at=timezone.now())

    def let_it_be_heard(self) -> None:
        """The board is in view, with its sound turned on."""
        clinic_id = self.cast.clinic.pk
        with clinic_scope(clinic_id):
            screens_are_seen(clinic_id, [Sign(uuid4(), None, can_sound=True, at=timezone.now())])

    # --- how far it has come: asked of the log itself, as most tests are about what comes after

    def arrive(self) -> House:
        self.record(e.PatientArrived())
        return self

    def make_all_but_ready(self) -> House:
        self.arrive()
        for item in ITEMS:
            self.record(e.PreflightAnswered(item=item, reply=Reply.FINE))
        self.record(VITALS)
        self.record(e.LinePlaced(site="left forearm"))
        self.ask(c.MakeBag(bag=bag_for(ORDER, dose_mg=Decimal(35))), self.ben)
        self.ask(c.CheckBag(), self.nan)
        self.record(e.BagHung(line=Line(volume_ml=Decimal(15), primed_with=Priming.DRUG)))
        return self

    def make_ready(self) -> House:
        self.make_all_but_ready()
        self.ask(c.DeclareReady(), self.ben)
        return self

    def start(self) -> House:
        self.make_ready()
        answer = self.ask(c.StartInfusion(), self.ben)
        self.ask(c.ConfirmDone(intent_seq=answer.last_seq), self.ben)
        return self

    def end(self) -> House:
        self.start()
        self.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), self.ben)
        return self

    def record(self, fact: e.Fact) -> None:
        self.ask(c.Record(fact=fact), self.ben)

    @property
    def ben(self) -> c.Author:
        return c.Author(by=f"person:{self.cast.ben.pk}", role="nurse", person=self.cast.ben.pk)

    @property
    def nan(self) -> c.Author:
        return c.Author(by=f"person:{self.cast.nan.pk}", role="nurse_anaesthetist", person=self.cast.nan.pk)


BAG = {
    "vial_mg_per_ml": "50",
    "drug_volume_ml": "0.7",
    "fluid_volume_ml": "100",
    "overfill_ml": "0",
    "withdrawn_ml": "0.7",
}


def elsewhere(cast: Cast) -> Cast:
    """The same people with another room and another patient: for a second infusion in the same clinic."""
    name = uuid4().hex[:6]
    with clinic_scope(cast.clinic.pk):
        room = Room.objects.create(clinic=cast.clinic, name=f"Room {name}")
        patient = Patient.objects.create(
            clinic=cast.clinic,
            identifier=name,
            given_name="Pia",
            family_name="Example",
            birth_date=cast.patient.birth_date,
        )
        consents(patient, witness=cast.ben)
        screened(patient, cast.ben)
    return replace(cast, room=room, patient=patient)


def planned(
    cast: Cast, *, ago: timedelta = timedelta(0), order: Order = ORDER, limits: Limits = LIMITS, **plan_more: Any
) -> House:
    """Signed and planned for the cast's patient in the cast's room, now or a while ago."""
    infusion_id = uuid4()
    house = House(cast, infusion_id, ago)
    with clinic_scope(cast.clinic.pk):
        open_infusion(
            infusion_id=infusion_id, clinic_id=cast.clinic.pk, patient_id=cast.patient.pk, room_id=cast.room.pk
        )
    ada = c.Author(by=f"person:{cast.ada.pk}", role="prescriber", person=cast.ada.pk)
    plan = c.PlanInfusion(
        patient=cast.patient.pk,
        room=cast.room.pk,
        order=order,
        limits=limits,
        protocol_version="usual, version 1",
        weight_kg=Decimal(70),
        **plan_more,
    )
    house.ask(plan, ada)
    return house
