"""The technician's pages: which monitors there are, where each stands, how its link is, and who else knocked."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics import clock
from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role, Room
from stillroom.core.safety.link_delay import judge_delays
from stillroom.devices.assignments import assign, interval_in, take_away
from stillroom.devices.drivers import LISTENED_FOR, called_drivers, driver_of, drivers
from stillroom.devices.forms import CalledForm, MonitorForm, PlaceForm
from stillroom.devices.frames import frame_of, last_heard
from stillroom.devices.models import Monitor
from stillroom.devices.outcalls import failing_since
from stillroom.devices.seen import cards, strangers
from stillroom.gateways.contract import Driver
from stillroom.infusions.models import HERE, Infusion
from stillroom.infusions.reading import state_of

form_page = require_http_methods(["GET", "POST"])
looks_after_devices = allow(Role.TECHNICIAN, Role.ADMINISTRATOR)


@require_safe
@looks_after_devices
def monitors(request: HttpRequest) -> HttpResponse:
    """Every monitor with its room and its link, and who is heard and not enrolled."""
    now = clock.now()
    page = {
        "cards": cards(now),
        "now": now,
        "rooms": Room.objects.all(),
        "strangers": strangers(now),
        "called_drivers": called_drivers(),
        "calls_out": bool(settings.CALL_URL),
        "calls_failing_since": failing_since(),
        "listens_at": settings.HL7_HOST,
        "plain_port": settings.HL7_PORT if settings.HL7_PLAIN else None,
        "tls_port": settings.HL7_TLS_PORT if settings.HL7_TLS_CERTIFICATE else None,
    }
    return render(request, "devices/monitors.html", page)


@require_safe
@looks_after_devices
def links(request: HttpRequest) -> HttpResponse:
    """The links alone, for a page that is open."""
    now = clock.now()
    return render(request, "devices/links.html", {"cards": cards(now), "now": now})


@form_page
@looks_after_devices
def enrol(request: HttpRequest) -> HttpResponse:
    """A new monitor; a stranger that was heard fills in what it said."""
    new = Monitor(clinic=actor_of(request).the_clinic, driver=_driver_asked(request).name)
    heard = {name: request.GET.get(name, "") for name in ("peers", "sending_application", "bed", "certificate")}
    form = _form_of(new)(request.POST or None, instance=new, initial=heard)
    if form.is_valid():
        monitor = form.save()
        messages.info(request, f"{monitor} is enrolled. Within seconds, what it sends is taken.")
        return redirect("devices:monitors")
    page = {"form": form, "driver": driver_of(new.driver)}
    return render(request, "devices/monitor.html", page, status=422 if form.is_bound else 200)


@form_page
@looks_after_devices
def change(request: HttpRequest, monitor_id: UUID) -> HttpResponse:
    monitor = get_object_or_404(Monitor, pk=monitor_id)
    form = _form_of(monitor)(request.POST or None, instance=monitor)
    if form.is_valid():
        form.save()
        messages.info(request, f"{monitor} is changed.")
        return redirect("devices:monitors")
    page = {"form": form, "monitor": monitor, "driver": driver_of(monitor.driver)}
    return render(request, "devices/monitor.html", page, status=422 if form.is_bound else 200)


@require_safe
@looks_after_devices
def heard(request: HttpRequest, monitor_id: UUID) -> HttpResponse:
    """The last messages of one monitor as they came, without what they say of the patient."""
    monitor = get_object_or_404(Monitor, pk=monitor_id)
    refused_alone = request.GET.get("refused") == "yes"
    page = {
        "monitor": monitor,
        "messages_heard": last_heard(monitor, refused_alone=refused_alone),
        "refused_alone": refused_alone,
        "kept_days": settings.HL7_KEPT_DAYS,
        "now": clock.now(),
        "may_save": actor_of(request).has_role(Role.ADMINISTRATOR),
    }
    return render(request, "devices/heard.html", page)


@require_safe
@allow(Role.ADMINISTRATOR)
def frame(request: HttpRequest, monitor_id: UUID, digest: str) -> HttpResponse:
    """One message whole, byte for byte, to be shown to its maker; it may hold a patient's name."""
    monitor = get_object_or_404(Monitor, pk=monitor_id)
    kept = frame_of(monitor, digest)
    if kept is None:
        raise Http404
    answer = HttpResponse(kept.bytes_sent, content_type="application/octet-stream")
    answer["Content-Disposition"] = (
        f'attachment; filename="{kept.received_at:%Y%m%dT%H%M%SZ}.{driver_of(monitor.driver).suffix}"'
    )
    return answer


@require_POST
@looks_after_devices
def place(request: HttpRequest, monitor_id: UUID) -> HttpResponse:
    """Puts a monitor into a room, from now on, or takes it away."""
    monitor = get_object_or_404(Monitor, pk=monitor_id)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, "That room is not here any more.")
    elif room := form.cleaned_data["room"]:
        assign(monitor, room, at=clock.now(), by=actor_of(request).the_person)
        messages.info(request, f"{monitor} stands in {room} from now on.")
        for delay_s in _delays_outwaited(monitor, room):
            messages.warning(
                request,
                f"{monitor} sends only every {monitor.interval_s} s: in {room} staff are called after that time, "
                f"not after {delay_s} s as the order of the infusion there has it.",
            )
    else:
        take_away(monitor, at=clock.now())
        messages.info(request, f"{monitor} stands in no room from now on.")
    return redirect("devices:monitors")


def _delays_outwaited(monitor: Monitor, room: Room) -> list[str]:
    """Of an infusion that is in the room now: nothing is refused while it runs, whoever places a monitor is told."""
    interval_s = interval_in(room.pk, clock.now())
    if interval_s is None or interval_s > monitor.interval_s:
        return []
    here = Infusion.objects.filter(room=room, status__in=HERE)
    plans = (state_of(each.pk).planned for each in here)
    found = (each for plan in plans if plan for each in judge_delays(plan.order.alarms, interval_s=interval_s))
    return sorted({each.facts["delay_s"] for each in found}, key=int)


def _driver_asked(request: HttpRequest) -> Driver:
    """Under which driver somebody enrols; one that calls us unless they say otherwise."""
    name = request.GET.get("driver", LISTENED_FOR)
    if name not in drivers():
        raise Http404
    return driver_of(name)


def _form_of(monitor: Monitor) -> type[MonitorForm | CalledForm]:
    return CalledForm if driver_of(monitor.driver).is_called else MonitorForm
