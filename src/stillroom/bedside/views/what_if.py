"""GET /bedside/<id>/what-if/<act>: the course that a rate would give, beside the present one. Records nothing.

Before a start also how far the computer's clock is from true time, where that is worth a word.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stillroom.bedside.access import infusion_for, roles_of
from stillroom.bedside.fill.offered import offered
from stillroom.bedside.fill.what_if import DRAWN_FOR, fill_what_if
from stillroom.bedside.forms.drip import ResumeForm
from stillroom.bedside.reading import read_drip
from stillroom.bedside.sheets import Act
from stillroom.clinics import clock, true_time
from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.infusions.self_test import judge_true_time


@allow(*CLINICAL, at_bedside=True)
@require_safe
@never_cache
def what_if(request: HttpRequest, infusion_id: UUID, act: str) -> HttpResponse:
    """Empty while the rate is not yet a number, and while the act is not for now: a sheet shows no error for that."""
    actor = actor_of(request)
    infusion = infusion_for(actor, infusion_id)
    named = next((each for each in DRAWN_FOR if each == act), None)
    if named is None:
        raise Http404("no course is drawn for this act")
    now = read_drip(infusion, at=clock.now())
    form = ResumeForm({"seen_seq": now.state.last_seq, "rate_ml_per_h": request.GET.get("rate_ml_per_h", "")})
    may_ask = form.is_valid() and named in offered(now.state, roles_of(actor))
    found = fill_what_if(now, named, form.cleaned_data["rate_ml_per_h"]) if may_ask else None
    of_clock = judge_true_time(true_time.off_by_s()) if may_ask and named is Act.START else None
    return render(request, "bedside/_what_if.html", {"what_if": found, "of_clock": of_clock})
