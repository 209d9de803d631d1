"""The administrator's page: who works here, inviting a colleague, ending a role."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role, SecondSigner, Staff
from stillroom.clinics.staffing import employ, end_role, end_second_signer, name_second_signer, send_invitation
from stillroom.office.forms import Colleague, Second


@require_safe
@allow(Role.ADMINISTRATOR, step_up=True)
def staff(request: HttpRequest) -> HttpResponse:
    return _page(request, Colleague())


@require_POST
@allow(Role.ADMINISTRATOR, step_up=True)
def invite(request: HttpRequest) -> HttpResponse:
    form = Colleague(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    clinic = actor_of(request).the_clinic
    employed, is_new = employ(clinic, **form.cleaned_data)
    link = send_invitation(employed.person, clinic, origin=request.build_absolute_uri("/")[:-1]) if is_new else None
    if link:
        return _page(request, Colleague(), link=link)
    messages.info(request, f"{employed} works here from today.")
    return redirect("office:staff")


@require_POST
@allow(Role.ADMINISTRATOR, step_up=True)
def end(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    row = get_object_or_404(Staff.objects.select_related("clinic", "person"), pk=staff_id)
    if end_role(row):
        messages.info(request, f"{row}: ended.")
    else:
        messages.error(request, "Nobody else looks after accounts here. Make somebody else an administrator first.")
    return redirect("office:staff")


@require_POST
@allow(Role.ADMINISTRATOR, step_up=True)
def name_second(request: HttpRequest) -> HttpResponse:
    """Who else signs where two must: how a clinic with one doctor approves its library and checks an order."""
    form, actor = Second(request.POST, auto_id="second_%s"), actor_of(request)
    if not form.is_valid():
        return _page(request, Colleague(), second=form, status=422)
    signer, is_new = name_second_signer(actor.the_clinic, by=actor.the_person, **form.cleaned_data)
    if signer is None:
        form.add_error("email", "That is you. The second is somebody else.")
        return _page(request, Colleague(), second=form, status=422)
    origin = request.build_absolute_uri("/")[:-1]
    link = send_invitation(signer.person, actor.the_clinic, origin=origin) if is_new else None
    if link:
        return _page(request, Colleague(), link=link)
    messages.info(request, f"{signer.person} may sign as the second from now on.")
    return redirect("office:staff")


@require_POST
@allow(Role.ADMINISTRATOR, step_up=True)
def end_second(request: HttpRequest, signer_id: UUID) -> HttpResponse:
    signer = get_object_or_404(SecondSigner.objects.select_related("person"), pk=signer_id, ended_at=None)
    end_second_signer(signer)
    messages.info(request, f"{signer.person} signs no more.")
    return redirect("office:staff")


def _page(
    request: HttpRequest, form: Colleague, *, second: Second | None = None, link: str = "", status: int = 200
) -> HttpResponse:
    today = actor_of(request).the_clinic.today()
    page = {
        "staff": [row for row in Staff.objects.select_related("person") if row.counts_on(today)],
        "signers": SecondSigner.objects.filter(ended_at=None).select_related("person"),
        "form": form,
        "second": second or Second(auto_id="second_%s"),
        "link": link,
    }
    return render(request, "office/staff.html", page, status=status)
