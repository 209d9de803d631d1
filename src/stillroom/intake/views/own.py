"""A patient's own part, by their link: on a phone, a page at a time, saved with each page, changed until it ends.

First the birth date: a letter that somebody else reads opens nothing. Nothing here enters the record; a clinician reads
it and takes it in.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import public
from stillroom.clinics.rows import open_link
from stillroom.core.outcomes.instruments import PHQ9
from stillroom.intake.forms import OwnPage, WhenBorn
from stillroom.intake.links import is_theirs, standing_link
from stillroom.intake.models import Link
from stillroom.intake.own_part import keep, progress, seen_marks, standing_answers
from stillroom.intake.questions import PAGES, QUESTIONNAIRE, STEPS, WISHES, page_after
from stillroom.outcomes.asking import InstrumentFields, WishesFields
from stillroom.outcomes.models import Questionnaire
from stillroom.outcomes.reading import reach_of, wishes_of
from stillroom.outcomes.wishing import keep_wishes, wished, wishes_mark
from stillroom.outcomes.wording import all_worded
from stillroom.outcomes.writing import fill_in
from stillroom.patients.consents import consented
from stillroom.web.by_link import Remembered, Tries, address_of, digest_of, for_no_searcher
from stillroom.web.posted import posted

TRIES, KNOWN = Tries("own-part"), Remembered("own_part", lasts_s=4 * 3600)

OwnView = Callable[..., HttpResponse]


def by_own_link(view: OwnView) -> OwnView:
    """The link stands and its holder said the right birth date: then their rows are open, and the view runs."""

    @public
    @require_http_methods(["GET", "POST"])
    @for_no_searcher
    @wraps(view)
    def answer(request: HttpRequest, token: str, **more: str) -> HttpResponse:
        if TRIES.are_too_many(address_of(request), digest_of(token)):
            return render(request, "intake/own/too_often.html", status=429)
        link_id = standing_link(token, Link.Kind.OWN_PART)
        if link_id is None:
            TRIES.count(address_of(request))
            return render(request, "intake/own/none.html", status=404)
        open_link(link_id)
        link = Link.objects.select_related("patient__clinic").get(pk=link_id)
        if not KNOWN.of(request, token):
            return _ask_birth_date(request, link, token)
        with timezone.override(link.the_patient.clinic.time_zone):
            return view(request, link, token, **more)

    return answer


def _ask_birth_date(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    form, is_wrong = WhenBorn(posted(request)), False
    if form.is_valid():
        if is_theirs(link, form.cleaned_data["born"]):
            response = redirect("intake:own", token)
            KNOWN.keep(response, token, "born", path=reverse("intake:own", args=[token]))
            return response
        TRIES.count(address_of(request), digest_of(token))
        is_wrong = True
    status = 422 if is_wrong or form.errors else 200
    return render(request, "intake/own/when_born.html", {"form": form, "is_wrong": is_wrong}, status=status)


@by_own_link
def overview(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """What there is to fill in, and how far they are."""
    done = progress(link.the_patient)
    pages = [(page, reverse(f"intake:own_{page}", args=[token]), *done[page]) for page in PAGES]
    more = [each.instrument for each in all_worded(link.the_patient.clinic) if each.instrument is not PHQ9]
    page = {"pages": pages, "more": more, "is_begun": any(done for _, _, done, _ in pages)}
    page["consent"] = consented(link.the_patient)
    return _page(request, link, token, "overview", page)


@by_own_link
def questions(request: HttpRequest, link: Link, token: str, page: str) -> HttpResponse:
    """Of two phones that have the page open, none undoes what the other wrote: where both did, both are shown."""
    marks = seen_marks(link.the_patient)
    form = OwnPage(posted(request), asked=STEPS[page], standing=standing_answers(link.the_patient), marks=marks)
    if not form.is_valid():
        form.marks = {**marks, **form.seen}
        return _page(request, link, token, "questions", {"form": form, "here": page})
    twice = keep(link, form.replies, form.seen)
    if not twice:
        return _onwards(request, token, page)
    form.marks = seen_marks(link.the_patient)
    return _page(request, link, token, "questions", {"form": form, "here": page, "twice": twice}, status=409)


@by_own_link
def wishes(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """The same wishes as in the patient's record, and kept where those are: the newest counts."""
    form = WishesFields(posted(request), initial=wished(wishes_of(link.the_patient)))
    page: dict[str, object] = {"form": form, "here": WISHES, "clinics": [link.the_patient.clinic]}
    seen = request.POST.get("seen_wishes")
    page["seen_wishes"] = wishes_mark(link.the_patient) if seen is None else seen
    if not form.is_valid():
        return _page(request, link, token, "wishes", page)
    both = keep_wishes(link.the_patient, form.wishes, by=_by(link), seen=seen)
    if not both:
        return _onwards(request, token, WISHES)
    page |= {"both": both, "seen_wishes": wishes_mark(link.the_patient)}
    return _page(request, link, token, "wishes", page, status=409)


@by_own_link
def questionnaire(request: HttpRequest, link: Link, token: str, instrument: str = PHQ9.code) -> HttpResponse:
    """With some questions left out it is asked once more. A worry in it is on the clinic's list at once."""
    patient = link.the_patient
    to_ask = {each.instrument.code: each for each in all_worded(patient.clinic)}
    if instrument not in to_ask:
        raise Http404("no such questionnaire here")
    form = InstrumentFields(posted(request), worded=to_ask[instrument])
    if form.is_to_be_kept:
        asked, source = to_ask[instrument].instrument, Questionnaire.Source.PATIENT
        fill_in(patient, asked, items=form.items, day=patient.clinic.today(), by=_by(link), source=source)
        return redirect("intake:own", token)
    page = {"form": form, "here": QUESTIONNAIRE, "worded": to_ask[instrument]}
    page |= {"missing": form.missing, "all_missing": form.missing == len(to_ask[instrument].questions)}
    return _page(request, link, token, "questionnaire", page)


def _onwards(request: HttpRequest, token: str, page: str) -> HttpResponse:
    """To the next page, or to all of them for whoever stops here."""
    after = page_after(page)
    return redirect("intake:own" if "stop" in request.POST or after is None else f"intake:own_{after}", token)


def _page(
    request: HttpRequest, link: Link, token: str, name: str, more: dict[str, object], *, status: int | None = None
) -> HttpResponse:
    form = more.get("form")
    is_wrong = bool(getattr(form, "errors", None) or more.get("missing"))
    here = more.get("here")
    place = PAGES.index(str(here)) + 1 if here else None
    page = {"link": link, "token": token, "patient": link.the_patient, "place": place, "places": len(PAGES)}
    page["reaches"] = [(link.the_patient, reach_of(link.the_patient))]
    return render(request, f"intake/own/{name}.html", page | more, status=status or (422 if is_wrong else 200))


def _by(link: Link) -> str:
    return f"link:{link.pk}"
