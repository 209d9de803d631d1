"""The front door: where somebody is taken after signing in, and where the bar at the top may take them.

Both follow from the rules of the views themselves, so that no place is offered that would be refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, get_urlconf, resolve, reverse
from django.views.decorators.http import require_safe

from stillroom.clinics.access import PATIENT, rule_of, signed_in
from stillroom.clinics.actor import actor_of, chosen_clinic, memberships
from stillroom.clinics.models import Clinic, Role
from stillroom.clinics.rows import clinic_scope
from stillroom.office.first_day import is_first_day
from stillroom.patients.models import Patient

# In the order in which somebody with several roles is most likely to want them.
PLACES = {
    "bedside:board": "Rooms",
    "office:today": "Today",
    "office:patients": "Patients",
    "office:coming": "Coming",
    "office:concerns": "To look at",
    "intake:sent": "Records",
    "office:outcomes": "Outcomes",
    "office:orders": "Orders",
    "office:protocols": "Protocols",
    "devices:monitors": "Monitors",
    "guide:inbox": "Guide",
    "office:library": "Drug library",
    "office:before_you_come": "Before you come",
    "office:staff": "Staff",
    "office:rooms": "Room privacy",
    "directory:desk": "Directory",
    "office:reach": "What patients are told",
    "journal:my_record": "My record",
}


@dataclass(frozen=True, slots=True)
class Place:
    href: str
    words: str
    is_here: bool


@signed_in
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """To the first place that one of the person's roles opens; without any, to the choice of clinics."""
    person = actor_of(request).the_person
    works_at = memberships(person)
    roles = {role for membership in works_at.values() for role in membership.roles}
    clinic = chosen_clinic(request, works_at)
    if clinic and Role.ADMINISTRATOR in works_at[clinic].roles and _is_first_day(clinic):
        return redirect("office:first_day")
    if Patient.objects.filter(person=person).exists():
        roles.add(PATIENT)
    return redirect(next((name for name in PLACES if _opens(name, roles)), "clinics:choose"))


def places(request: HttpRequest) -> dict[str, list[Place] | str]:
    """For every template: the places that the request's actor may go to, and where to ask what is called out."""
    actor = actor_of(request)
    roles = set(actor.roles)
    offered = [(reverse(name), words) for name, words in PLACES.items() if _opens(name, roles)]
    if actor.clinic and Role.ADMINISTRATOR in roles and is_first_day(actor.clinic):
        offered.insert(0, (reverse("office:first_day"), "First day"))
    here = max((href for href, _ in offered if _is_within(request.path, href)), key=len, default="")
    return {
        "places": [Place(href, words, href == here) for href, words in offered],
        "calls_href": reverse("bedside:calls") if _opens("bedside:calls", roles) else "",
    }


def rehearsing(request: HttpRequest) -> dict[str, object]:
    """For every template: is this the rehearsal of a clinic, where nothing is real, and where is that said?"""
    clinic = actor_of(request).clinic
    is_rehearsal = clinic is not None and clinic.rehearses_id is not None
    return {"is_rehearsal": is_rehearsal, "rehearsal_href": reverse("office:rehearsal") if is_rehearsal else ""}


def _is_first_day(clinic: Clinic) -> bool:
    with clinic_scope(clinic.pk):
        return is_first_day(clinic)


def _opens(name: str, roles: set[str]) -> bool:
    """Does one of these roles open this place? A place that this server does not have opens to nobody."""
    return not _opened_by(name, get_urlconf()).isdisjoint(roles)


@cache
def _opened_by(name: str, urls: str | None) -> frozenset[str]:
    """The roles that open a place. Asked once: every page offers all of them, and rules stay while a server runs."""
    try:
        rule = rule_of(resolve(reverse(name, urlconf=urls), urlconf=urls))
    except NoReverseMatch:
        return frozenset()
    return rule.roles if rule else frozenset()


def _is_within(path: str, href: str) -> bool:
    """Whether a page belongs to a place. Today is one page, though its address begins those of the whole office."""
    return path == href if href == reverse("office:today") else path.startswith(href)
