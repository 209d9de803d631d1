"""What patients ask to have erased of staff's words: a prescriber answers, by name and with a reason they will read."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.infusions.erasures import answer, open_erasures, words_asked_for
from stillroom.patients.access import note_look
from stillroom.web.posted import posted


class AnswerForm(forms.Form):
    what = forms.ChoiceField(
        choices=[("erase", "Erase the words for good"), ("keep", "Keep them")], widget=forms.RadioSelect
    )
    because = forms.CharField(max_length=200, widget=forms.Textarea)


@allow(Role.PRESCRIBER)
@require_http_methods(["GET", "POST"])
def answer_erasure(request: HttpRequest, asked_id: UUID) -> HttpResponse:
    """Answered once, and not taken back: what is erased is gone."""
    asked = get_object_or_404(open_erasures(), pk=asked_id)
    actor, form = actor_of(request), AnswerForm(posted(request))
    note_look(actor, asked.patient_id)
    if not form.is_valid():
        page = {"asked": asked, "words": words_asked_for(asked), "form": form}
        return render(request, "office/answer_erasure.html", page, status=422 if form.errors else 200)
    is_erased = form.cleaned_data["what"] == "erase"
    try:
        answer(asked, is_erased=is_erased, because=form.cleaned_data["because"], person=actor.the_person)
    except IntegrityError:
        messages.info(request, "A colleague answered in the same moment. Their answer stands.")
    else:
        messages.info(request, f"{'Erased' if is_erased else 'Kept'}. {asked.patient} reads your reason.")
    return redirect("office:concerns")
