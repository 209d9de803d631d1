"""The consultation: what was reviewed, found and decided, instruments, the screening, and asking about a worry."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Role
from stillroom.core.safety.screening import judge_screening
from stillroom.intake.consulting import SAYS, lacking, open_consultation, screen, seen_mark, sign, standing_text, write
from stillroom.intake.forms import Call, ConsultationForm, RiskAsked
from stillroom.intake.letter import letter
from stillroom.intake.models import Consultation, ConsultationText, PhoneCall, RiskForm
from stillroom.intake.reviewing import waiting_answers
from stillroom.outcomes.asking import InstrumentFields
from stillroom.outcomes.listing import decide
from stillroom.outcomes.models import Concern, Questionnaire
from stillroom.outcomes.reading import standing_questionnaires
from stillroom.outcomes.wording import all_worded
from stillroom.outcomes.writing import fill_in
from stillroom.patients.access import note_look, patient_for
from stillroom.patients.history import items_of, screening_of
from stillroom.patients.known import allergies_of
from stillroom.patients.models import Patient
from stillroom.web.posted import posted

NOT_ASKED = "screening_not_asked"
form_page = require_http_methods(["GET", "POST"])


@form_page
@allow(*CLINICAL)
def consult(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The open consultation, or a new one. Overtaken by a colleague, both texts are shown and both are kept."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    if request.method != "POST":
        return _page(request, patient, _form_of(patient))
    form = ConsultationForm(request.POST, screening=screening_of(patient))
    if not form.is_valid():
        return _page(request, patient, form, status=422)
    written = write(actor, patient, form.said, seen=form.cleaned_data["seen"])
    twice = form.answered_meanwhile(screening_of(patient))
    asked_twice = {question for question, _, _ in twice}
    screen(actor, patient, {name: said for name, said in form.answers.items() if name not in asked_twice})
    if not written.is_overtaken and not twice:
        messages.info(request, "Kept, under your name.")
        return redirect("intake:consult", patient.pk)
    theirs = standing_text(written.text.consultation)
    typed = request.POST.copy()
    typed["seen"] = seen_mark(theirs)
    form = ConsultationForm(typed, screening=screening_of(patient))
    both = _both(theirs, written.text) if written.is_overtaken else []
    return _page(request, patient, form, theirs=theirs, both=both, twice=twice, status=409)


@require_safe
@allow(*CLINICAL)
def read(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    """One consultation with every word that was ever written in it."""
    texts = ConsultationText.objects.select_related("written_by")
    found = Consultation.objects.select_related("patient", "signed__signed_by").prefetch_related(
        Prefetch("texts", queryset=texts)
    )
    consultation = get_object_or_404(found, pk=consultation_id)
    note_look(actor_of(request), consultation.patient_id)
    page = {"consultation": consultation, "patient": consultation.patient, "text": standing_text(consultation)}
    return render(request, "intake/consultation.html", page)


@require_safe
@allow(*CLINICAL)
@never_cache
def letter_back(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    """To whoever referred, once it is signed. Named by a number: names do not belong in a folder of downloads."""
    found = Consultation.objects.exclude(signed=None).select_related("patient__clinic", "signed__text")
    consultation = get_object_or_404(found, pk=consultation_id)
    note_look(actor_of(request), consultation.patient_id)
    response = HttpResponse(letter(consultation, at=timezone.now()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="letter-{consultation.pk}.pdf"'
    return response


@require_POST
@allow(Role.PRESCRIBER, step_up=True)
def sign_consultation(request: HttpRequest, consultation_id: UUID) -> HttpResponse:
    consultation = get_object_or_404(Consultation.objects.select_related("patient"), pk=consultation_id)
    actor = actor_of(request)
    note_look(actor, consultation.patient_id)
    if not sign(actor, consultation, seen=request.POST.get("seen", "")):
        messages.info(request, "Not signed: something is missing, or a colleague wrote since. Look at it again.")
        return redirect("intake:consult", consultation.patient_id)
    messages.info(request, "Signed. It stays as it is from here on.")
    return redirect("intake:consultation", consultation.pk)


@form_page
@allow(*CLINICAL)
def note_call(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """A call with whoever referred, as it was: it stands beside the consultation."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    form = Call(posted(request), today=actor.the_clinic.today())
    if form.is_valid():
        PhoneCall.objects.create(
            clinic=actor.the_clinic, patient=patient, noted_by=actor.the_person, **form.cleaned_data
        )
        return redirect("intake:consult", patient.pk)
    return render(request, "intake/call.html", {"form": form, "patient": patient}, status=422 if form.errors else 200)


