"""The editors' desk: what readers wrote, where it stands, and answering. Private: editors of the clinic only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.guide.critique.answering import send_answer
from stillroom.guide.critique.desk_form import StepForm
from stillroom.guide.critique.inbox import Kind, Standing, critiques, open_critiques, standing, take_step
from stillroom.guide.models import Critique
from stillroom.guide.shelf import shelf

A_PAGE_OF = 25


@allow(Role.EDITOR)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What is still open, newest first; or all there ever was."""
    shows_all = request.GET.get("which") == "all"
    found = critiques() if shows_all else open_critiques()
    leaf = Paginator(found, A_PAGE_OF).get_page(request.GET.get("leaf"))
    rows = [standing(critique, shelf()) for critique in leaf]
    is_ours = shelf().clinic_id == actor_of(request).the_clinic.pk
    said = {"rows": rows, "leaf": leaf, "shows_all": shows_all, "is_ours": is_ours}
    return render(request, "guide/inbox.html", said)


@allow(Role.EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def critique(request: HttpRequest, critique_id: UUID) -> HttpResponse:
    found = standing(get_object_or_404(critiques(), pk=critique_id), shelf())
    if request.method != "POST":
        return _page(request, found, StepForm(may=found.may))
    form = StepForm(request.POST, may=found.may)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    kind, words = Kind(form.cleaned_data["step"]), form.cleaned_data["words"]
    if kind is Kind.ANSWERED and not (found.writer and send_answer(found.critique, found.writer, words)):
        return _page(request, found, form, fault="not_sent", status=503)
    take_step(found.critique, kind, words, actor_of(request).the_person)
    messages.info(request, "Sent, and written down." if kind is Kind.ANSWERED else "Written down.")
    return redirect("guide:critique", critique_id)


def _page(request: HttpRequest, found: Standing, form: StepForm, *, fault: str = "", status: int = 200) -> HttpResponse:
    steps = found.critique.steps.select_related("by")
    others = Critique.objects.filter(slug=found.critique.slug).exclude(pk=found.critique.pk).count()
    said = {"found": found, "steps": steps, "form": form, "fault": fault, "others": others}
    return render(request, "guide/critique.html", said, status=status)
