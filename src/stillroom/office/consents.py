"""A patient's consent at the clinic: how it stands and all that was signed; noted, signed on a screen, taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from stillroom.clinics.access import allow
from stillroom.clinics.actor import Actor, actor_of
from stillroom.core.errors import Finding, Refused
from stillroom.intake.coming import ByWhom, consent_page
from stillroom.office.consent_forms import NotePaper
from stillroom.office.patients import WRITES_PATIENTS
from stillroom.patients.access import patient_for
from stillroom.patients.consents import Signing, note_own_paper, paper, sign, standing_of, texts_in_force, withdraw
from stillroom.patients.models import Consent, ConsentText, Patient
from stillroom.web.files import as_pdf
from stillroom.web.posted import posted


@require_http_methods(["GET", "POST"])
@allow(*WRITES_PATIENTS)
def consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """What was signed, and noting a signed paper."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    in_force = texts_in_force(actor.the_clinic.pk)
    form = NotePaper(posted(request), clinic=actor.the_clinic, in_force=in_force, initial={"name": str(patient)})
    findings: tuple[Finding, ...] = ()
    if form.is_valid():
        try:
            _note(actor, patient, form)
        except Refused as refused:
            findings = refused.findings
        else:
            messages.info(request, "Noted, under your name. Keep the paper.")
            return redirect("office:consent", patient.pk)
    page = {
        "patient": patient,
        "standing": standing_of(patient),
        "signed": patient.consents.select_related("witnessed_by", "text"),
        "texts": list(in_force.values()),
        "form": form,
        "findings": findings,
    }
    return render(request, "office/consent.html", page, status=422 if form.errors or findings else 200)


@require_http_methods(["GET", "POST"])
@allow(*WRITES_PATIENTS)
def sign_consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """For the patient's own hand, on the clinic's screen; whoever is signed in is who saw it signed."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    whom = ByWhom(actor.by, Consent.How.TABLET, actor.the_person)
    page, signed = consent_page(patient, posted(request), whom, language=request.GET.get("language"))
    if signed:
        return render(request, "office/consent_signed.html", {"patient": patient, "consent": signed})
    is_asked_again = page["findings"] or page["form"].errors
    page |= {"patient": patient}
    return render(request, "office/sign_consent.html", page, status=422 if is_asked_again else 200)


@require_POST
@allow(*WRITES_PATIENTS)
def withdraw_consent(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The patient said so: in one act, and no reason is asked for."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    if withdraw(patient, by=actor.by):
        messages.info(request, "Taken back. What was signed stays readable, with when it was taken back.")
    return redirect("office:consent", patient.pk)


@require_safe
@allow(*WRITES_PATIENTS)
def consent_paper(request: HttpRequest, patient_id: UUID, text_id: UUID) -> HttpResponse:
    """The text with the patient's name and lines to sign on."""
    actor = actor_of(request)
    patient = patient_for(actor, patient_id)
    text = get_object_or_404(ConsentText.objects.filter(approved_at__isnull=False), pk=text_id)
    return as_pdf(paper(text, patient=patient, clinic=actor.the_clinic), "consent.pdf")


def _note(actor: Actor, patient: Patient, form: NotePaper) -> Consent:
    said = form.cleaned_data
    signing = Signing(
        name=said["name"],
        how=Consent.How.PAPER,
        by=actor.by,
        at=form.signed_at(timezone.now()),
        witness=actor.the_person,
    )
    if "text" in said:
        return sign(patient, said["text"], signing)
    return note_own_paper(patient, said["version"], signing)
