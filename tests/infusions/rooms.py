"""An infusion in the database, driven by acts through the one path: `perform`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from stillroom.clinics.rows import clinic_scope
from stillroom.core.drip.line import Line, Priming
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState
from stillroom.core.safety import ITEMS, Reply
from stillroom.infusions.acts import Answer, perform
from stillroom.infusions.append import open_infusion
from stillroom.infusions.export import lines_of
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of, state_of
from tests.cast import Cast
from tests.examples import ADA, BEN, DEE, PLAN, TEN, VITALS


@dataclass
class Room:
    """One infusion of the cast's clinic. Time moves only when told to."""

    clinic_id: UUID
    infusion_id: UUID = field(default_factory=uuid4)
    at: datetime = TEN

    def act(
        self,
        command: c.Command,
        author: c.Author = BEN,
        *,
        seen_seq: int | None = None,
        act_id: UUID | None = None,
        after_min: float = 0,
        asked: str = "",
    ) -> Answer:
        """Ask, having seen everything unless told otherwise."""
        self.at += timedelta(minutes=after_min)
        with self.scope():
            return perform(
                act_id=act_id or uuid4(),
                infusion_id=self.infusion_id,
                command=command,
                author=author,
                seen_seq=self.row.last_seq if seen_seq is None else seen_seq,
                received_at=self.at,
                asked=asked,
            )

    def record(self, fact: e.Fact, author: c.Author = BEN, *, after_min: float = 0) -> Answer:
        return self.act(c.Record(fact=fact), author, after_min=after_min)

    def confirm(self, author: c.Author = BEN, *, after_min: float = 0) -> Answer:
        """The hand has done what was last intended."""
        return self.act(c.ConfirmDone(intent_seq=self.state.pending[-1].seq), author, after_min=after_min)

    @contextmanager
    def scope(self) -> Iterator[None]:
        with clinic_scope(self.clinic_id):
            yield

    @property
    def row(self) -> Infusion:
        with self.scope():
            return Infusion.objects.get(pk=self.infusion_id)

    @property
    def log(self) -> tuple[e.Logged, ...]:
        with self.scope():
            return entries_of(self.infusion_id)

    @property
    def state(self) -> InfusionState:
        with self.scope():
            return state_of(self.infusion_id)

    @property
    def lines(self) -> list[str]:
        with self.scope():
            return list(lines_of(self.infusion_id))


def opened(cast: Cast) -> Room:
    """An empty log."""
    room = Room(cast.clinic.pk)
    with room.scope():
        open_infusion(
            infusion_id=room.infusion_id,
            clinic_id=cast.clinic.pk,
            patient_id=cast.patient.pk,
            room_id=cast.room.pk,
        )
    return room


def planned(cast: Cast, plan: c.PlanInfusion = PLAN) -> Room:
    room = opened(cast)
    done(room.act(replace(plan, patient=cast.patient.pk, room=cast.room.pk), ADA))
    return room


def arrived(cast: Cast, plan: c.PlanInfusion = PLAN) -> Room:
    room = planned(cast, plan)
    done(room.record(e.PatientArrived()))
    return room


def all_but_ready(cast: Cast, plan: c.PlanInfusion = PLAN) -> Room:
    """Everything that a start needs, done and answered."""
    room = arrived(cast, plan)
    for item in ITEMS:
        done(room.record(e.PreflightAnswered(item=item, reply=Reply.FINE)))
    done(room.record(VITALS))
    done(room.record(e.LinePlaced(site="left forearm")))
    plan = room.state.planned
    assert plan is not None
    done(room.act(c.MakeBag(bag=plan.bag)))
    done(room.act(c.CheckBag(), DEE))
    done(room.record(e.BagHung(line=Line(volume_ml=Decimal(15), primed_with=Priming.DRUG))))
    return room


def ready(cast: Cast, plan: c.PlanInfusion = PLAN) -> Room:
    room = all_but_ready(cast, plan)
    done(room.act(c.DeclareReady()))
    return room


def infusing(cast: Cast, plan: c.PlanInfusion = PLAN) -> Room:
    """The drip runs, confirmed, since one minute after it was intended."""
    room = ready(cast, plan)
    done(room.act(c.StartInfusion(clock_off_by_s=Decimal("-0.021")), after_min=1))
    done(room.confirm(after_min=1))
    return room


def done(answer: Answer) -> Answer:
    assert answer.outcome == "done", answer
    return answer
