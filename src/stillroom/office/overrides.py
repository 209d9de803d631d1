"""The drug library, month by month: how many infusions stayed within it, and what went beyond, with its reasons."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stillroom.clinics.access import SECOND_SIGNER, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Person, Role
from stillroom.core.infusion.bypass import GOAL_PERCENT
from stillroom.infusions.overrides import month_of

MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


@require_safe
@allow(Role.PRESCRIBER, Role.LIBRARY_APPROVER, SECOND_SIGNER)
def overrides(request: HttpRequest) -> HttpResponse:
    """Reviewed by whoever orders and whoever approves the library. This month, or the one that is asked for."""
    clinic = actor_of(request).the_clinic
    this = clinic.today().replace(day=1)
    asked = MONTH.fullmatch(request.GET.get("month", ""))
    first = date(int(asked[1]), int(asked[2]), 1) if asked else this
    zone = ZoneInfo(clinic.time_zone)
    found = month_of(_start(first, zone), _start(_next(first), zone))
    page: dict[str, Any] = {
        "first": first,
        "before": _before(first),
        "after": _next(first) if first < this else None,
        "found": found,
        "goal_percent": GOAL_PERCENT,
        "is_short": found.within_percent is not None and found.within_percent < GOAL_PERCENT,
        "names": _names({bypass.by for each in found.crossed for bypass in each.bypasses}),
        "refused": sorted(found.refused.items()),
    }
    return render(request, "office/overrides.html", page)


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)


def _names(authors: set[str]) -> dict[str, str]:
    ids = {by.partition(":")[2]: by for by in authors if by.startswith("person:")}
    return {ids[str(person.pk)]: str(person) for person in Person.objects.filter(pk__in=ids)}
