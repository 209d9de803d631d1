"""Pages that exist for tests of the request transaction only."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import include, path
from django.utils import timezone

from stillroom.clinics.access import CLINICAL, PATIENT, allow, public
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role, Room
from stillroom.patients.models import Patient


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("seen")


@public
def open_to_all(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"patients": Patient.objects.count()})


@allow(Role.NURSE)
def who_asks(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    zone = timezone.get_current_timezone_name()
    return JsonResponse({"by": actor.by, "proof": actor.proof, "name": actor.short_name, "zone": zone})


@allow(*CLINICAL, at_bedside=True)
def act(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"by": actor_of(request).by})


@allow(*CLINICAL, by_display=True)
def look(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"by": actor_of(request).by, "patients": Patient.objects.count()})


@allow(PATIENT)
def own_record(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"given_names": list(Patient.objects.values_list("given_name", flat=True))})


@allow(Role.NURSE)
def write_and_fail(request: HttpRequest) -> HttpResponse:
    Room.objects.create(clinic=actor_of(request).the_clinic, name="Never")
    raise RuntimeError("after the write")


@allow(Role.NURSE)
def rows_in_template(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string("{% for room in rooms %}{{ room }}{% endfor %}")
    return TemplateResponse(request, template, {"rooms": Room.objects.all()})


@allow(Role.NURSE)
async def asynchronous(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"by": actor_of(request).by, "rooms": [room.name async for room in Room.objects.all()]})


@allow(Role.PRESCRIBER, step_up=True)
def sign_something(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"by": actor_of(request).by, "in_transaction": connection.in_atomic_block})


urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("clinics/", include("stillroom.clinics.urls")),
    *(
        path(f"{view.__name__}/", view, name=view.__name__)
        for view in (
            undeclared,
            open_to_all,
            who_asks,
            act,
            look,
            own_record,
            write_and_fail,
            rows_in_template,
            asynchronous,
            sign_something,
        )
    ),
]
