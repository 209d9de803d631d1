"""The few pages of clinics: which clinic one works for, displays and who has them, and one's PIN."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import CLINICAL, allow, signed_in
from stillroom.clinics.actor import CHOSEN_CLINIC, actor_of, memberships
from stillroom.clinics.displays import display_of, enrol, hand_back, must_wait, set_pin, take_over
from stillroom.clinics.forms import ClinicChoice, NewDisplay, NewPin, TakeOver
from stillroom.clinics.models import Display, Role, Staff

form_page = require_http_methods(["GET", "POST"])


@form_page
@signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """Which clinic a person who works in several works for now."""
    works_at = memberships(actor_of(request).the_person)
    form = ClinicChoice(request.POST or None, clinics=list(works_at))
    if form.is_valid():
        request.session[CHOSEN_CLINIC] = str(form.cleaned_data["clinic"].pk)
        return redirect(_next(request))
    return render(request, "clinics/choose.html", {"form": form, "next": _next(request)})


@form_page
@allow(*CLINICAL, by_display=True)
def take_over_display(request: HttpRequest) -> HttpResponse:
    """A name and a PIN: whoever is right has the display from now on."""
    display = display_of(request)
    if display is None:
        raise Http404("this device is not an enrolled display")
    form = TakeOver(request.POST or None, staff=_who_may_take_over(display))
    if form.is_valid():
        staff = form.cleaned_data["staff"]
        if take_over(request, display, staff, form.cleaned_data["pin"]):
            return redirect(_next(request))
        form.add_error("pin", "Too many tries. Wait five minutes." if must_wait(display, staff) else "Not that PIN.")
    page = {"form": form, "display": display, "next": _next(request)}
    return render(request, "clinics/take_over.html", page, status=403 if form.errors else 200)


@require_POST
@allow(*CLINICAL, by_display=True)
def hand_back_display(request: HttpRequest) -> HttpResponse:
    """The screen stays at what it shows: it goes on showing and alarming."""
    hand_back(request)
    return redirect(_next(request) if "next" in request.POST else "clinics:take_over")


@require_safe
@allow(*CLINICAL, by_display=True, in_sight=True)
def quiet(request: HttpRequest) -> HttpResponse:
    """What a display on the patient's side shows, and all it shows: the room's name, dark, and how to call."""
    display = display_of(request)
    if display is None or display.side != Display.Side.PATIENT:
        return redirect("/")
    return render(request, "clinics/quiet.html", {"room": display.room})


@require_http_methods(["GET"])
@allow(Role.ADMINISTRATOR, Role.TECHNICIAN, step_up=True)
def displays(request: HttpRequest) -> HttpResponse:
    enrolled = Display.objects.filter(revoked_at=None).select_related("room", "enrolled_by")
    return render(request, "clinics/displays.html", {"displays": enrolled, "form": NewDisplay()})


@require_POST
@allow(Role.ADMINISTRATOR, Role.TECHNICIAN, step_up=True)
def enrol_display(request: HttpRequest) -> HttpResponse:
    """This very device becomes a display; whoever enrolled it is signed out of it."""
    actor = actor_of(request)
    form = NewDisplay(request.POST)
    if not form.is_valid():
        return render(
            request,
            "clinics/displays.html",
            {"form": form, "displays": Display.objects.filter(revoked_at=None)},
            status=422,
        )
    typed = form.cleaned_data
    answer = redirect("clinics:quiet" if typed["side"] == Display.Side.PATIENT else "clinics:take_over")
    enrol(answer, clinic=actor.the_clinic, **typed, by=actor.the_person)
    logout(request)
    return answer


@require_POST
@allow(Role.ADMINISTRATOR, Role.TECHNICIAN)
def revoke_display(request: HttpRequest, display_id: UUID) -> HttpResponse:
    """A display that was lost or moved shows nothing more, from its next request on."""
    display = get_object_or_404(Display, pk=display_id, revoked_at=None)
    display.revoked_at = timezone.now()
    display.save(update_fields=["revoked_at"])
    messages.info(request, f"{display.name} is no display any more.")
    return redirect("clinics:displays")


@form_page
@allow(*CLINICAL, step_up=True)
def pin(request: HttpRequest) -> HttpResponse:
    """One's own PIN for the displays of this clinic."""
    form = NewPin(request.POST or None)
    if form.is_valid():
        set_pin(actor_of(request).the_person, form.cleaned_data["pin"])
        messages.info(request, "Your PIN is set.")
        return redirect("clinics:pin")
    return render(request, "clinics/pin.html", {"form": form})


def _who_may_take_over(display: Display) -> list[Staff]:
    """One row for each person with a clinical role today and a PIN."""
    rows = Staff.objects.filter(role__in=CLINICAL, person__is_active=True).exclude(pin_digest="")
    by_person = {row.person_id: row for row in rows if row.counts_on(display.clinic.today())}
    return list(by_person.values())


def _next(request: HttpRequest) -> str:
    """Where the person was going, when that is a page of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else "/"
