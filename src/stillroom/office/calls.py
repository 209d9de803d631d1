"""The call after somebody went home: one form for it, and what was done about a worry that it raised."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from stillroom.aftercare.models import QUESTIONS, Call
from stillroom.aftercare.reading import who_is_here
from stillroom.aftercare.writing import settle_worry, write_call
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic, Staff
from stillroom.core.infusion.state import Status
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import state_of
from stillroom.patients.access import note_look
from stillroom.patients.models import Answer
from stillroom.web.posted import posted

REACHED = (("yes", "Reached"), ("no", "Not reached, try again"))


class CallForm(forms.Form):
    """Nothing is answered beforehand: what was not asked stays so."""

    act_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    reached = forms.ChoiceField(choices=REACHED, widget=forms.RadioSelect)
    words = forms.CharField(max_length=2000, required=False)
    bladder = forms.ChoiceField(choices=Answer.choices, initial=Answer.NOT_ASKED, widget=forms.RadioSelect)
    mood = forms.ChoiceField(choices=Answer.choices, initial=Answer.NOT_ASKED, widget=forms.RadioSelect)
    craving = forms.ChoiceField(choices=Answer.choices, initial=Answer.NOT_ASKED, widget=forms.RadioSelect)
    worry = forms.CharField(max_length=2000, required=False)
    worry_for = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, clinic: Clinic, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = _treating(clinic)
        self.fields["worry_for"] = forms.ChoiceField(choices=[("", "Nobody"), *named], required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if bool(typed.get("worry")) != bool(typed.get("worry_for")) and "worry_for" not in self.errors:
            name = "worry" if typed.get("worry_for") else "worry_for"
            self.add_error(name, "A worry goes to somebody: write what it is, and for whom.")
        asked = any(typed.get(each) != Answer.NOT_ASKED for each in QUESTIONS)
        if any(typed.get(each) == Answer.YES for each in QUESTIONS) and not typed.get("worry"):
            self.add_error("worry", "One of the three is a yes: write what somebody is to know of it, and for whom.")
        if typed.get("reached") == "no" and (asked or typed.get("worry")):
            self.add_error("reached", "There are answers below: nobody gives them who was not reached.")
        return typed

    @property
    def said(self) -> dict[str, Any]:
        """As a call is kept; the words of one that reached nobody say what was tried."""
        typed = self.cleaned_data
        said = {name: typed[name] for name in ("words", "worry", *QUESTIONS)}
        return {**said, "reached": typed["reached"] == "yes", "worry_for_id": typed["worry_for"] or None}


class WorryForm(forms.Form):
    words = forms.CharField(max_length=2000)


@allow(*CLINICAL)
@require_http_methods(["GET", "POST"])
def call(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """Recorded under the name of who is signed in. Of somebody who did not go home there is nothing to record."""
    actor = actor_of(request)
    gone = Infusion.objects.filter(status=Status.GONE_HOME).select_related("patient", "room")
    infusion = get_object_or_404(gone, pk=infusion_id)
    note_look(actor, infusion.patient_id)
    form = CallForm(posted(request), clinic=actor.the_clinic)
    if form.is_bound and form.is_valid():
        made = write_call(actor, infusion, act_id=form.cleaned_data["act_id"], said=form.said)
        done = "was called" if made.reached else "stays on the list: not reached"
        messages.info(request, f"{infusion.patient} {done}. Written under your name.")
        return redirect("office:today")
    state = state_of(infusion.pk)
    page = {
        "form": form,
        "infusion": infusion,
        "patient": infusion.patient,
        "left_at": state.gone_at,
        "went_home": state.went_home,
        "is_here": bool(who_is_here(actor.the_clinic, [infusion.patient_id], now=timezone.now())),
        "tried": infusion.calls_after.select_related("called_by"),
    }
    return render(request, "office/call.html", page, status=422 if form.errors else 200)


@allow(*CLINICAL)
@require_POST
def settle_call(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """What was done about its worry, by whoever is signed in."""
    actor = actor_of(request)
    found = get_object_or_404(Call.objects.exclude(worry="").select_related("patient"), pk=call_id)
    note_look(actor, found.patient_id)
    form = WorryForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Nothing was written: say in words what was done.")
        return redirect("office:today")
    settled = settle_worry(actor, found, words=form.cleaned_data["words"])
    messages.info(request, f"{found.patient}: written, {settled.settled_by}.")
    return redirect("office:today")


def _treating(clinic: Clinic) -> list[tuple[str, str]]:
    """Everybody who treats here today, each once."""
    today = clinic.today()
    members = Staff.objects.filter(role__in=CLINICAL).order_by("short_name")
    named = ((str(each.person_id), each.short_name) for each in members if each.counts_on(today))
    return list(dict.fromkeys(named))
