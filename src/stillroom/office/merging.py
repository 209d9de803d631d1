"""Two records of one patient: finding the second, looking at both, making them one, and making them two again."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.core.errors import Finding, Refused
from stillroom.infusions import merging as whole
from stillroom.office.patient_forms import Find
from stillroom.patients import merging
from stillroom.patients.access import note_looks, patient_for, patients_for, records_for
from stillroom.patients.admitting import found, like, named_of
from stillroom.patients.known import allergies_of, weight_of
from stillroom.patients.models import Patient, RecordMerge
from stillroom.web.posted import posted

MERGES = (*CLINICAL, Role.ADMINISTRATOR)


class Merge(forms.Form):
    """For each particular in which the two differ, whose counts; and how it is known that they are one person."""

    reason = forms.CharField(
        label="How do you know that this is one person?",
        max_length=200,
        help_text="Such as “asked her, and saw her passport”. It stands beside the record.",
    )

    def __init__(self, *args: object, kept: Patient, other: Patient) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.differing = merging.differing(kept, other)
        for name in self.differing:
            choices = [(which, said(patient, name)) for which, patient in (("kept", kept), ("other", other))]
            label = name.replace("_", " ").removesuffix(" cm")
            self.fields[name] = forms.ChoiceField(
                label=f"Which is right: {label}?", choices=choices, widget=forms.RadioSelect
            )
        self.order_fields([*self.differing, "reason"])

    @property
    def chosen(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in self.differing}


class Undo(forms.Form):
    reason = forms.CharField(label="Why are these two people after all?", max_length=200)


@require_http_methods(["GET", "POST"])
@allow(*MERGES)
def find_second(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Who may be the same person, and whoever is looked for."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    form = Find(posted(request))
    others = patients_for(actor).exclude(pk=patient.pk)
    looked_for = form.is_bound and form.is_valid()
    seen = found(form.cleaned_data["typed"], others, born=form.born) if looked_for else like(named_of(patient), others)
    note_looks(actor, others.filter(pk__in=[each.pk for each in seen]))
    page = {"patient": patient, "form": form, "seen": seen, "looked_for": looked_for}
    return render(request, "office/find_second.html", page)


@require_http_methods(["GET", "POST"])
@allow(*MERGES, step_up=True)
def merge_records(request: HttpRequest, patient_id: UUID, other_id: UUID) -> HttpResponse:
    """Both side by side with all that differs; then one, with a reason."""
    actor = actor_of(request)
    kept, other = patient_for(actor, patient_id), patient_for(actor, other_id)
    if kept == other:
        raise Http404("one record is not two")
    form = Merge(posted(request), kept=kept, other=other)
    findings = whole.in_the_way(kept, other)
    if form.is_valid() and not findings:
        try:
            row = whole.merge(actor, kept=kept, other=other, chosen=form.chosen, reason=form.cleaned_data["reason"])
        except Refused as refused:
            findings = refused.findings
        else:
            messages.info(request, f"Number {other.identifier} is part of this record now.")
            return redirect("office:merge", row.pk)
    page = {
        "kept": kept,
        "other": other,
        "form": form,
        "findings": findings,
        "allergies": merging.joined_allergies(kept, other),
    }
    status = 409 if findings and form.is_bound else 422 if form.errors else 200
    return render(
        request, "office/merge.html", page | {"both": [_about(each) for each in (kept, other)]}, status=status
    )


@require_http_methods(["GET", "POST"])
@allow(*MERGES, step_up=True)
def merge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """What one merge moved, and undoing it."""
    actor = actor_of(request)
    row = get_object_or_404(RecordMerge.objects.select_related("kept", "other", "merged_by", "undone_by"), pk=merge_id)
    note_looks(actor, records_for(actor).filter(pk__in=[row.kept_id, row.other_id]))
    form = Undo(posted(request))
    findings: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            whole.undo(actor, row, reason=form.cleaned_data["reason"])
        except Refused as refused:
            findings = refused.findings
        else:
            messages.info(request, "These are two records again. Look at the allergies of both.")
            return redirect("office:merge", row.pk)
    page = {"row": row, "form": form, "findings": findings, "moved": merging.moved(row)}
    return render(request, "office/merged.html", page, status=409 if findings else 422 if form.errors else 200)


def said(patient: Patient, name: str) -> str:
    """A particular as a person reads it."""
    value = getattr(patient, name)
    if name == "birth_date":
        return f"{value:%-d %B %Y}"
    if name == "height_cm":
        return f"{value} cm"
    shown = getattr(patient, f"get_{name}_display", None)
    return str(shown()) if shown else str(value)


def _about(patient: Patient) -> dict[str, object]:
    """What one of the two holds, to be compared by eye."""
    return {
        "patient": patient,
        "weight": weight_of(patient),
        "allergies": allergies_of(patient),
        "infusions": patient.infusions.count(),
        "appointments": patient.appointments.standing().count(),
        "newest": patient.infusions.order_by("-created_at").first(),
    }
