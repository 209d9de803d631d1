"""Records from elsewhere: sent by a link without an account, kept as they came, read and taken in item by item.

Nothing that was sent is ever shown inside a page: a file is handed out as one to keep, and no browser runs it.
"""

from __future__ import annotations

import re
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import CLINICAL, allow, public
from stillroom.clinics.actor import Actor, actor_of
from stillroom.clinics.models import Role
from stillroom.clinics.rows import open_link
from stillroom.core.errors import Finding, Refused
from stillroom.intake.forms import AskForRecords, ReadSent, SendRecords
from stillroom.intake.links import standing_link
from stillroom.intake.models import Link, Sent, SentFile, SentItem
from stillroom.intake.receiving import MOST_BYTES, MOST_FILES, Said, content_of, is_too_large, is_used, receive
from stillroom.intake.records import alike, coming_records, make_records_link, may_be_about, read, unread
from stillroom.patients.access import note_looks, patients_for
from stillroom.patients.admitting import found as named_like
from stillroom.patients.models import Patient
from stillroom.web.by_link import Tries, address_of, for_no_searcher
from stillroom.web.posted import posted
from stillroom.web.public import lasting_address

TRIES = Tries("records")
READ = "Read, under your name."
OVERTAKEN = "A colleague was quicker with some of it. Nothing of yours was kept: look again."
ASKS = (*CLINICAL, Role.FRONT_DESK)


@csrf_exempt  # the link is the proof and no cookie is
@public
@require_http_methods(["GET", "POST"])
@for_no_searcher
def send(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever holds the link, once: what they send is kept whole, and nothing of anybody is shown."""
    if TRIES.are_too_many(address_of(request)):
        return render(request, "intake/own/too_often.html", status=429)
    link_id = standing_link(token, Link.Kind.RECORDS)
    if link_id is None:
        TRIES.count(address_of(request))
        return render(request, "intake/own/none.html", status=404)
    open_link(link_id)
    link = Link.objects.select_related("clinic").get(pk=link_id)
    if is_used(link):
        return render(request, "intake/send_done.html", {"clinic": link.clinic})
    form = SendRecords(posted(request))
    files = request.FILES.getlist("files")
    too_large = is_too_large(files)
    if form.is_valid() and not too_large and (files or form.cleaned_data["words"]):
        receive(link, Said(**{name: form.cleaned_data[name] for name in Said.__dataclass_fields__}), files)
        return redirect("intake:send", token)
    is_empty = form.is_bound and not form.errors and not files
    status = 413 if too_large else 422 if form.is_bound else 200
    return _send_page(request, link, form, is_too_large=too_large, is_empty=is_empty, status=status)


@require_safe
@allow(*ASKS)
def sent(request: HttpRequest) -> HttpResponse:
    """What nobody has read yet; first of all for those who come today or tomorrow."""
    actor = actor_of(request)
    rows = list(unread())
    coming = coming_records(patients_for(actor), today=actor.the_clinic.today())
    note_looks(actor, Patient.objects.filter(pk__in=[each.patient.pk for each in coming]))
    done = Sent.objects.exclude(review=None).select_related("review__reviewed_by")[:50]
    page = {"rows": rows, "coming": coming, "done": done, "may_read": actor.has_role(*CLINICAL)}
    return render(request, "intake/sent.html", page)


@require_http_methods(["GET", "POST"])
@allow(*ASKS)
def ask_for_records(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    form, href = AskForRecords(posted(request)), ""
    if form.is_valid():
        token = make_records_link(actor, **form.cleaned_data)
        href = lasting_address(request, reverse("intake:send", args=[token]))
        form = AskForRecords()
    links = Link.objects.filter(kind=Link.Kind.RECORDS).select_related("made_by", "sent")
    page = {"form": form, "href": href, "links": links}
    return render(request, "intake/ask_for_records.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(*CLINICAL)
def read_sent(request: HttpRequest, sent_id: UUID) -> HttpResponse:
    """What came, from whom, when, and what was understood of it. Nothing is in the record until it is taken in."""
    actor = actor_of(request)
    row = get_object_or_404(Sent.objects.select_related("link__patient", "review__reviewed_by"), pk=sent_id)
    patients = _whose(actor, row)
    looked_for = request.POST.get("looked_for", "").strip() if "look" in request.POST else ""
    if looked_for and not hasattr(row, "review"):
        patients = list(dict.fromkeys([*patients, *named_like(looked_for, patients_for(actor), born=None)]))
    note_looks(actor, Patient.objects.filter(pk__in=[each.pk for each in patients]))
    found = list(_items(row))
    items = [item for item in found if not item.file.is_about_another and not hasattr(item, "review")]
    may_be = patients_for(actor).filter(pk=row.review.patient_id) if hasattr(row, "review") else patients_for(actor)
    form = ReadSent(None if looked_for else posted(request), patients=may_be, items=items)
    findings: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            was_first = read(actor, row, form.cleaned_data["patient"], form.decided)
        except Refused as refused:
            findings = refused.findings
        else:
            messages.info(request, READ if was_first else OVERTAKEN)
            return redirect("intake:read_sent", row.pk)
    page = {"row": row, "form": form, "patients": patients, "files": row.files.select_related("within")}
    page |= {"findings": findings, "alike": alike(row), "looked_for": looked_for}
    page["is_known"] = hasattr(row, "review") or bool(row.link and row.link.patient_id)
    page["decided"] = [item for item in found if hasattr(item, "review")]
    page["of_another"] = [item for item in found if item.file.is_about_another]
    return render(request, "intake/read_sent.html", page, status=422 if form.errors or findings else 200)


@require_safe
@allow(*CLINICAL)
def sent_file(request: HttpRequest, file_id: UUID) -> StreamingHttpResponse:
    """To keep, never to open here: no browser takes it for a page of ours."""
    file = get_object_or_404(SentFile.objects.select_related("sent__link"), pk=file_id)
    patients = _whose(actor_of(request), file.sent)
    note_looks(actor_of(request), Patient.objects.filter(pk__in=[each.pk for each in patients]))
    answer = StreamingHttpResponse(content_of(file), content_type="application/octet-stream")
    answer.headers["Content-Length"] = str(file.size_bytes)
    safe = re.sub(r"[^A-Za-z0-9._-]", "_", file.name)
    answer.headers["Content-Disposition"] = f'attachment; filename="{safe}"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def _whose(actor: Actor, row: Sent) -> list[Patient]:
    """Whose it was said to be by a clinician; else who may be meant."""
    if hasattr(row, "review"):
        return list(patients_for(actor).filter(pk=row.review.patient_id))
    return [each for each in patients_for(actor) if may_be_about(row, each)]


def _items(row: Sent) -> QuerySet[SentItem]:
    return (
        SentItem.objects.filter(file__sent=row)
        .select_related("review__reviewed_by", "file__sent", "document")
        .order_by("file__name", "place")
    )


def _send_page(
    request: HttpRequest, link: Link, form: SendRecords, *, status: int, is_too_large: bool, is_empty: bool = False
) -> HttpResponse:
    page = {"form": form, "clinic": link.clinic, "is_too_large": is_too_large, "is_empty": is_empty}
    page |= {"until": link.expires_at, "most_mb": MOST_BYTES // 1024**2, "most_files": MOST_FILES}
    return render(request, "intake/send.html", page, status=status)
