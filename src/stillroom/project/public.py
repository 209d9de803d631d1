"""What searchers are told: which pages are for everybody, where they are, and that the rest is nobody's business."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
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
