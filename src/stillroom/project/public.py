"""What searchers are told, and what anybody is told whose address or whose form leads nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from stillroom.clinics.access import public
from stillroom.directory.sitemap import public_pages as directory_pages
from stillroom.guide.sitemap import public_pages as guide_pages
from stillroom.web.public import lasting_address, same_for_all

# Each public room lists its pages: path, and the day of the last change if one is known.
ROOMS: tuple[Callable[[], Iterable[tuple[str, date | None]]], ...] = (guide_pages, directory_pages)


@public
@require_safe
@transaction.non_atomic_requests
@same_for_all
def sitemap(request: HttpRequest) -> HttpResponse:
    pages = [(lasting_address(request, path), day) for room in ROOMS for path, day in room()]
    return render(request, "project/sitemap.xml", {"pages": pages}, content_type="application/xml")


@public
@require_safe
@transaction.non_atomic_requests
@same_for_all
def robots(request: HttpRequest) -> HttpResponse:
    said = {"sitemap": lasting_address(request, "/sitemap.xml")}
    return render(request, "project/robots.txt", said, content_type="text/plain")


# These two are drawn of nothing but the request: neither the database nor who asks has a part in them.


def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    places = {"guide": "guide:contents", "directory": "directory:clinics", "front": "front"}
    page = {"request": request} | {name: reverse(place) for name, place in places.items()}
    return HttpResponse(render_to_string("web/not_here.html", page), status=404)


def not_read(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_much = isinstance(exception, RequestDataTooBig)
    return _not_read(request, too_much=too_much, status=413 if too_much else 400)


def not_ours(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the token that goes with it, as when cookies are switched off."""
    return _not_read(request, too_much=False, status=403)


def _not_read(request: HttpRequest, *, too_much: bool, status: int) -> HttpResponse:
    words = render_to_string("web/not_read.html", {"request": request, "too_much": too_much})
    return HttpResponse(words, status=status)
