"""Outcomes for those who treat: the panel, one patient's weeks, and a score copied from paper."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.core.drip.quantities import whole
from stillroom.core.errors import Refused
from stillroom.core.outcomes import INSTRUMENTS
from stillroom.office.panel import counts, harms, panel, relief
from stillroom.office.weeks import weeks_of
from stillroom.outcomes.models import Questionnaire
from stillroom.outcomes.reading import wishes_of
from stillroom.outcomes.wishing import wishes_beside
from stillroom.outcomes.writing import fill_in
from stillroom.patients.access import note_looks, patient_for
from stillroom.patients.models import Patient
from stillroom.web.fields import DayField, WholeField

USUAL = "phq9"
TOTAL = whole("total", "", 0, 99, "own decision: more than the highest total of any instrument here")


class ScoreForm(forms.Form):
    """By answers, where the instrument's licence lets them be kept, or by the total read off the paper."""

    instrument = forms.ChoiceField(label="Which", choices=[(code, each.name) for code, each in INSTRUMENTS.items()])
    day = DayField(label="Filled in on", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    answers = forms.RegexField(
        r"([0-9-] *)+",
        label="Answers, in the order of the form",
        required=False,
        help_text="For PHQ-9, GAD-7 and PCL-5: a figure each, as 2 1 0 3, and - for one left out.",
    )
    total = WholeField(TOTAL, label="Total, where only that is known", required=False)
    source = forms.ChoiceField(
        label="Who filled it in", choices=[("paper", "The patient, on paper"), ("rated", "A clinician")]
    )

    def clean(self) -> dict[str, object]:
        typed = super().clean() or {}
        takes_items = INSTRUMENTS[str(typed.get("instrument", USUAL))].takes_items
        if not self.errors and bool(typed.get("answers")) == (typed.get("total") is not None):
            self.add_error("total", "Either the answers or the total, one of the two.")
        if typed.get("answers") and not takes_items:
            self.add_error("answers", "Of this one only the total may be kept here.")
        if typed.get("day") and typed["day"] > timezone.localdate():
            self.add_error("day", "That day has not come yet.")
        return typed

    @property
    def items(self) -> list[int | None]:
        return [None if each == "-" else int(each) for each in self.cleaned_data["answers"].replace(" ", "")]


@allow(*CLINICAL)
@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    """`?of=` one instrument; everybody treated, with those who are worse or silent first."""
    actor = actor_of(request)
    instrument = INSTRUMENTS.get(request.GET.get("of", USUAL), INSTRUMENTS[USUAL])
    lines = panel(actor.the_clinic, instrument)
    if lines:
        note_looks(actor, Patient.objects.filter(pk__in=[line.patient.pk for line in lines]))
    page = {"lines": lines, "counts": counts(lines, instrument), "relief": relief(lines), "instrument": instrument}
    page["harms"] = harms(lines, today=actor.the_clinic.today())
    return render(request, "office/outcomes.html", page | {"instruments": INSTRUMENTS.values()})


@allow(*CLINICAL)
@require_safe
def outcomes_of(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    patient = patient_for(actor_of(request), patient_id)
    return _page(request, patient, ScoreForm(initial={"day": timezone.localdate()}))


@allow(*CLINICAL)
@require_POST
def add_score(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    form = ScoreForm(request.POST)
    if not form.is_valid():
        return _page(request, patient, form, status=422)
    typed = form.cleaned_data
    by_answers = {"items": form.items} if typed["answers"] else {"total": typed["total"]}
    try:
        kept = fill_in(
            patient,
            INSTRUMENTS[typed["instrument"]],
            **by_answers,
            day=typed["day"],
            by=actor.by,
            source=Questionnaire.Source(typed["source"]),
        )
    except Refused as refused:
        return _page(request, patient, form, findings=refused.findings, status=422)
    messages.info(request, f"Kept: {kept}." if kept.total is not None else "Kept, without a total: it is not whole.")
    return redirect("office:outcomes_of", patient_id)


def _page(
    request: HttpRequest, patient: Patient, form: ScoreForm, *, findings: object = (), status: int = 200
) -> HttpResponse:
    page = {"patient": patient, "form": form, "findings": findings, "wishes": wishes_of(patient)}
    page["wishes_beside"] = wishes_beside(patient)
    weeks = weeks_of(patient, at=timezone.now())
    return render(request, "office/outcomes_of.html", page | {"weeks": weeks}, status=status)
