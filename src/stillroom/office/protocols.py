"""The clinic's protocols: written as a form, judged as they are written, signed, then frozen; the next says why."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import Actor, actor_of
from stillroom.clinics.models import Role
from stillroom.core.errors import Finding, Refused
from stillroom.core.order import Order
from stillroom.core.safety import judge_protocol
from stillroom.core.safety.glances import judge_glances
from stillroom.core.safety.link_delay import judge_delays
from stillroom.core.safety.whole import judge_range
from stillroom.devices.assignments import fastest_interval
from stillroom.infusions.known import DRUG
from stillroom.office.order_form import OrderForm, doors_of, values_of
from stillroom.office.order_words import in_words, lines_of
from stillroom.protocols.document import read_order
from stillroom.protocols.library import limits_in_force, vials_in_force
from stillroom.protocols.models import Protocol, ProtocolVersion
from stillroom.protocols.signing import MEANING, changes_of, draft, sign
from stillroom.protocols.starting import template_order
from stillroom.web.posted import LOOK, posted

form_page = require_http_methods(["GET", "POST"])


class Named(forms.Form):
    name = forms.CharField(label="What the clinic calls it", max_length=120, help_text="Such as “Usual infusion”.")


class Why(forms.Form):
    why = forms.CharField(
        label="Why it differs from the version before", max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )


@require_safe
@allow(*CLINICAL)
def protocols(request: HttpRequest) -> HttpResponse:
    found = Protocol.objects.filter(retired_at=None).prefetch_related("versions__signed_by")
    page = {"protocols": found, "may_write": actor_of(request).has_role(Role.PRESCRIBER)}
    return render(request, "office/protocols.html", page | {"has_library": bool(_vials())})


@form_page
@allow(Role.PRESCRIBER)
def new_protocol(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if not _vials():
        return redirect("office:protocols")
    named = Named(posted(request))
    form = _order_form(request, actor, template_order(doors_of(actor.the_clinic)))
    if form.is_bound and request.headers.get(LOOK):
        return _looked(request, form)
    if named.is_valid() and form.is_valid():
        if not Protocol.objects.filter(name=named.cleaned_data["name"]).exists():
            protocol = Protocol.objects.create(clinic=actor.the_clinic, name=named.cleaned_data["name"])
            version = draft(protocol, form.order, actor)
            return redirect("office:sign_protocol", version.pk)
        named.add_error("name", "There is a protocol of this name already: write its next version.")
    return _written(request, form, {"named": named})


@form_page
@allow(Role.PRESCRIBER)
def next_version(request: HttpRequest, protocol_id: UUID) -> HttpResponse:
    """It begins as the newest one, and says why it differs."""
    actor = actor_of(request)
    protocol = get_object_or_404(Protocol, pk=protocol_id)
    newest = protocol.versions.order_by("-number")[0]
    why = Why(posted(request))
    form = _order_form(request, actor, read_order(newest.document))
    if form.is_bound and request.headers.get(LOOK):
        return _looked(request, form)
    if why.is_valid() and form.is_valid():
        version = draft(protocol, form.order, actor, why=why.cleaned_data["why"])
        return redirect("office:sign_protocol", version.pk)
    return _written(request, form, {"why": why, "protocol": protocol, "newest": newest})


@require_safe
@allow(*CLINICAL)
def protocol(request: HttpRequest, protocol_id: UUID) -> HttpResponse:
    """Every version with what it changed and why, the newest in full."""
    found = get_object_or_404(Protocol, pk=protocol_id)
    versions = list(found.versions.select_related("signed_by", "drafted_by").order_by("-number"))
    page = {
        "protocol": found,
        "versions": [{"version": each, "changes": in_words(changes_of(each))} for each in versions],
        "lines": lines_of(read_order(versions[0].document)) if versions else [],
        "may_write": actor_of(request).has_role(Role.PRESCRIBER),
    }
    return render(request, "office/protocol.html", page)


@form_page
@allow(Role.PRESCRIBER, step_up=True)
def sign_protocol(request: HttpRequest, protocol_version_id: UUID) -> HttpResponse:
    """All of it is shown, and its digest comes back with the signature: nothing else is signed."""
    version = get_object_or_404(ProtocolVersion.objects.select_related("protocol"), pk=protocol_version_id)
    order = read_order(version.document)
    findings = judged(order)
    if request.method == "POST":
        try:
            must_be_answerable(order)
            sign(version, actor_of(request), seen_digest=request.POST.get("seen_digest", ""))
        except Refused as refused:
            findings = refused.findings
        else:
            messages.info(request, f"{version} is signed and does not change any more.")
            return redirect("office:protocol", version.protocol_id)
    page = {
        "version": version,
        "lines": lines_of(order),
        "changes": in_words(changes_of(version)),
        "findings": findings,
        "meaning": MEANING,
    }
    return render(request, "office/sign_protocol.html", page, status=409 if request.method == "POST" else 200)


def judged(order: Order) -> tuple[Finding, ...]:
    """What the library in force says of an order that is nobody's yet."""
    try:
        limits = limits_in_force(drug=DRUG, vial_mg_per_ml=order.bag.vial_mg_per_ml, at=timezone.now())
    except Refused as refused:
        return refused.findings
    delays = judge_delays(order.alarms, interval_s=fastest_interval(timezone.now()))
    return (*delays, *judge_protocol(order, limits=limits), *judge_range(order))


def must_be_answerable(order: Order) -> None:
    """Refused where no monitor of the clinic sends as often as the order wants to call, or a level is never seen."""
    found = (*judge_delays(order.alarms, interval_s=fastest_interval(timezone.now())), *judge_glances(order))
    if found:
        raise Refused(found)


def _vials() -> list[object]:
    return list(vials_in_force(drug=DRUG, at=timezone.now()))


def _order_form(request: HttpRequest, actor: Actor, begins_as: Order) -> OrderForm:
    vials = vials_in_force(drug=DRUG, at=timezone.now())
    return OrderForm(posted(request), clinic=actor.the_clinic, vials=vials, initial=values_of(begins_as))


def _looked(request: HttpRequest, form: OrderForm) -> HttpResponse:
    findings = judged(form.order) if form.is_valid() else ()
    return render(request, "office/_protocol_checks.html", {"form": form, "findings": findings})


def _written(request: HttpRequest, form: OrderForm, page: dict[str, object]) -> HttpResponse:
    findings = judged(form.order) if form.is_bound and form.is_valid() else ()
    status = 422 if form.is_bound else 200
    return render(request, "office/write_protocol.html", page | {"form": form, "findings": findings}, status=status)
