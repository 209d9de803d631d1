"""The only door to patients: every view that shows or changes one comes through here first.

What does not exist and what is another's look the same from outside: both are a 404.

    patient = patient_for(actor_of(request), patient_id)
"""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils import timezone

from stillroom.clinics.access import CLINICAL
from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role
from stillroom.patients.merging import kept_id
from stillroom.patients.models import Look, Patient, RecordMerge

# Who works with patients. A technician sees rooms and monitors, an approver drugs, an editor public pages.
WORKS_WITH_PATIENTS = (*CLINICAL, Role.FRONT_DESK, Role.ADMINISTRATOR)


def patients_for(actor: Actor) -> QuerySet[Patient]:
    """The patients an actor may see: of the clinic they work for, or the patient they are themselves.

    A record that was merged into another is not one of its own.
    """
    merged = RecordMerge.objects.filter(other=OuterRef("pk"), undone_at=None)
    return records_for(actor).exclude(Exists(merged))


def records_for(actor: Actor) -> QuerySet[Patient]:
    """The same with the records that are part of another now: to find somebody by what they were called or numbered."""
    if actor.clinic:
        may_see = actor.has_role(*WORKS_WITH_PATIENTS) or actor.proof in (Proof.DISPLAY, Proof.EMERGENCY)
        return Patient.objects.filter(clinic=actor.clinic) if may_see else Patient.objects.none()
    if actor.person:
        return Patient.objects.filter(person=actor.person)
    return Patient.objects.none()


def patient_for(actor: Actor, patient_id: UUID) -> Patient:
    """One patient, or 404: of a record that was merged, the one it is part of. That staff looked is written down."""
    patient = (
        patients_for(actor).filter(pk=patient_id).first() or patients_for(actor).filter(pk=kept_id(patient_id)).first()
    )
    if patient is None:
        raise Http404("no such patient")
    note_look(actor, patient.pk)
    return patient


def note_look(actor: Actor, patient_id: UUID) -> None:
    """Write down that staff opened this record: for pages that reach the patient by something of theirs."""
    if actor.clinic:
        Look.objects.create(clinic=actor.clinic, patient_id=patient_id, by=actor.by, what=actor.page)


def note_looks(actor: Actor, patients: QuerySet[Patient]) -> None:
    """The same for a list, each of `patients` once, in one statement however long it is."""
    if actor.clinic is None:
        return
    try:
        shown, parameters = patients.order_by().values("pk").distinct().query.sql_with_params()
    except EmptyResultSet:  # of nobody, as Django can tell without asking
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO patients_look (clinic_id, patient_id, by, what, looked_at)"  # noqa: S608
            f" SELECT %s, shown.id, %s, %s, %s FROM ({shown}) AS shown (id)",
            [actor.clinic.pk, actor.by, actor.page, timezone.now(), *parameters],
        )
