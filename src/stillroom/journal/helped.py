"""What helped: how long each infusion lasted, and whether one way helped more. No figures until they are earned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.actor import actor_of
from stillroom.core.outcomes.lasting import Lasted, how_long
from stillroom.core.outcomes.one_person import Compared, Way, compare
from stillroom.journal.brought import all_brought, elsewhere_in
from stillroom.journal.checkins import own_patients, reaches
from stillroom.journal.mine import Told, merged, my_infusions
from stillroom.journal.weeks import Elsewhere, lows_of, today_of
from stillroom.patients.models import Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """Newest first; `compared.said` is None until something may be said."""

    lasted: Sequence[Lasted]
    compared: Compared
    infusions: int


def what_helped(patients: Sequence[Patient], told: Sequence[Told], elsewhere: Elsewhere, *, at: datetime) -> Helped:
    """Across one person's clinics: `told` are all of them, and days are those of each clinic's own calendar."""
    lows, today = lows_of(patients, elsewhere), today_of(patients[0], at)
    given = sorted((each.day, _way(each)) for each in told if not each.report.is_running)
    lasted = how_long(lows, [day for day, _ in given], today=today)
    return Helped(lasted=lasted[::-1], compared=compare(lows, given, today=today), infusions=len(given))


@allow(PATIENT)
@require_safe
def helped(request: HttpRequest) -> HttpResponse:
    patients, now = own_patients(request), timezone.now()
    elsewhere = elsewhere_in(all_brought(actor_of(request).the_person))
    found = what_helped(patients, merged(my_infusions(at=now), elsewhere.infusions), elsewhere, at=now)
    return render(request, "journal/helped.html", {"helped": found} | reaches(patients))


@allow(PATIENT)
@require_safe
def if_not(request: HttpRequest) -> HttpResponse:
    """If it doesn't help: about half of those treated, and none of them did anything wrong."""
    return render(request, "journal/if_not.html", reaches(own_patients(request)))


@allow(PATIENT)
@require_safe
def if_it_fades(request: HttpRequest) -> HttpResponse:
    return render(request, "journal/if_it_fades.html", reaches(own_patients(request)))


def _way(told: Told) -> Way:
    return Way(told.report.ordered_mg_per_kg, told.report.ordered_min)
