"""Before: what I want in the room, and how I get home. After: notes that only I read, and when to call whom."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.actor import actor_of
from stillroom.journal.checkins import own_patients, reaches
from stillroom.journal.forms import NoteForm, WishesForm
from stillroom.journal.weeks import today_of
from stillroom.outcomes.models import Note
from stillroom.outcomes.reading import wishes_of
from stillroom.outcomes.wishing import keep_wishes, wished, wishes_mark
from stillroom.web.posted import posted


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """What stands now is filled in. Of two phones that have the page open, none undoes what the other wrote."""
    patients = own_patients(request)
    standing, seen = wishes_of(patients[0]), request.POST.get("seen_wishes")
    form = WishesForm(posted(request), patients=patients, initial=wished(standing))
    page = {"form": form, "standing": standing, "clinics": [each.clinic for each in patients], **reaches(patients)}
    page["seen_wishes"] = wishes_mark(patients[0]) if seen is None else seen
    if not form.is_valid():
        return render(request, "journal/prepare.html", page, status=422 if form.errors else 200)
    both = keep_wishes(form.the_patient, form.wishes, by=actor_of(request).by, seen=seen)
    if not both:
        messages.info(request, "Written down. The nurse sees it when your infusion is planned and in the room.")
        return redirect("journal:prepare")
    page |= {"both": both, "seen_wishes": wishes_mark(form.the_patient)}
    return render(request, "journal/prepare.html", page, status=409)


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def after(request: HttpRequest) -> HttpResponse:
    """The days after: what to expect, when to call whom, and a place for notes that no page of the clinic shows."""
    patients = own_patients(request)
    form = NoteForm(posted(request), patients=patients)
    if form.is_valid():
        patient = form.the_patient
        Note.objects.create(
            clinic_id=patient.clinic_id,
            patient=patient,
            by=actor_of(request).by,
            day=today_of(patient, timezone.now()),
            words=form.cleaned_data["words"],
        )
        return redirect("journal:after")
    page = {"form": form, "notes": Note.objects.filter(patient__in=patients), "patients": patients}
    return render(request, "journal/after.html", page | reaches(patients), status=422 if form.errors else 200)
