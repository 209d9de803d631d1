"""Who opened my record, and when: every look that staff took, by day and by whom, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.models import Person
from stillroom.patients.models import Look


@dataclass(slots=True, kw_only=True)
class Looked:
    """What one person, or one screen, looked at on one day at one clinic, in the clinic's own time."""

    clinic: str
    zone: ZoneInfo
    day: date
    who: str
    first: datetime
    last: datetime
    times: int
    pages: list[str]


@allow(PATIENT)
@require_safe
def looks(request: HttpRequest) -> HttpResponse:
    return render(request, "journal/looks.html", {"looked": looked_at(Look.objects.select_related("clinic"))})


def looked_at(looks: Iterable[Look]) -> list[Looked]:
    """Looks, newest first, put together by day, clinic and who; `who` is empty where a screen showed it."""
    looks = list(looks)
    names = _names(looks)
    found: dict[tuple[object, ...], Looked] = {}
    for look in looks:
        zone = ZoneInfo(look.clinic.time_zone)
        day = look.looked_at.astimezone(zone).date()
        seen = found.setdefault((look.clinic_id, day, look.by), _first(look, zone, day, names.get(look.by, "")))
        seen.first, seen.times = min(seen.first, look.looked_at), seen.times + 1
        if look.what not in seen.pages:
            seen.pages.append(look.what)
    return list(found.values())


def _first(look: Look, zone: ZoneInfo, day: date, who: str) -> Looked:
    at = look.looked_at
    return Looked(clinic=look.clinic.name, zone=zone, day=day, who=who, first=at, last=at, times=0, pages=[])


def _names(looks: Iterable[Look]) -> dict[str, str]:
    people = {look.by.removeprefix("person:") for look in looks if look.by.startswith("person:")}
    return {f"person:{pk}": name for pk, name in Person.objects.filter(pk__in=people).values_list("pk", "display_name")}
