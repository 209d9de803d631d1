"""An infusion in the database, walked through the real views as a nurse would; what most tests of pages begin with."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from stillroom.clinics.models import Room
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.infusion.entries import Logged
from stillroom.core.infusion.state import InfusionState
from stillroom.core.safety import ITEMS
from stillroom.infusions.acts import Answer, perform
from stillroom.infusions.append import open_infusion
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of, state_of
from stillroom.patients.models import Patient
from tests.cast import Cast, signed_in
from tests.examples import LIMITS, ORDER


@dataclass
class House:
    """One infusion of the cast, and how to ask for something at its bedside."""

    cast: Cast
    infusion_id: UUID

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
        with clinic_scope(self.cast.clinic.pk):
            return perform(
                act_id=uuid4(),
                infusion_id=self.infusion_id,
                command=command,
                author=author,
                seen_seq=self.row.last_seq,
                received_at=timezone.now(),
            )

    # --- how far it has come

    def arrive(self) -> House:
        self.done(signed_in(self.cast.ben), "arrive")
        return self

    def make_ready(self) -> House:
        ben, nan = signed_in(self.cast.ben), signed_in(self.cast.nan)
        self.arrive()
        for item in ITEMS:
            self.done(ben, "preflight", item=item.value, reply="fine")
        self.done(ben, "vitals", sbp_mmhg="118", dbp_mmhg="74", pulse_per_min="66", spo2_percent="98")
        self.done(ben, "place-line", site="left forearm")
        self.done(ben, "make-bag", **BAG)
        self.done(nan, "check-bag")
        self.done(ben, "hang-bag", primed_with="drug", line_volume_ml="15")
        self.done(ben, "ready", said_family_name="Example", said_born="17 May 1984")
        return self

    def start(self) -> House:
        ben = signed_in(self.cast.ben)
        self.make_ready()
        self.done(ben, "start")
        self.done(ben, "confirm", intent_seq=self.state.pending[-1].seq)
        return self

    def end(self) -> House:
        self.start()
        self.done(signed_in(self.cast.ben), "end", left_in_bag_ml="0")
        return self


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
    return replace(cast, room=room, patient=patient)


def planned(cast: Cast) -> House:
    """Signed and planned for the cast's patient in the cast's room."""
    infusion_id = uuid4()
    house = House(cast, infusion_id)
    with clinic_scope(cast.clinic.pk):
        open_infusion(
            infusion_id=infusion_id, clinic_id=cast.clinic.pk, patient_id=cast.patient.pk, room_id=cast.room.pk
        )
    ada = c.Author(by=f"person:{cast.ada.pk}", role="prescriber", person=cast.ada.pk)
    plan = c.PlanInfusion(
        patient=cast.patient.pk,
        room=cast.room.pk,
        order=ORDER,
        limits=LIMITS,
        protocol_version="usual, version 1",
        weight_kg=Decimal(70),
    )
    assert house.ask(plan, ada).outcome == "done"
    return house
