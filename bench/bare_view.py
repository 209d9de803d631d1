"""The web application with one address more: a bare Django view that draws a table of ten rows it has to hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stillroom.project.asgi import application

# Django is set up by the import above, and must be before those below.
# isort: split
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from stillroom.clinics.access import public
from stillroom.project import urls

__all__ = ["application"]

TABLE = engines["django"].from_string(Path(__file__).with_name("bare_view.html").read_text())
ROWS: list[dict[str, Any]] = [
    {"name": f"Clinic {n}", "town": "Dublin", "km": n, "facts": ["pump", "5 min", "welcome"]} for n in range(10)
]


@transaction.non_atomic_requests
@public
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(TABLE.render({"rows": ROWS}, request))


urls.urlpatterns.append(path("bare/", bare, name="bare"))
