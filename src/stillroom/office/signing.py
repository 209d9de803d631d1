"""Signing an order for one patient, and the second clinician's look where two must."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import CLINICAL, SECOND_SIGNER, allow
from stillroom.clinics.actor import Actor, actor_of
from stillroom.clinics.models import Role
from stillroom.core.errors import Finding, Refused, Severity
from stillroom.devices.assignments import interval_in
from stillroom.infusions.known import new_items_of, pasts_of
from stillroom.infusions.models import PatientOrder
from stillroom.infusions.ordering import MEANING, judge, plan_of, planned_before, second, sign
from stillroom.office.order_words import lines_of
from stillroom.office.patients import age_in_years
from stillroom.office.plan import check, otherwise_than_last, otherwise_than_signed, tried
from stillroom.patients.access import note_look, note_looks
from stillroom.patients.known import allergies_of
from stillroom.patients.models import Patient
from stillroom.protocols.document import read_order

logger = logging.getLogger(__name__)

form_page = require_http_methods(["GET", "POST"])


@form_page
@allow(Role.PRESCRIBER, step_up=True)
def sign_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Every figure is worked out anew from what is stored, shown together, and compared when the signature comes."""
    actor = actor_of(request)
    row = _order(order_id)
    if row.infusion_id:
        return redirect("bedside:room", row.infusion_id)
    note_look(actor, row.patient_id)
    findings = _judged(row, actor)
    status = 200
    if request.method == "POST":
        try:
            with transaction.atomic():
                infusion = sign(
                    row,
                    actor,
                    seen_digest=request.POST.get("seen_digest", ""),
                    link_interval_s=interval_in(row.appointment.room_id, timezone.now()),
                )
        except Refused as refused:
            logger.warning("order %s was not signed: %s", row.pk, ", ".join(each.code for each in refused.findings))
            findings, status = refused.findings, 409
        else:
            messages.info(request, "Signed. The infusion is planned.")
            return redirect("bedside:room", infusion.pk)
    return render(request, "office/sign_order.html", _confirm(row, actor, findings), status=status)


@form_page
@allow(*CLINICAL, SECOND_SIGNER, step_up=True)
def second_order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """A second clinician looks at an order far from the last, figure by figure."""
    actor = actor_of(request)
    row = _order(order_id)
    note_look(actor, row.patient_id)
    findings: tuple[Finding, ...] = _judged(row, actor)
    status = 200
    if request.method == "POST":
        try:
            second(row, actor, seen_digest=request.POST.get("seen_digest", ""))
        except Refused as refused:
            findings, status = refused.findings, 409
        else:
            messages.info(request, "Looked at. The prescriber can sign it now.")
            return redirect("office:orders")
    return render(request, "office/second_order.html", _confirm(row, actor, findings), status=status)


@require_safe
@allow(*CLINICAL, SECOND_SIGNER)
def orders(request: HttpRequest) -> HttpResponse:
    """Drafts that wait for somebody: to be looked at by a second, or to be signed."""
    related = ("patient", "appointment__room", "drafted_by", "second_by", "protocol_version__protocol")
    drafts = PatientOrder.objects.filter(signed_at=None).select_related(*related).order_by("drafted_at")
    note_looks(actor_of(request), Patient.objects.filter(orders__in=drafts))
    page = {"orders": drafts, "may_sign": actor_of(request).has_role(Role.PRESCRIBER)}
    return render(request, "office/orders.html", page)


def _order(order_id: UUID) -> PatientOrder:
    related = (
        "patient__clinic",
        "appointment__room",
        "weight",
        "protocol_version__protocol",
        "drafted_by",
        "second_by",
    )
    return get_object_or_404(PatientOrder.objects.select_related(*related), pk=order_id)


def _judged(row: PatientOrder, actor: Actor) -> tuple[Finding, ...]:
    replaced = planned_before(row.appointment)
    try:
        asked = plan_of(row, link_interval_s=interval_in(row.appointment.room_id, timezone.now()))
        return judge(asked, row.patient, actor, besides=replaced.pk if replaced else None)
    except Refused as refused:
        return refused.findings


def _confirm(row: PatientOrder, actor: Actor, findings: tuple[Finding, ...]) -> dict[str, Any]:
    order = read_order(row.document)
    worked, refused = tried(order, row.weight)
    found = (*refused, *findings)
    unanswered = [each for each in found if each.severity is Severity.SOFT and not row.reasons.get(each.key)]
    return {
        "order": row,
        "patient": row.patient,
        "age_y": age_in_years(row.patient, actor),
        "worked": worked,
        "lines": lines_of(order),
        "checks": [check(each, row.reasons) for each in found],
        "new_items": new_items_of(row.patient),
        "otherwise": otherwise_than_last(pasts_of(row.patient), order),
        "next_version": otherwise_than_signed(row.appointment, order),
        "may_sign": not unanswered and not any(each.severity is Severity.HARD for each in found),
        "needs_second": any(each.code == "needs_second_clinician" for each in found),
        "replaced": planned_before(row.appointment),
        "allergies": allergies_of(row.patient),
        "meaning": MEANING,
    }