@form_page
@allow(*CLINICAL)
def ask(request: HttpRequest, patient_id: UUID, instrument: str) -> HttpResponse:
    """A questionnaire gone through with the patient. A worry in it leads to asking about it at once."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    worded = next((each for each in all_worded(actor.the_clinic) if each.instrument.code == instrument), None)
    if worded is None:
        raise Http404("no words of this instrument here")
    form = InstrumentFields(posted(request), worded=worded)
    if form.is_to_be_kept:
        day, source = actor.the_clinic.today(), Questionnaire.Source.RATED
        kept = fill_in(patient, worded.instrument, items=form.items, day=day, by=actor.by, source=source)
        concern = Concern.objects.filter(questionnaire=kept).first()
        return redirect("intake:risk", concern.pk) if concern else redirect("intake:consult", patient.pk)
    page = {"patient": patient, "worded": worded, "form": form, "missing": form.missing}
    page["all_missing"] = form.missing == len(worded.questions)
    return render(request, "intake/ask.html", page, status=422 if form.missing or form.errors else 200)


@form_page
@allow(*CLINICAL)
def risk(request: HttpRequest, concern_id: UUID) -> HttpResponse:
    """What was asked about a worry, and what was decided, under the name of who is signed in."""
    concern = get_object_or_404(Concern.objects.select_related("patient", "questionnaire", "check_in"), pk=concern_id)
    actor = actor_of(request)
    note_look(actor, concern.patient_id)
    form = RiskAsked(posted(request))
    if form.is_valid():
        typed = form.cleaned_data
        RiskForm.objects.create(
            clinic=actor.the_clinic,
            concern=concern,
            asked_by=actor.the_person,
            keeps_safe=typed["keeps_safe"],
            **form.answers,
        )
        decide(concern, what=typed["what"], words=typed["words"], person=actor.the_person)
        messages.info(request, "Written under your name.")
        return redirect("intake:consult", concern.patient_id)
    page = {"form": form, "concern": concern, "patient": concern.patient}
    page["asked"] = concern.risk_forms.select_related("asked_by")
    page["decisions"] = concern.decisions.select_related("decided_by")
    return render(request, "intake/risk.html", page, status=422 if form.errors else 200)


def _form_of(patient: Patient) -> ConsultationForm:
    text = standing_text(open_consultation(patient))
    said = {name: getattr(text, name) for name in SAYS} if text else {"decision": ConsultationText.Decision.OPEN}
    return ConsultationForm(initial={**said, "seen": seen_mark(text)}, screening=screening_of(patient))


def _both(theirs: ConsultationText | None, mine: ConsultationText) -> list[tuple[str, str, str]]:
    """Where the two differ: the part, what stands, what I wrote."""
    pairs = [(name, getattr(theirs, name, ""), getattr(mine, name)) for name in SAYS if name != "decision"]
    decisions = ("decision", theirs.get_decision_display() if theirs else "", mine.get_decision_display())
    return [(name, their, my) for name, their, my in (*pairs, decisions) if their != my]


def _page(
    request: HttpRequest, patient: Patient, form: ConsultationForm, *, status: int = 200, **more: object
) -> HttpResponse:
    consultation = open_consultation(patient)
    text, found = standing_text(consultation), judge_screening(screening_of(patient))
    page = {
        "patient": patient,
        "form": form,
        "consultation": consultation,
        "text": text,
        "lacking": lacking(patient, text),
        "findings": [finding for finding in found if finding.code != NOT_ASKED],
        "not_asked": sum(finding.code == NOT_ASKED for finding in found),
        "may_sign": actor_of(request).has_role(Role.PRESCRIBER),
        "signed": Consultation.objects.filter(patient=patient).exclude(signed=None).select_related("signed__signed_by"),
        "items": items_of(patient),
        "allergies": allergies_of(patient),
        "calls": PhoneCall.objects.filter(patient=patient).select_related("noted_by"),
        "waiting": len(waiting_answers(patient)),
        "scores": standing_questionnaires([patient]).order_by("-day", "-written_at"),
        "worded": all_worded(actor_of(request).the_clinic),
    }
    return render(request, "intake/consult.html", page | more, status=status)
