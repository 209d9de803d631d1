"""Where editors write: the list of pages, a page with its preview, and every version there ever was."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.guide import writing
from stillroom.guide.markdown import html_of, plain_text
from stillroom.guide.models import PageVersion
from stillroom.guide.page_form import NewPageForm, PageForm, begun
from stillroom.guide.pagefile import Page
from stillroom.guide.reading_age import READING_AGE_MOST_Y, reading_age_y
from stillroom.guide.shelf import shelf


@allow(Role.EDITOR)
@require_safe
def pages(request: HttpRequest) -> HttpResponse:
    is_ours = shelf().clinic_id == actor_of(request).the_clinic.pk
    return render(request, "guide/pages.html", {"pages": writing.every_page(), "is_ours": is_ours})


@allow(Role.EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def new_page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, NewPageForm(initial=begun(None, 0)))
    form = NewPageForm(request.POST)
    if not form.is_valid():
        return _form(request, form, status=422)
    return _written(request, form, form.cleaned_data["language"], form.cleaned_data["slug"])


@allow(Role.EDITOR)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    page, number = writing.newest(language, slug)
    if page is None:
        raise Http404("there is no such page")
    if request.method != "POST":
        return _form(request, PageForm(initial=begun(page, number)), place=(language, slug))
    form = PageForm(request.POST)
    if not form.is_valid():
        return _form(request, form, place=(language, slug), status=422)
    return _written(request, form, language, slug)


@allow(Role.EDITOR)
@require_safe
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """One version for good: who, when, what changed, and the text beside the one before it."""
    found = get_object_or_404(PageVersion.objects.select_related("written_by"), pk=version_id)
    before = PageVersion.objects.filter(language=found.language, slug=found.slug, number=found.number - 1).first()
    packaged = writing.packaged(found.language, found.slug)
    earlier = before.text if before else packaged.text if packaged else ""
    said = {
        "version": found,
        "lines": list(writing.difference(earlier, found.text)),
        "is_shown": writing.shown_version_id(found.language, found.slug) == found.pk,
        "publications": found.publications.select_related("by"),
        **_preview(found.page),
    }
    return render(request, "guide/version.html", said)


@allow(Role.EDITOR)
@require_POST
def publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    found = get_object_or_404(PageVersion, pk=version_id)
    writing.publish(found, actor_of(request))
    messages.info(request, f"Everybody reads version {found.number} from now on.")
    return redirect("guide:version", version_id)


@allow(Role.EDITOR)
@require_POST
def take_down(request: HttpRequest, version_id: UUID) -> HttpResponse:
    found = get_object_or_404(PageVersion, pk=version_id)
    writing.take_down(found, actor_of(request))
    messages.info(request, "Taken down. Versions are kept, and can be published again.")
    return redirect("guide:version", version_id)


def _written(request: HttpRequest, form: PageForm, language: str, slug: str) -> HttpResponse:
    """Looked at, kept, or kept and published: as the button said. Looking keeps nothing."""
    actor, said = actor_of(request), form.cleaned_data
    page = form.page(language=language, slug=slug, today=actor.the_clinic.today())
    place = None if isinstance(form, NewPageForm) else (language, slug)
    if request.POST.get("do") not in ("keep", "publish"):
        return _form(request, form, place=place, preview=page)
    try:
        after, what = said["after_number"], said["what_changed"]
        kept = writing.keep(page, after_number=after, what_changed=what, actor=actor)
    except writing.WrittenMeanwhile:
        return _form(request, form, place=place, fault="written_meanwhile", status=409)
    if request.POST["do"] == "publish":
        writing.publish(kept, actor)
        messages.info(request, f"Everybody reads version {kept.number} from now on.")
    else:
        messages.info(request, f"Kept as version {kept.number}. Nobody else sees it until it is published.")
    return redirect("guide:version", kept.pk)


def _form(
    request: HttpRequest,
    form: PageForm,
    *,
    place: tuple[str, str] | None = None,
    preview: Page | None = None,
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    said: dict[str, Any] = {"form": form, "place": place, "fault": fault}
    if place:
        said |= {"versions": writing.versions_of(*place), "shown_id": writing.shown_version_id(*place)}
    if preview:
        said |= _preview(preview)
    return render(request, "guide/write.html", said, status=status)


def _preview(page: Page) -> dict[str, Any]:
    with translation.override(page.language):
        body = html_of(page.body)
    age = reading_age_y(f"{page.title}.\n{page.lead}\n{plain_text(page.body)}") if page.language == "en" else None
    return {"page": page, "body": body, "reading_age_y": age, "reading_age_most_y": READING_AGE_MOST_Y}
