"""The order for one patient: written, worked out and judged while it is written, and kept as a draft to be signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import allow
from stillroom.clinics.actor import Actor, actor_of
from stillroom.clinics.models import Role
from stillroom.core.errors import Finding, Refused, Severity
from stillroom.core.order import Order
from stillroom.core.safety.nausea import apfel_items
from stillroom.devices.assignments import interval_in
from stillroom.infusions.known import DRUG, Past, known_of, new_items_of, pasts_of
from stillroom.infusions.models import PatientOrder
from stillroom.infusions.ordering import (
    draft_of,
    judge,
    keep_draft,
    order_before,
    plan_for,
    planned_before,
    seen_mark,
)
from stillroom.office.answered_before import said_before
from stillroom.office.before_this import lines_before, newest_before, phq9_of
from stillroom.office.order_form import OrderForm, values_of
from stillroom.office.order_words import Otherwise, otherwise
from stillroom.office.patients import age_in_years
from stillroom.office.two_drafts import beside, both
from stillroom.office.worked_out import WorkedOut, fan_of, felt_of, work_out
from stillroom.patients.access import patient_for
from stillroom.patients.known import allergies_of, weight_of
from stillroom.patients.models import Patient, Weight
from stillroom.protocols.document import read_order
from stillroom.protocols.library import vials_in_force
from stillroom.protocols.models import Protocol, ProtocolVersion
from stillroom.protocols.signing import newest_signed, signed_order
from stillroom.schedule.models import Appointment
from stillroom.web.posted import LOOK, posted

form_page = require_http_methods(["GET", "POST"])
REASON = "reason_"  # before a finding's key, the name of the field that answers it


@dataclass(frozen=True, kw_only=True)
class Desk:
    """All that an order for this patient begins from; what is missing stands in `steps`."""

    patient: Patient
    versions: list[ProtocolVersion]
    vials: list[Decimal]
    weighed: Weight | None
    appointments: list[Appointment]
    draft: PatientOrder | None

    @property
    def steps(self) -> list[dict[str, object]]:
        """In the order in which they are done, with whether they are."""
        done = {
            "library": bool(self.vials),
            "protocol": bool(self.versions),
            "weight": self.weighed is not None,
            "appointment": bool(self.appointments),
        }
        return [{"name": name, "is_done": is_done} for name, is_done in done.items()]

    @property
    def is_ready(self) -> bool:
        return all(step["is_done"] for step in self.steps)


@form_page
@allow(Role.PRESCRIBER)
def plan(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Nothing is kept while it is looked at; kept, it is the patient's one draft; signed on a page of its own."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    desk = desk_of(patient)
    if not desk.is_ready:
        return render(
            request, "office/before_plan.html", {"patient": patient, "steps": desk.steps, "weight": desk.weighed}
        )
    version, appointment = _chosen_version(request, desk), _chosen_appointment(request, desk)
    begins_as = _begins_as(request, desk, version)
    form = OrderForm(posted(request), clinic=actor.the_clinic, vials=desk.vials, initial=values_of(begins_as))
    is_whole, overtaken_by = form.is_bound and form.is_valid(), None
    if is_whole and not request.headers.get(LOOK) and "look" not in request.POST:
        kept = keep_draft(
            actor,
            patient=patient,
            protocol_version=version,
            appointment=appointment,
            order=form.order,
            reasons=_reasons(request),
            seen=request.POST.get("seen_draft", ""),
        )
        if kept.set_aside is None:
            return redirect("office:sign_order", kept.order.pk)
        overtaken_by = both(kept.order, kept.set_aside)
        desk = desk_of(patient)
    order = form.order if is_whole else None if form.is_bound else begins_as
    page = _page(desk, actor, version, appointment, order, _reasons(request) or _kept_reasons(desk, request))
    page |= {"form": form, "overtaken_by": overtaken_by}
    page["seen_draft"] = seen_mark(desk.draft) if overtaken_by or not form.is_bound else request.POST.get("seen_draft")
    template = "office/_worked_out.html" if request.headers.get(LOOK) else "office/plan.html"
    status = 409 if overtaken_by else 422 if form.errors and not request.headers.get(LOOK) else 200
    return render(request, template, page, status=status)


def desk_of(patient: Patient) -> Desk:
    now = timezone.now()
    newest = [newest_signed(each) for each in Protocol.objects.filter(retired_at=None)]
    coming = patient.appointments.standing().filter(ends_at__gt=now).select_related("room")
    return Desk(
        patient=patient,
        versions=[each for each in newest if each is not None],
        vials=vials_in_force(drug=DRUG, at=now),
        weighed=weight_of(patient),
        appointments=list(coming),
        draft=draft_of(patient),
    )


def _chosen_version(request: HttpRequest, desk: Desk) -> ProtocolVersion:
    """The one asked for, that of the draft, or that of the last order; else the first."""
    asked = request.POST.get("protocol_version") or request.GET.get("protocol")
    last = desk.patient.orders.exclude(signed_at=None).order_by("-number").first()
    wished = [
        asked,
        str(desk.draft.protocol_version_id) if desk.draft else "",
        str(last.protocol_version_id) if last else "",
    ]
    by_id = {str(each.pk): each for each in desk.versions}
    return next((by_id[each] for each in wished if each in by_id), desk.versions[0])


def _chosen_appointment(request: HttpRequest, desk: Desk) -> Appointment:
    asked = request.POST.get("appointment") or (str(desk.draft.appointment_id) if desk.draft else "")
    return next((each for each in desk.appointments if str(each.pk) == asked), desk.appointments[0])


def _begins_as(request: HttpRequest, desk: Desk, version: ProtocolVersion) -> Order:
    """As the draft; else as the last order by the same protocol; else as the protocol. Asked for by name: as that."""
    if request.GET.get("protocol"):
        return signed_order(version)
    if desk.draft:
        return read_order(desk.draft.document)
    last = desk.patient.orders.filter(protocol_version=version).exclude(signed_at=None).order_by("-number").first()
    return read_order(last.document) if last else signed_order(version)


def _reasons(request: HttpRequest) -> dict[str, str]:
    """What was typed beside the findings, by their keys."""
    typed = {name: value.strip() for name, value in request.POST.items() if isinstance(value, str)}
    return {
        name.removeprefix(REASON): words[:400] for name, words in typed.items() if name.startswith(REASON) and words
    }


def _kept_reasons(desk: Desk, request: HttpRequest) -> Mapping[str, str]:
    if request.method != "GET":
        return {}
    return said_before(desk.patient) | (desk.draft.reasons if desk.draft else {})


def _page(
    desk: Desk,
    actor: Actor,
    version: ProtocolVersion,
    appointment: Appointment,
    order: Order | None,
    reasons: Mapping[str, str],
) -> dict[str, Any]:
    assert desk.weighed is not None
    pasts, phq9 = pasts_of(desk.patient), phq9_of(desk.patient)
    return {
        "patient": desk.patient,
        "age_y": age_in_years(desk.patient, actor),
        "weight": desk.weighed,
        "is_weighed_today": timezone.localdate(desk.weighed.measured_at) == actor.the_clinic.today(),
        "allergies": allergies_of(desk.patient),
        "versions": desk.versions,
        "version": version,
        "appointments": desk.appointments,
        "appointment": appointment,
        "draft": desk.draft,
        "beside": beside(desk.draft),
        "infusion_number": len(pasts) + 1,
        "order_number": desk.patient.orders.exclude(signed_at=None).count() + 1,
        "before": lines_before(pasts, at=timezone.now(), phq9=phq9),
        "phq9_now": newest_before(phq9, actor.the_clinic.today()),
        **_results(desk.patient, actor, version, appointment, desk.weighed, order, reasons, pasts),
    }


def _results(
    patient: Patient,
    actor: Actor,
    version: ProtocolVersion,
    appointment: Appointment,
    weighed: Weight,
    order: Order | None,
    reasons: Mapping[str, str],
    pasts: list[Past],
) -> dict[str, Any]:
    """What that is, what was found, and how it would run; nothing while a number is not one."""
    if order is None:
        return {"worked": None, "checks": [], "fan": None, "felt": None}
    worked, refused = tried(order, weighed)
    replaced = planned_before(appointment)
    try:
        asked = plan_for(patient, order=order, protocol_version=version, appointment=appointment, weighed=weighed)
        asked = replace(asked, link_interval_s=interval_in(appointment.room_id, timezone.now()))
        found = judge(asked, patient, actor, besides=replaced.pk if replaced else None)
    except Refused as cannot:
        found = cannot.findings
        asked = None
    return {
        "worked": worked,
        "checks": [check(each, reasons) for each in (*refused, *found)],
        "limits": asked.limits if asked else None,
        "is_refused": any(each.severity is Severity.HARD for each in (*refused, *found)),
        "otherwise": otherwise_than_last(pasts, order),
        "next_version": otherwise_than_signed(appointment, order),
        "from_protocol": otherwise(signed_order(version), order),
        "apfel": _apfel(patient, appointment.starts_at, order),
        "new_items": new_items_of(patient),
        "fan": fan_of(worked, age_y=age_in_years(patient, actor)) if worked else None,
        "felt": felt_of(worked, age_y=age_in_years(patient, actor)) if worked else None,
        "replaced": replaced,
    }


def otherwise_than_last(pasts: list[Past], order: Order) -> list[Otherwise]:
    """What this order says otherwise than that of the last infusion that was completed."""
    last = next((past.state.planned for past in reversed(pasts) if past.state.ended_at), None)
    return otherwise(last.order, order) if last else []


def otherwise_than_signed(appointment: Appointment, order: Order) -> list[Otherwise]:
    """What this order says otherwise than the one that was signed before for the same visit."""
    before = order_before(appointment)
    return otherwise(before, order) if before else []


def tried(order: Order, weighed: Weight) -> tuple[WorkedOut | None, tuple[Finding, ...]]:
    try:
        return work_out(order, weighed.weight_kg), ()
    except Refused as refused:
        return None, refused.findings


def check(finding: Finding, reasons: Mapping[str, str]) -> dict[str, Any]:
    return {"finding": finding, "name": REASON + finding.key, "reason": reasons.get(finding.key, "")}


def _apfel(patient: Patient, due_at: datetime, order: Order) -> list[Any]:
    known = known_of(patient, due_at=due_at, ordered_at=timezone.now(), vial_mg_per_ml=order.bag.vial_mg_per_ml)
    return list(apfel_items(known.easily_sick))
