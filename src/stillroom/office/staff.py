"""The administrator's page: who works here, inviting a colleague, ending a role."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role, Staff
from stillroom.clinics.staffing import employ, end_role, send_invitation
from stillroom.office.forms import Colleague


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


def _page(request: HttpRequest, form: Colleague, *, link: str = "", status: int = 200) -> HttpResponse:
    today = actor_of(request).the_clinic.today()
    rows = [row for row in Staff.objects.select_related("person") if row.counts_on(today)]
    return render(request, "office/staff.html", {"staff": rows, "form": form, "link": link}, status=status)
