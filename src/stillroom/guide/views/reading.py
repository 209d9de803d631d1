"""The guide as anybody reads it, and what they say of it. No cookie, no account; the same bytes for everyone.

These views stand outside the request's transaction: reading asks the database for nothing that is not remembered, and
a critique opens the one clinic that it is for. Nothing here acts in anybody's name, so no token guards the form against
other sites; the signed time in it stands in its place.
"""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import public
from stillroom.guide.contents import SLUG as CONTENTS
from stillroom.guide.critique import spam
from stillroom.guide.critique.form import CritiqueForm
from stillroom.guide.critique.taking_in import take_in
from stillroom.guide.markdown import html_of
from stillroom.guide.pagefile import Page
from stillroom.guide.shelf import Shown, shelf
from stillroom.web.languages import LANGUAGE
from stillroom.web.public import lasting_address, same_for_all

STAMP_STANDS_HERE = "0:the-signed-time-stands-here"
BLANK = {"name": "", "username": "", "email": "", "comments": ""}


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.non_atomic_requests
def contents(request: HttpRequest, language: str = LANGUAGE) -> HttpResponse:
    return _shown(request, shelf().at(language, CONTENTS), language)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.non_atomic_requests
def page(request: HttpRequest, slug: str, language: str = LANGUAGE) -> HttpResponse:
    return _shown(request, shelf().shown.get((language, slug)), language)


@public
@require_safe
@transaction.non_atomic_requests
def thanks(request: HttpRequest, language: str = LANGUAGE) -> HttpResponse:
    if language not in shelf().languages():
        raise Http404("there is no guide in this language")
    with translation.override(language):
        return render(request, "guide/thanks.html", {"language": language, "contents": contents_address(language)})


def page_address(page: Page) -> str:
    if page.slug == CONTENTS:
        return contents_address(page.language)
    if page.language == LANGUAGE:
        return reverse("guide:page", args=[page.slug])
    return reverse("guide:page_in", args=[page.language, page.slug])


def contents_address(language: str) -> str:
    return reverse("guide:contents") if language == LANGUAGE else reverse("guide:contents_in", args=[language])


def _shown(request: HttpRequest, shown: Shown | None, language: str) -> HttpResponse:
    if shown is None:
        raise Http404("there is no such page")
    with translation.override(language):
        return _critique(request, shown) if request.method == "POST" else _read(request, shown)


@same_for_all
def _read(request: HttpRequest, shown: Shown) -> HttpResponse:
    """Drawn once; only the signed time differs from one reader to the next, so it counts for nothing in the ETag.

    The day counts: a page that is asked for again each day never holds a time that is too old.
    """
    page = shown.page
    key = (lasting_address(request), page.language, page.slug)
    drawn = shelf().drawn
    if key not in drawn:
        drawn[key] = _page(request, shown, stamp=STAMP_STANDS_HERE).content
    response = HttpResponse(drawn[key].replace(STAMP_STANDS_HERE.encode(), spam.stamp().encode()))
    response.headers["ETag"] = _etag(drawn[key], timezone.now().date())
    return response


@lru_cache(maxsize=256)
def _etag(html: bytes, day: date) -> str:
    return f'W/"{hashlib.sha256(html + day.isoformat().encode()).hexdigest()[:32]}"'


def _critique(request: HttpRequest, shown: Shown) -> HttpResponse:
    clinic_id = shelf().clinic_id
    if clinic_id is None:
        raise Http404("nobody is here to read a critique")
    try:
        form = CritiqueForm(request.POST)
    except RequestDataTooBig:
        return _page(request, shown, fault="too_big", status=413)
    if not form.is_valid():
        return _page(request, shown, form, status=422)
    if spam.came_too_often(request):
        return _page(request, shown, form, fault="too_often", status=429)
    take_in(clinic_id, shown, form.cleaned_data)
    language = shown.page.language
    return redirect("guide:thanks") if language == LANGUAGE else redirect("guide:thanks_in", language)


def _page(
    request: HttpRequest,
    shown: Shown,
    form: CritiqueForm | None = None,
    *,
    stamp: str = "",
    fault: str = "",
    status: int = 200,
) -> HttpResponse:
    said = {
        "page": shown.page,
        "language": shown.page.language,
        "here": page_address(shown.page),
        "contents": contents_address(shown.page.language),
        "others": _other_languages(request, shown.page),
        **_what_is_read(shown.page),
        "form": form,
        "typed": form.typed if form else BLANK,
        "stamp": stamp or (form.next_stamp if form else spam.stamp()),
        "fault": fault,
        "takes_critiques": shelf().clinic_id is not None,
        "critique_address": settings.CRITIQUE_ADDRESS,
        "kept_days": settings.CRITIQUE_NAMES_KEPT_DAYS,
        "wait_min": spam.WAIT_MIN,
    }
    template = "guide/contents.html" if shown.page.slug == CONTENTS else "guide/page.html"
    return render(request, template, said, status=status)


def _what_is_read(page: Page) -> dict[str, Any]:
    """The list of pages; or the text of one, with those before and after it."""
    if page.slug == CONTENTS:
        return {"pages": [(page_address(each), each) for each in shelf().contents(page.language)]}
    before, after = shelf().neighbours(page)
    return {"body": drawn_body(page.language, page.body), "before": _link(before), "after": _link(after)}


@lru_cache(maxsize=256)
def drawn_body(language: str, body: str) -> SafeString:
    """The same text gives the same HTML in the same language, so it is drawn once."""
    with translation.override(language):
        return html_of(body)


def _link(page: Page | None) -> tuple[str, str] | None:
    return (page_address(page), page.title) if page else None


def _other_languages(request: HttpRequest, page: Page) -> list[tuple[str, str]]:
    """This page in every language that has it, with where: only where there is more than one."""
    found = [shown.page for language in shelf().languages() if (shown := shelf().at(language, page.slug))]
    if len(found) < 2:
        return []
    return [(each.language, lasting_address(request, page_address(each))) for each in found]
