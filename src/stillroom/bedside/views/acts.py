"""POST /bedside/<id>/acts/<act>: one way for all acts. GET is the sheet of one: a page where there are no scripts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from stillroom.bedside.access import infusion_for, roles_of
from stillroom.bedside.correcting import Wrong, entry_to_correct, wrong_entry
from stillroom.bedside.doing import NEVER_LOST, Outcome, Posted, do
from stillroom.bedside.fill import fill_room
from stillroom.bedside.fill.log import line_of
from stillroom.bedside.forms import FORMS
from stillroom.bedside.forms.what import ActForm
from stillroom.bedside.parts import LogLine
from stillroom.bedside.reading import read_people, read_situation
from stillroom.bedside.sheets import ONE_TAP, Act
from stillroom.bedside.situation import Situation
from stillroom.bedside.stop_key import holder_of
from stillroom.bedside.tail import poke_all
from stillroom.clinics import clock
from stillroom.clinics.access import CLINICAL, allow, public
from stillroom.clinics.actor import Actor, actor_of
from stillroom.infusions.models import Infusion
from stillroom.patients.access import note_look

OF_AN_ALARM = frozenset({Act.ACKNOWLEDGE, Act.PAUSE_SOUND})
STATUS = {"done": 200, "refused": 422, "unread": 422, "conflict": 409, "taken": 409}


@allow(*CLINICAL, at_bedside=True, in_emergency=True)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, infusion_id: UUID, act: str) -> HttpResponse:
    return _asked(request, infusion_id, act)


@allow(*CLINICAL, by_display=True, in_sight=True, in_emergency=True)
@require_http_methods(["POST"])
def act_by_display(request: HttpRequest, infusion_id: UUID, act: str) -> HttpResponse:
    """On a display that was turned to the patient, a stop that was kept before then is still taken, and no more."""
    if act not in NEVER_LOST and actor_of(request).in_sight:
        return HttpResponse("this display is the patient's", content_type="text/plain", status=403)
    return _asked(request, infusion_id, act)


@allow(*CLINICAL, step_up=True)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    return _asked(request, infusion_id, Act.SIGN)


@csrf_exempt
@public
@require_POST
def act_by_key(request: HttpRequest, infusion_id: UUID, act: str) -> HttpResponse:
    """From a phone that is signed in no more: by the key of its page, which no browser sends by itself."""
    holder = holder_of(request.POST.get("stop_key", ""), infusion_id)
    if holder is None:
        return HttpResponse("this key opens nothing here", content_type="text/plain", status=403)
    outcome = _do(request, holder.infusion, Act(act), holder.actor)
    return JsonResponse({"outcome": "done" if outcome.outcome == "done" else "refused"}, status=STATUS[outcome.outcome])


def _asked(request: HttpRequest, infusion_id: UUID, name: str) -> HttpResponse:
    """Who acted stands in the log. A sheet that is shown, fresh or again, is a look besides."""
    infusion, act = infusion_for(actor_of(request), infusion_id), _act_named(name)
    if request.method == "POST":
        return _post(request, infusion, act)
    note_look(actor_of(request), infusion.patient_id)
    return _get(request, infusion, act)


def _act_named(name: str) -> Act:
    try:
        return Act(name)
    except ValueError:
        raise Http404("no such act") from None


def _post(request: HttpRequest, infusion: Infusion, act: Act) -> HttpResponse:
    outcome = _do(request, infusion, act, actor_of(request))
    if outcome.outcome == "done":
        return _done(request, infusion, outcome)
    return _looked_at_again(request, infusion, act, outcome)


def _do(request: HttpRequest, infusion: Infusion, act: Act, actor: Actor) -> Outcome:
    posted = Posted(
        act=act,
        data=request.POST,
        infusion=infusion,
        actor=actor,
        people=partial(read_people, infusion),
        received_at=clock.now(),
    )
    transaction.on_commit(poke_all)
    return do(posted)


def _done(request: HttpRequest, infusion: Infusion, outcome: Outcome) -> HttpResponse:
    if _wants_json(request):
        return JsonResponse({"outcome": "done", "seq": outcome.last_seq})
    return redirect("bedside:room", infusion.pk)


def _looked_at_again(request: HttpRequest, infusion: Infusion, act: Act, outcome: Outcome) -> HttpResponse:
    """The sheet comes back with what was typed, what the rules found, and what was recorded before."""
    note_look(actor_of(request), infusion.patient_id)
    now = read_situation(infusion, at=clock.now())
    lines = _lines(now, outcome.conflicting)
    sheet = _sheet(request, now, act, outcome.form, outcome.wrong) | {
        "findings": outcome.findings,
        "conflicting": lines,
        "is_taken": outcome.outcome == "taken",
        "of_an_alarm": act in OF_AN_ALARM,
    }
    status = STATUS[outcome.outcome]
    if not _wants_json(request):
        return _page(request, sheet, status=status)
    html = render_to_string(sheet["template"], sheet, request)
    word = "conflict" if status == STATUS["conflict"] else "refused"
    return JsonResponse({"outcome": word, "html": html}, status=status)


def _get(request: HttpRequest, infusion: Infusion, act: Act) -> HttpResponse:
    """A fresh sheet: of a correction by itself, as pages fetch it when it is wanted; of any other act as a page."""
    if act in ONE_TAP:
        raise Http404("an act of one tap has no sheet")
    now = read_situation(infusion, at=clock.now())
    form = FORMS[act]()
    now.people.offer(form)
    if act is Act.CORRECT:
        wrong = _wrong_line(now, request.GET.get("seq", ""))
        sheet = _sheet(request, now, act, form, wrong)
        return render(request, sheet["template"], sheet)
    return _page(request, _sheet(request, now, act, form, None))


def _wrong_line(now: Situation, seq: str) -> Wrong:
    entry = entry_to_correct(now.log, int(seq)) if seq.isdecimal() else None
    if entry is None:
        raise Http404("no such entry stands")
    return wrong_entry(entry, now.people)


def _sheet(request: HttpRequest, now: Situation, act: Act, form: ActForm, wrong: Wrong | None) -> dict[str, Any]:
    """What a sheet's template needs; `again` are the hidden words of an act of one tap, to ask for it once more."""
    href = reverse("bedside:room", args=[now.infusion_id])
    room = fill_room(now, href=href, roles=roles_of(actor_of(request)))
    again = {name: form.data.get(name) for name in form.fields if name not in ActForm.base_fields}
    context: dict[str, Any] = {
        "room": room,
        "act": act,
        "form": form,
        "again": again,
        "template": _template(act, wrong),
    }
    if wrong is not None:
        context |= {
            "line": _lines(now, [wrong.entry.seq])[0],
            "wrong": wrong,
            "fields_template": wrong.fields_template,
            "replacement": wrong.form,
        }
    return context


def _lines(now: Situation, seqs: Iterable[int]) -> list[LogLine]:
    before = {later.seq: earlier for earlier, later in pairwise(now.log)}
    wanted = set(seqs)
    return [line_of(now, entry, before.get(entry.seq), True) for entry in now.log if entry.seq in wanted]


def _template(act: Act, wrong: Wrong | None = None) -> str:
    """An act of one tap, and a correction of what stands no more, have nothing to fill in: only why it was not done."""
    has_nothing_to_fill = act in ONE_TAP or (act is Act.CORRECT and wrong is None)
    return "bedside/acts/one-tap.html" if has_nothing_to_fill else f"bedside/acts/{act}.html"


def _page(request: HttpRequest, sheet: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "bedside/act.html", sheet | {"is_page": True}, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.accepts("application/json") and not request.accepts("text/html")
