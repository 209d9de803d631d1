"""A day in half a minute, the longer questionnaire every two weeks, and all days as a list, with what was corrected."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods, require_safe

from stillroom.clinics.access import PATIENT, allow
from stillroom.clinics.actor import actor_of
from stillroom.core.outcomes import INSTRUMENTS
from stillroom.journal.forms import CheckInForm, Phq9Form
from stillroom.journal.weeks import today_of
from stillroom.outcomes.models import CheckIn, Concern, Questionnaire
from stillroom.outcomes.reading import (
    reach_of,
    standing_check_in,
    standing_questionnaire,
    standing_questionnaires,
)
from stillroom.outcomes.wording import packaged_phq9
from stillroom.outcomes.writing import check_in as keep
from stillroom.outcomes.writing import fill_in
from stillroom.patients.access import patients_for
from stillroom.patients.models import Patient
from stillroom.web.posted import posted

PHQ9 = INSTRUMENTS["phq9"]
A_DAY_LATE = timedelta(days=1)


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """Today, or `?day=` of a day that was answered before, or yesterday: from further back nobody remembers a day."""
    patients = own_patients(request)
    day, before = _day_asked_for(request, patients)
    form = CheckInForm(posted(request), patients=patients, initial=_as_it_stands(before))
    if form.is_valid():
        keep(form.the_patient, form.said, day=day, by=actor_of(request).by)
        return _written_down(day)
    page = {"form": form, "day": day, "today": today_of(patients[0], timezone.now()), "before": before}
    return render(request, "journal/check_in.html", page | reaches(patients), status=422 if form.errors else 200)


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def phq9(request: HttpRequest) -> HttpResponse:
    """Nine questions: of today, or as `?form=` corrects one that was filled in here before, of its day.

    With some left out it is asked again, once; a worry in it is kept and passed on before that.
    """
    before = _form_asked_for(request)
    patients = [before.patient] if before else own_patients(request)
    form = Phq9Form(posted(request), patients=patients, initial=_answers_of(before), worded=packaged_phq9())
    if not form.is_to_be_kept:
        return _phq9_page(request, form, before)
    day = before.day if before else today_of(form.the_patient, timezone.now())
    source = Questionnaire.Source.PATIENT
    fill_in(form.the_patient, PHQ9, items=form.items, day=day, by=actor_of(request).by, source=source)
    return _written_down(day)


@allow(PATIENT)
@require_safe
def checked_in(request: HttpRequest) -> HttpResponse:
    """What was written down today, or of `?day=`; who will read it and when, and whom to call now."""
    patients = own_patients(request)
    today = today_of(patients[0], timezone.now())
    day = _day_in(request, today)
    forms = [form for patient in patients if (form := standing_questionnaire(patient, PHQ9.code, day))]
    page = {
        "day": day,
        "today": today,
        "check_ins": [row for patient in patients if (row := standing_check_in(patient, day))],
        "forms": forms,
        "gaps": sum(form.items.count(None) for form in forms),
        "worries": Concern.objects.filter(patient__in=patients, written_at__gte=timezone.now() - A_DAY_LATE).exists(),
    }
    return render(request, "journal/checked_in.html", page | reaches(patients))


@allow(PATIENT)
@require_safe
def days(request: HttpRequest) -> HttpResponse:
    """Every day that was answered, newest first, each with what it said before it was corrected."""
    patients = own_patients(request)
    rows = (
        CheckIn.objects.filter(patient__in=patients)
        .select_related("replaced_by", "patient")
        .order_by("-day", "-written_at")
    )
    forms = Questionnaire.objects.filter(patient__in=patients).select_related("replaced_by")
    page = {"rows": rows, "forms": forms.order_by("-day", "-written_at")}
    return render(request, "journal/days.html", page)


def own_patients(request: HttpRequest) -> list[Patient]:
    """Who this person is as a patient, the newest clinic first; 404 for somebody who is none."""
    patients = list(patients_for(actor_of(request)).select_related("clinic").order_by("clinic__name"))
    if not patients:
        raise Http404("not a patient anywhere")
    return patients


def reaches(patients: list[Patient]) -> dict[str, object]:
    return {"reaches": [(patient, reach_of(patient)) for patient in patients]}


def _day_asked_for(request: HttpRequest, patients: list[Patient]) -> tuple[date, CheckIn | None]:
    today = today_of(patients[0], timezone.now())
    day = _day_in(request, today)
    before = next((row for each in patients if (row := standing_check_in(each, day))), None)
    if before is None and not today - A_DAY_LATE <= day <= today:
        raise Http404("nothing to correct on that day")
    return day, before


def _day_in(request: HttpRequest, today: date) -> date:
    try:
        return parse_date(request.GET.get("day", "")) or today
    except ValueError as impossible:
        raise Http404("no such day") from impossible


def _written_down(day: date) -> HttpResponse:
    return redirect(f"{reverse('journal:checked_in')}?day={day}")


def _form_asked_for(request: HttpRequest) -> Questionnaire | None:
    """The form to correct: one that its patient filled in here themselves, and that nothing replaced yet.

    What a clinician rated, or copied from paper, is the clinic's to correct.
    """
    if "form" not in request.GET:
        return None
    own = standing_questionnaires(own_patients(request), PHQ9.code).filter(source=Questionnaire.Source.PATIENT)
    try:
        found = own.select_related("patient__clinic").filter(pk=UUID(request.GET["form"])).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404("nothing of yours to correct there")
    return found


def _answers_of(before: Questionnaire | None) -> dict[str, str]:
    items = before.items if before else []
    return {f"q{number}": str(points) for number, points in enumerate(items, start=1) if points is not None}


def _as_it_stands(before: CheckIn | None) -> dict[str, object]:
    if before is None:
        return {}
    kept = {name: getattr(before, name) for name in ("low", "sleep_h", "words", "wants_call")}
    return kept | {"patient": before.patient_id}


def _phq9_page(request: HttpRequest, form: Phq9Form, before: Questionnaire | None) -> HttpResponse:
    is_wrong = bool(form.errors or form.missing)
    page = {"form": form, "before": before, "missing": form.missing, "all_missing": form.missing == PHQ9.items}
    return render(request, "journal/phq9.html", page | reaches(list(form.patients)), status=422 if is_wrong else 200)
