"""POST .../shown: a page says that somebody can see it, and whether it can be heard; or that it is hidden."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from stillroom.bedside.access import infusion_for
from stillroom.bedside.forms.shown import ShownForm
from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.devices.screens import Sign, screen_is_hidden, screens_are_seen
from stillroom.infusions.models import Infusion


@allow(*CLINICAL, by_display=True)
@require_POST
def room_shown(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    return _shown(request, infusion_for(actor_of(request), infusion_id))


@allow(*CLINICAL, by_display=True)
@require_POST
def board_shown(request: HttpRequest) -> HttpResponse:
    return _shown(request, None)


def _shown(request: HttpRequest, infusion: Infusion | None) -> HttpResponse:
    form = ShownForm(request.POST)
    if not form.is_valid():
        return HttpResponse("which screen?", content_type="text/plain", status=422)
    said = form.cleaned_data
    if said["is_hidden"]:
        screen_is_hidden(said["screen"], at=clock.now())
    else:
        sign = Sign(said["screen"], infusion.pk if infusion else None, said["can_sound"], clock.now())
        screens_are_seen(actor_of(request).the_clinic.pk, [sign])
    return HttpResponse(status=204)
