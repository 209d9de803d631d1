"""The pages that anybody reads: the list with its map, a clinic, the criteria, and the same as JSON and CSV."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from stillroom.clinics.access import public
from stillroom.directory.chart import HEIGHT, WIDTH, map_of
from stillroom.directory.criteria import criteria
from stillroom.directory.document import written
from stillroom.directory.keeper import is_run_here
from stillroom.directory.languages import in_language
from stillroom.directory.publishing import Shown, shown
from stillroom.directory.reading import about_search_engines, line_of, rows_of
from stillroom.directory.searching import DISTANCES_KM, WISHES, found_in, search_of
from stillroom.directory.table import table
from stillroom.web.public import lasting_address, same_for_all

MOST_DRAWN = 256
MOST_ASKED = 300

# Pages drawn before: of one text, on one day, at one address. Nothing else is in them, so each is as it would be drawn.
_drawn: dict[tuple[str, ...], bytes] = {}


@require_safe
@public
@same_for_all
@in_language
def clinics(request: HttpRequest) -> HttpResponse:
    found = shown()
    if found is None:
        return render(request, "directory/none.html")
    return _draw(request, found, "directory/clinics.html", lambda: page_of_clinics(request, found))


@require_safe
@public
@same_for_all
@in_language
def clinic(request: HttpRequest, slug: str) -> HttpResponse:
    found = shown()
    if found is None or found.document.clinic(slug) is None:
        return render(request, "directory/not_here.html", status=404)
    return _draw(request, found, "directory/clinic.html", lambda: page_of_clinic(request, found, slug))


@require_safe
@public
@same_for_all
@in_language
def what_is_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "directory/criteria.html", {"criteria": criteria(), "is_run_here": is_run_here()})


@require_safe
@public
@same_for_all
def clinics_json(request: HttpRequest) -> HttpResponse:
    """The document itself: what another install mirrors."""
    return HttpResponse(written(_shown().document), content_type="application/json")


@require_safe
@public
@same_for_all
def clinics_csv(request: HttpRequest) -> HttpResponse:
    found = _shown()
    answer = HttpResponse(table(found.document, found.day), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="clinics.csv"'
    return answer


def page_of_clinics(request: HttpRequest, shown_now: Shown) -> dict[str, Any]:
    document = shown_now.document
    search = search_of(request.GET)
    found = found_in(document, search)
    return {
        "document": document,
        "is_mirror": not is_run_here(),
        "search": search,
        "found": [line_of(each, document, shown_now.day) for each in found],
        "map": map_of(found, search.town),
        "map_size": (WIDTH, HEIGHT),
        "distances_km": DISTANCES_KM,
        "wishes": list(WISHES),
    }


def page_of_clinic(request: HttpRequest, shown_now: Shown, slug: str) -> dict[str, Any]:
    document = shown_now.document
    found = document.clinic(slug)
    assert found is not None
    return {
        "document": document,
        "is_mirror": not is_run_here(),
        "clinic": found,
        "rows": rows_of(found, document, shown_now.day),
        "listed_until": found.listed_until(document.criteria),
        "about": about_search_engines(found, lasting_address(request)),
    }


def _draw(request: HttpRequest, found: Shown, template: str, page: Callable[[], dict[str, Any]]) -> HttpResponse:
    """The page, drawn once for each text, day and address."""
    asked = request.get_full_path()
    if len(asked) > MOST_ASKED:
        return render(request, template, page())
    key = (found.digest, found.day.isoformat(), lasting_address(request), asked, get_language() or "")
    if key not in _drawn:
        if len(_drawn) >= MOST_DRAWN:
            _drawn.clear()
        _drawn[key] = render(request, template, page()).content
    return HttpResponse(_drawn[key])


def _shown() -> Shown:
    found = shown()
    if found is None:
        raise Http404("no directory is shown here")
    return found
