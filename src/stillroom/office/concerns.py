"""The list of answers that somebody must look at, and the decision, by name, that takes one off it."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.infusions.erasures import open_erasures
from stillroom.outcomes.listing import LEAVES_IT_OPEN, decide, open_concerns
from stillroom.outcomes.models import Concern, Decision, Reach
from stillroom.patients.access import note_look, note_looks
from stillroom.patients.models import Patient


class DecisionForm(forms.Form):
    what = forms.ChoiceField(label="What was done", choices=Decision.What.choices, widget=forms.RadioSelect)
    words = forms.CharField(label="In words", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))


@allow(*CLINICAL)
@require_safe
def concerns(request: HttpRequest) -> HttpResponse:
    return _page(request)


@allow(*CLINICAL)
@require_POST
def decide_concern(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """A decision stands under the name of who is signed in. A second one by a colleague stands beside it."""
    concern = get_object_or_404(Concern.objects.select_related("patient"), pk=concern_id)
    form = DecisionForm(request.POST, prefix=str(concern_id))
    if not form.is_valid():
        return _page(request, form, status=422)
    actor = actor_of(request)
    note_look(actor, concern.patient_id)
    decided = decide(concern, **form.cleaned_data, person=actor.the_person)
    if decided.what in LEAVES_IT_OPEN:
        messages.info(request, f"{concern.patient} stays on the list: {decided.get_what_display().lower()}.")
    else:
        messages.info(request, f"{concern.patient}: {decided.get_what_display().lower()}. Written under your name.")
    return redirect("office:concerns")


def _page(request: HttpRequest, wrong: DecisionForm | None = None, *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    waiting, erasures = list(open_concerns()), list(open_erasures())
    if seen := {each.patient_id for each in waiting} | {each.patient_id for each in erasures}:
        note_looks(actor, Patient.objects.filter(pk__in=seen))
    page = {
        "rows": [(each, _form(each, wrong)) for each in waiting],
        "erasures": erasures,
        "may_answer": actor.has_role(Role.PRESCRIBER),
        "reach": Reach.objects.filter(clinic=actor.the_clinic).first(),
    }
    return render(request, "office/concerns.html", page, status=status)


def _form(concern: Concern, wrong: DecisionForm | None) -> DecisionForm:
    return wrong if wrong and wrong.prefix == str(concern.pk) else DecisionForm(prefix=str(concern.pk))
