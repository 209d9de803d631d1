"""What patients are told of who reads check-ins and when, and whom to call now: the administrator's page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.core.drip.quantities import whole
from stillroom.outcomes.models import Reach
from stillroom.web.fields import WholeField
from stillroom.web.posted import posted

DIALLED = r"[0-9+() -]{2,40}"


OWN = "own decision: the scale of the answer, two months, and the highest total of an instrument"


class ReachForm(forms.ModelForm):  # type: ignore[type-arg]  # cannot be subscripted when it runs
    call_now = forms.RegexField(
        DIALLED,
        label="Whom to call now",
        help_text="A number that is answered at all hours, such as 988 or 112. Call it yourself before you save it.",
        error_messages={"invalid": "Write the number as it is dialled: figures, spaces and a plus."},
    )
    call_clinic = forms.RegexField(
        DIALLED,
        label="The clinic's telephone for patients",
        required=False,
        error_messages={"invalid": "Write the number as it is dialled: figures, spaces and a plus."},
    )
    very_low_from = WholeField(
        whole("very_low_from", "", 1, 10, OWN),
        label="From which answer a day goes to the list",
        help_text="Of 10, to “How low have you felt?”. The ninth question of the PHQ-9 goes there from 1 on, always.",
    )
    silent_after_days = WholeField(
        whole("silent_after_days", "", 2, 60, OWN), label="Days without an answer that count as silence"
    )
    least_baseline = WholeField(
        whole("least_baseline", "", 1, 60, OWN),
        label="Lowest first score that can count as a response",
        help_text="Who began below it is in no share: half of a low score says little.",
    )

    class Meta:
        model = Reach
        fields = [
            "read_by",
            "read_when",
            "call_now",
            "call_now_is",
            "call_clinic",
            "very_low_from",
            "silent_after_days",
            "least_baseline",
        ]
        labels = {
            "read_by": "Who looks at check-ins",
            "read_when": "When",
            "call_now_is": "What that number is",
        }
        help_texts = {
            "read_by": "As patients read it: “The nurses”.",
            "read_when": "As patients read it: “Monday to Friday, 9 to 5”. Promise no more than you keep.",
            "call_now_is": "Such as “the suicide and crisis lifeline”.",
        }


@allow(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def reach(request: HttpRequest) -> HttpResponse:
    clinic = actor_of(request).the_clinic
    standing = Reach.objects.filter(clinic=clinic).first()
    form = ReachForm(posted(request), instance=standing or Reach(clinic=clinic))
    if form.is_valid():
        form.save()
        messages.info(request, "Patients read it so from now on.")
        return redirect("office:reach")
    return render(request, "office/reach.html", {"form": form}, status=422 if form.errors else 200)
