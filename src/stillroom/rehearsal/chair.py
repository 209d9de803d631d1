"""Two pages of a rehearsal: what would be seen and heard at the chair, and how it went. Nowhere else do they exist."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from stillroom.clinics.access import public
from stillroom.rehearsal.people import ALDER
from stillroom.rehearsal.play.parts import Said
from stillroom.rehearsal.play.true_drip import STREAM_FROM_DROPS_PER_MIN
from stillroom.rehearsal.rehearsed import is_script_played, the_stage
from stillroom.rehearsal.results import result_of, sights_of
from stillroom.rehearsal.staged import Stage


@require_safe
@public
def chair(request: HttpRequest) -> HttpResponse:
    stage, at = _stage(), timezone.now()
    scene = stage.scene()
    shown, drops = scene.shown(at), scene.drops_per_min(at)
    said = [event for event in scene.has_come(at) if isinstance(event.what, Said)]
    seen = {
        "shown": shown,
        "sights": sights_of(shown),
        "drops_per_min": drops,
        "is_stream": drops >= STREAM_FROM_DROPS_PER_MIN,
        "left_in_bag_ml": scene.left_in_bag_ml(at),
        "said": said,
        "patient": f"{ALDER.given_name} {ALDER.family_name}",
    }
    return render(request, "rehearsal/chair.html", seen | {"room_href": _room(stage)})


@require_safe
@public
def result(request: HttpRequest) -> HttpResponse:
    stage = _stage()
    came = result_of(stage.scene(), at=timezone.now())
    return render(request, "rehearsal/result.html", {"result": came, "room_href": _room(stage)})


def _stage() -> Stage:
    stage = the_stage() if is_script_played() else None
    if stage is None:
        raise Http404("no script is played here")
    return stage


def _room(stage: Stage) -> str:
    return reverse("bedside:room", args=[stage.infusion_id])
