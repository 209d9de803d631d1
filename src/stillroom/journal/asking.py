"""Asking that words of the clinic's staff be erased: it goes on the clinic's list, and a named person answers."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.actor import actor_of
from stillroom.infusions.models import ErasureAsked, Infusion
from stillroom.journal.checkins import own_patients
from stillroom.journal.erasing import words_of_staff
from stillroom.journal.forms import AskForm
from stillroom.web.posted import posted


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def ask_erasure(request: HttpRequest) -> HttpResponse:
    """`?words=` names them, as the page of erasing does. Asked once for the same words, and then answered."""
    own_patients(request)
    chosen = words_of_staff().get(request.GET.get("words", ""))
    if chosen is None:
        raise Http404("no such words about you")
    form = AskForm(posted(request))
    if not form.is_valid():
        page = {"chosen": chosen, "form": form}
        return render(request, "journal/ask_erasure.html", page, status=422 if form.errors else 200)
    _, infusion_id, seq, field = chosen.key.split()
    infusion = Infusion.objects.get(pk=UUID(infusion_id))
    # Sent twice in one moment, it is asked once.
    ErasureAsked.objects.get_or_create(
        infusion=infusion,
        seq=int(seq),
        field=field,
        defaults={
            "clinic_id": infusion.clinic_id,
            "patient_id": infusion.patient_id,
            "because": form.cleaned_data["because"],
            "by": actor_of(request).by,
        },
    )
    messages.info(request, "Asked. The answer will stand here, with a name and a reason.")
    return redirect("journal:erase")
