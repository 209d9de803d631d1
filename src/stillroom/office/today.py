"""The day at the desk: who comes when and where, where each infusion stands, and its papers; also who went home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from stillroom.aftercare.reading import to_call, worries
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic, Role, Room
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.commands import Record
from stillroom.core.infusion.state import OVER, Status
from stillroom.infusions.acts import perform
from stillroom.infusions.models import Infusion, PatientOrder
from stillroom.intake.records import coming_records
from stillroom.patients.access import note_look, note_looks, patients_for
from stillroom.patients.models import Patient
from stillroom.schedule.booking import note_arrival, place_in_course
from stillroom.schedule.models import Appointment

LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One visit of today. Without an appointment it was planned otherwise; without an infusion nothing is signed.

    Overdue: their whole time has gone by, and nobody wrote that they came.
    """

    patient: Patient
    room: Room
    appointment: Appointment | None = None
    infusion: Infusion | None = None
    has_draft: bool = False
    late_min: int = 0
    is_overdue: bool = False
    place: tuple[int, int] | None = None

    @property
    def at(self) -> datetime:
        if self.appointment:
            return self.appointment.starts_at
        assert self.infusion is not None
        return self.infusion.started_at or self.infusion.created_at

    @property
    def is_expected(self) -> bool:
        return self.infusion is not None and self.infusion.status == Status.PLANNED


@allow(*CLINICAL, Role.FRONT_DESK)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """In the order of the day. The bedside and the papers are for those who treat."""
    actor = actor_of(request)
    lines = lines_of_today(actor.the_clinic, now=timezone.now())
    coming = coming_records(patients_for(actor), today=actor.the_clinic.today())
    seen = {line.patient.pk for line in lines} | {each.patient.pk for each in coming}
    may_treat = actor.has_role(*CLINICAL)
    calling = to_call(actor.the_clinic, now=timezone.now()) if may_treat else []
    worried = list(worries()) if may_treat else []
    seen |= {each.patient.pk for each in calling} | {each.patient_id for each in worried}
    note_looks(actor, Patient.objects.filter(pk__in=seen))
    page = {
        "calling": calling,
        "worries": worried,
        "called_after_h": actor.the_clinic.called_after_h,
        "lines": lines,
        "coming": coming,
        "may_read": may_treat,
        "may_treat": may_treat,
        "may_order": actor.has_role(Role.PRESCRIBER),
    }
    return render(request, "office/today.html", page)


@allow(*CLINICAL, Role.FRONT_DESK)
@require_POST
def arrived(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """Written down at the desk, by the one path: the room knows it at once."""
    actor = actor_of(request)
    infusion = get_object_or_404(Infusion.objects.select_related("patient"), pk=infusion_id)
    note_look(actor, infusion.patient_id)
    answer = perform(
        act_id=uuid4(),
        infusion_id=infusion.pk,
        command=Record(fact=e.PatientArrived()),
        author=actor.author,
        seen_seq=infusion.last_seq,
        received_at=timezone.now(),
    )
    if answer.outcome == "done":
        messages.info(request, f"{infusion.patient} is here.")
    for finding in answer.findings:
        messages.error(request, render_to_string("web/_finding_words.html", {"finding": finding}).strip())
    return redirect("office:today")


@allow(*CLINICAL, Role.FRONT_DESK)
@require_POST
def appointment_here(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Who has come before an order was signed: noted at the desk. With one, the infusion's log says it (`arrived`)."""
    actor = actor_of(request)
    appointment = get_object_or_404(Appointment.objects.standing().select_related("patient"), pk=appointment_id)
    note_look(actor, appointment.patient_id)
    note_arrival(appointment, actor)
    messages.info(request, f"{appointment.patient} is here.")
    return redirect("office:today")


def lines_of_today(clinic: Clinic, *, now: datetime) -> list[Line]:
    """Every appointment of the clinic's own day, and every infusion of it that has none."""
    midnight = datetime.combine(clinic.today(), time(), ZoneInfo(clinic.time_zone))
    next_midnight = datetime.combine(clinic.today() + timedelta(days=1), time(), ZoneInfo(clinic.time_zone))
    appointments = Appointment.objects.standing().between(midnight, next_midnight).select_related("patient", "room")
    orders = PatientOrder.objects.filter(appointment__in=appointments).select_related("infusion__room")
    lines = [_line(each, [order for order in orders if order.appointment_id == each.pk], now) for each in appointments]
    shown = {line.infusion.pk for line in lines if line.infusion}
    others = infusions_of_today(clinic).exclude(pk__in=shown)
    of_other_days = others.filter(patient_order__appointment__starts_at__gte=next_midnight)
    lines += [
        Line(patient=each.patient, room=each.room, infusion=each)
        for each in others.exclude(pk__in=of_other_days.values("pk"))
    ]
    return sorted(lines, key=lambda line: line.at)


def infusions_of_today(clinic: Clinic) -> QuerySet[Infusion]:
    """All that are not over, and all that began or ended since midnight of the clinic's own day."""
    midnight = datetime.combine(clinic.today(), time(), ZoneInfo(clinic.time_zone))
    still_open = ~Q(status__in=OVER)
    of_today = Q(started_at__gte=midnight) | Q(ended_at__gte=midnight)
    infusions = Infusion.objects.filter(still_open | of_today)
    return infusions.select_related("patient", "room").order_by("room__name", "created_at")


def _line(appointment: Appointment, orders: Sequence[PatientOrder], now: datetime) -> Line:
    planned = [order.infusion for order in orders if order.infusion and order.infusion.status != Status.ABANDONED]
    infusion = planned[0] if planned else None
    waits = appointment.arrived_at is None and (infusion is None or infusion.status == Status.PLANNED)
    late = now - appointment.starts_at
    return Line(
        patient=appointment.patient,
        room=appointment.room,
        appointment=appointment,
        infusion=infusion,
        has_draft=any(order.signed_at is None for order in orders),
        late_min=int(late.total_seconds() // 60) if waits and late > LATE_AFTER else 0,
        is_overdue=waits and appointment.ends_at <= now,
        place=place_in_course(appointment),
    )
