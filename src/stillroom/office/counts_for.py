"""For how long a weight and what was asked against ketamine count, and when who went home is called: the clinic's own
facts, the administrator's page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic, Person, Role
from stillroom.core.drip.quantities import whole
from stillroom.web.fields import WholeField
from stillroom.web.posted import posted

OWN = "own decision: a weight is at most a month old, what was asked at most a year, a call at most three days later"


class CountsFor(forms.Form):
    weight_good_for_days = WholeField(
        whole("weight_good_for_days", "days", 1, 31, OWN),
        label="A weight is good enough to order by for",
        help_text="An older one asks the prescriber for a reason, at the order and before the start. 1 to 31.",
    )
    screening_good_for_days = WholeField(
        whole("screening_good_for_days", "days", 1, 366, OWN),
        label="What was asked against ketamine counts for",
        help_text="What was asked longer ago is to be asked again. 1 to 366.",
    )
    called_after_h = WholeField(
        whole("called_after_h", "hours", 0, 72, OWN),
        label="Who went home is called after",
        help_text="They stand on Today from then on. 24: as long as leaflets about ketamine ask people not to drive. "
        "0: nobody is called. 0 to 72.",
    )


@dataclass(frozen=True, slots=True)
class Stood:
    """What counted from a moment on, and who made it so. `by` empty: it came with the clinic."""

    since: datetime
    weight_good_for_days: int
    screening_good_for_days: int
    called_after_h: int
    by: str


@require_http_methods(["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def counts_for(request: HttpRequest) -> HttpResponse:
    clinic = actor_of(request).the_clinic
    form = CountsFor(posted(request), initial={name: getattr(clinic, name) for name in CountsFor.base_fields})
    if form.is_valid():
        _keep(clinic, form.cleaned_data)
        messages.info(request, "It counts from now on, also for what is already signed and not started.")
        return redirect("office:counts_for")
    page = {"form": form, "stood": list(reversed(list(_stood(clinic))))}
    return render(request, "office/counts_for.html", page, status=422 if form.errors else 200)


def _keep(clinic: Clinic, days: dict[str, int]) -> None:
    """Whose history says who changed them."""
    if any(getattr(clinic, name) != said for name, said in days.items()):
        Clinic.objects.filter(pk=clinic.pk).update(**days)


def _stood(clinic: Clinic) -> Iterator[Stood]:
    """The clinic's history, oldest first: only where one of them became another."""
    before, kept = None, apps.get_model("clinics", "ClinicHistory")
    states: Any = kept._default_manager  # the table that keep_history makes
    for state in states.filter(pgh_obj=clinic).order_by("pgh_id"):
        days = (state.weight_good_for_days, state.screening_good_for_days, state.called_after_h)
        if days != before:
            yield Stood(state.pgh_created_at, *days, by=_named(state.changed_by))
        before = days


def _named(changed_by: str) -> str:
    kind, _, key = changed_by.partition(":")
    person = Person.objects.filter(pk=key).first() if kind == "person" else None
    return str(person or "")
