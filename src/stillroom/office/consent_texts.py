"""What patients sign: its versions, writing the next one, and approving it. The author is never who approves."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import SECOND_SIGNER, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.core.errors import Refused
from stillroom.office.consent_forms import WriteText
from stillroom.patients.consents import approve_text, blocks, template_words, texts_in_force, write_text
from stillroom.patients.models import ConsentText
from stillroom.web.posted import posted

AUTHORS = (Role.PRESCRIBER, Role.ADMINISTRATOR)
READERS = (*AUTHORS, SECOND_SIGNER)


@require_safe
@allow(*READERS)
def consents(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    in_force = texts_in_force(actor.the_clinic.pk)
    texts = list(ConsentText.objects.select_related("written_by", "approved_by"))
    page = {
        "texts": texts,
        "in_force": {each.pk for each in in_force.values()},
        "may_write": actor.has_role(*AUTHORS),
    }
    return render(request, "office/consents.html", page)


@require_http_methods(["GET", "POST"])
@allow(*AUTHORS)
def write_consent(request: HttpRequest) -> HttpResponse:
    """Beginning with the text in force, or with the one that comes with Stillroom."""
    actor = actor_of(request)
    in_force = texts_in_force(actor.the_clinic.pk)
    before = in_force.get(request.GET.get("language", "en"))
    begins = {"language": before.language, "words": before.words} if before else {"words": template_words()}
    form = WriteText(posted(request), initial=begins)
    if form.is_valid():
        text = write_text(actor, form.cleaned_data["words"], language=form.cleaned_data["language"])
        messages.info(request, "Kept. Patients sign it once somebody else has read and approved it.")
        return redirect("office:consent_text", text.pk)
    page = {"form": form, "is_template": before is None}
    return render(request, "office/write_consent.html", page, status=422 if form.errors else 200)


@require_safe
@allow(*READERS)
def consent_text(request: HttpRequest, text_id: UUID) -> HttpResponse:
    """One version, as patients read it."""
    return _page(request, get_object_or_404(ConsentText, pk=text_id))


@require_POST
@allow(*READERS, step_up=True)
def approve_consent(request: HttpRequest, text_id: UUID) -> HttpResponse:
    text = get_object_or_404(ConsentText.objects.select_for_update(), pk=text_id)
    try:
        approve_text(text, actor_of(request))
    except Refused as refused:
        return _page(request, text, findings=refused.findings, status=409)
    messages.info(request, "In force. Whoever signed an earlier text is asked again.")
    return redirect("office:consents")


def _page(request: HttpRequest, text: ConsentText, *, findings: object = (), status: int = 200) -> HttpResponse:
    may_approve = text.approved_at is None and text.written_by_id != actor_of(request).the_person.pk
    page = {"text": text, "parts": blocks(text.words), "findings": findings, "may_approve": may_approve}
    return render(request, "office/consent_text.html", page, status=status)
