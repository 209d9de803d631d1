"""The order for one patient: drafted from a signed protocol, judged, looked at by a second where two must, signed.

Signing opens the log of a new infusion and plans it by the one path, `acts.perform`: what that refuses is not signed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, SECOND_SIGNER
from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role
from stillroom.core.errors import Finding, Refused, refuse
from stillroom.core.infusion import planning
from stillroom.core.infusion.commands import AbandonInfusion, PlanInfusion
from stillroom.core.infusion.state import Status
from stillroom.core.order import Order
from stillroom.infusions.acts import perform
from stillroom.infusions.append import open_infusion
from stillroom.infusions.known import DRUG, known_of, pasts_of
from stillroom.infusions.models import Infusion, OrderSetAside, PatientOrder
from stillroom.patients.known import weight_of
from stillroom.patients.models import Patient, Weight
from stillroom.protocols.document import digest_of, read_order, write_order
from stillroom.protocols.library import limits_in_force
from stillroom.protocols.models import ProtocolVersion
from stillroom.schedule.models import Appointment

MEANING = "I order this infusion for this patient."
REPLACED = "Replaced by a new order"


def draft_of(patient: Patient) -> PatientOrder | None:
    """The order that is being written for a patient: one at a time, whoever writes."""
    related = ("protocol_version__protocol", "appointment__room", "weight", "drafted_by", "second_by")
    return patient.orders.filter(signed_at=None).select_related(*related).first()


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of keeping a draft. `set_aside`: a colleague was quicker; theirs is the `order`, and this lies beside
    it.
    """

    order: PatientOrder
    set_aside: OrderSetAside | None = None


@transaction.atomic
def keep_draft(
    actor: Actor,
    *,
    patient: Patient,
    protocol_version: ProtocolVersion,
    appointment: Appointment,
    order: Order,
    reasons: Mapping[str, str],
    seen: str,
) -> Kept:
    """The patient's draft as it is on the screen, by the weight that counts now.

    `seen` is the mark of the draft that the writer had before them: one that a colleague changed or signed since is not
    written over, and nothing of either is lost.
    """
    Patient.objects.select_for_update().get(pk=patient.pk)
    standing = draft_of(patient)
    row = standing or PatientOrder(clinic=patient.clinic, patient=patient, number=patient.orders.count() + 1)
    before = seen_mark(standing)
    row.protocol_version, row.appointment, row.weight = protocol_version, appointment, newest_weight(patient)
    row.document, row.reasons = write_order(order), dict(reasons)
    row.digest = digest(row)
    if standing and row.digest == before:
        return Kept(standing)
    theirs = _standing_order(patient) if before != seen else None
    if theirs:
        return Kept(theirs, _set_aside(actor, row, theirs))
    row.drafted_by, row.drafted_at = actor.the_person, clock.now()
    row.save()
    return Kept(row)


def seen_mark(draft: PatientOrder | None) -> str:
    """What a page carries, to say which draft its writer had before them."""
    return draft.digest if draft else ""


def _standing_order(patient: Patient) -> PatientOrder | None:
    """The draft that stands, or the order that a colleague has signed meanwhile."""
    related = ("protocol_version__protocol", "appointment__room", "drafted_by", "signed_by")
    return patient.orders.select_related(*related).order_by("-number").first()


def _set_aside(actor: Actor, mine: PatientOrder, theirs: PatientOrder) -> OrderSetAside:
    return OrderSetAside.objects.create(
        clinic=mine.clinic,
        patient=mine.patient,
        order=theirs,
        protocol_version=mine.protocol_version,
        appointment=mine.appointment,
        document=mine.document,
        reasons=mine.reasons,
        written_by=actor.the_person,
    )


def digest(row: PatientOrder) -> str:
    """Of all that an order says: the exact text, by which weight, for when and where, and the reasons given."""
    said = [row.document, str(row.weight_id), str(row.appointment_id), str(row.protocol_version_id), row.reasons]
    return digest_of(json.dumps(said, sort_keys=True, ensure_ascii=False))


def newest_weight(patient: Patient) -> Weight:
    weight = weight_of(patient)
    if weight is None:
        raise refuse("not_weighed")
    return weight


def plan_of(row: PatientOrder, *, link_interval_s: float | None = None) -> PlanInfusion:
    """The act that this order asks for. Refused without an approved library for its vial.

    `link_interval_s`: how often the slowest device of its room sends, if there is one.
    """
    second = row.second_by_id if row.second_digest == row.digest else None
    plan = plan_for(
        row.patient,
        order=read_order(row.document),
        protocol_version=row.protocol_version,
        appointment=row.appointment,
        weighed=row.weight,
    )
    return replace(plan, reasons=row.reasons, second=second, link_interval_s=link_interval_s)


def order_before(appointment: Appointment) -> Order | None:
    """The order whose place another one for the same appointment would take."""
    replaced = planned_before(appointment)
    return read_order(replaced.patient_order.document) if replaced else None


