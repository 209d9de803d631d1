"""The administrator's page about rooms: which there are, and which of them are private."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from stillroom.clinics.access import allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role, Room
from stillroom.core.infusion.state import OVER
from stillroom.infusions.models import Infusion
from stillroom.office.appointment_forms import NewRoom
from stillroom.schedule.models import Appointment
from stillroom.web.posted import posted


@require_http_methods(["GET", "POST"])
@allow(Role.ADMINISTRATOR)
def rooms(request: HttpRequest) -> HttpResponse:
    form = NewRoom(posted(request))
    if form.is_valid():
        if Room.objects.filter(name=form.cleaned_data["name"]).exists():
            form.add_error("name", "There is a room of this name already.")
        else:
            Room.objects.create(clinic=actor_of(request).the_clinic, **form.cleaned_data)
            return redirect("office:rooms")
    return render(
        request, "office/rooms.html", {"form": form, "rooms": Room.objects.all()}, status=422 if form.errors else 200
    )


@require_POST
@allow(Role.ADMINISTRATOR)
def change_privacy(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """The other of the two. A room in which somebody is expected stays private until they are moved."""
    room = get_object_or_404(Room.objects.select_for_update(), pk=room_id)
    if room.is_private and _is_wanted(room):
        messages.error(request, f"Patients are expected in {room}. Give them another room first.")
    else:
        room.is_private = not room.is_private
        room.save(update_fields=["is_private"])
    return redirect("office:rooms")


def _is_wanted(room: Room) -> bool:
    is_booked = Appointment.objects.standing().filter(room=room, ends_at__gt=timezone.now()).exists()
    return is_booked or Infusion.objects.filter(room=room).exclude(status__in=OVER).exists()