def plan_for(
    patient: Patient, *, order: Order, protocol_version: ProtocolVersion, appointment: Appointment, weighed: Weight
) -> PlanInfusion:
    """The same for an order that is only being written."""
    vial_mg_per_ml = order.bag.vial_mg_per_ml
    return PlanInfusion(
        patient=patient.pk,
        room=appointment.room_id,
        order=order,
        limits=limits_in_force(drug=DRUG, vial_mg_per_ml=vial_mg_per_ml, at=clock.now()),
        protocol_version=str(protocol_version),
        weight_kg=weighed.weight_kg,
        course_number=len(pasts_of(patient)) + 1,
        due_at=appointment.starts_at,
        instead_of=order_before(appointment),
    )


def judge(plan: PlanInfusion, patient: Patient, actor: Actor, *, besides: UUID | None = None) -> tuple[Finding, ...]:
    """What would be found if it were signed now: the same facts and the same function as `perform`."""
    now = clock.now()
    known = known_of(
        patient,
        due_at=plan.due_at or now,
        ordered_at=now,
        vial_mg_per_ml=plan.order.bag.vial_mg_per_ml,
        besides=besides,
    )
    return planning.judge(replace(plan, known=known), actor.author)


def planned_before(appointment: Appointment) -> Infusion | None:
    """The infusion that an earlier order planned for the same appointment, while nobody has come for it."""
    planned = Infusion.objects.filter(patient_order__appointment=appointment, status=Status.PLANNED)
    return planned.first()


@transaction.atomic
def second(row: PatientOrder, actor: Actor, *, seen_digest: str) -> None:
    """A second clinician has looked at exactly this order. Whoever wrote it is the first."""
    if actor.proof is not Proof.SIGN_IN or not actor.has_role(*CLINICAL, SECOND_SIGNER):
        raise refuse("second_has_no_such_role")
    row = _locked(row, seen_digest)
    if row.drafted_by_id == actor.the_person.pk:
        raise refuse("second_person_is_the_first")
    row.second_by, row.second_at, row.second_digest = actor.the_person, clock.now(), row.digest
    row.save(update_fields=["second_by", "second_at", "second_digest"])


@transaction.atomic
def sign(row: PatientOrder, actor: Actor, *, seen_digest: str, link_interval_s: float | None = None) -> Infusion:
    """A prescriber signs what was on their screen, and the infusion is planned; refused, nothing is kept.

    One that an earlier order planned for the same appointment is given up: two never stand for one visit.
    """
    if actor.proof is not Proof.SIGN_IN or not actor.has_role(Role.PRESCRIBER):
        raise refuse("signer_is_no_prescriber", protocol=str(row))
    row = _locked(row, seen_digest)
    if newest_weight(row.patient) != row.weight:
        raise refuse("weighed_again")
    if row.appointment.cancelled_at:
        raise refuse("appointment_cancelled")
    now = clock.now()
    asked = plan_of(row, link_interval_s=link_interval_s)  # beside the one whose place it takes, while that stands
    _give_up(planned_before(row.appointment), actor, now)
    row.infusion = _planned(row, asked, actor, now)
    row.signed_by, row.signed_at, row.signed_name = actor.the_person, now, actor.the_person.display_name
    row.signed_meaning = MEANING
    row.save()
    return row.infusion


def _locked(row: PatientOrder, seen_digest: str) -> PatientOrder:
    related = ("patient__clinic", "appointment__room", "protocol_version__protocol", "weight")
    locked = PatientOrder.objects.select_for_update(of=("self",)).select_related(*related).get(pk=row.pk)
    if locked.signed_at or locked.digest != seen_digest or digest(locked) != seen_digest:
        raise refuse("order_changed_since_shown")
    return locked


def _planned(row: PatientOrder, asked: PlanInfusion, actor: Actor, now: datetime) -> Infusion:
    infusion_id = uuid4()
    open_infusion(
        infusion_id=infusion_id,
        clinic_id=row.clinic_id,
        patient_id=row.patient_id,
        room_id=row.appointment.room_id,
    )
    answer = perform(
        act_id=uuid4(),
        infusion_id=infusion_id,
        command=asked,
        author=actor.author,
        seen_seq=0,
        received_at=now,
    )
    if answer.outcome != "done":
        raise Refused(answer.findings)
    return Infusion.objects.get(pk=infusion_id)


def _give_up(infusion: Infusion | None, actor: Actor, now: datetime) -> None:
    if infusion is None:
        return
    answer = perform(
        act_id=uuid4(),
        infusion_id=infusion.pk,
        command=AbandonInfusion(reason=REPLACED),
        author=actor.author,
        seen_seq=infusion.last_seq,
        received_at=now,
    )
    if answer.outcome != "done":
        raise Refused(answer.findings)
