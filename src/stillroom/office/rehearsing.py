"""A trial run: the clinic's rooms, people, drug library and protocols once more, in a clinic that only rehearses.

It is a clinic of its own, so the rows of the two are fenced from each other as any two clinics are: nothing invented is
ever in a list, a count or a record of a real patient. What was approved or signed is copied with who did so and when.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from stillroom.clinics.access import CLINICAL, allow
from stillroom.clinics.actor import CHOSEN_CLINIC, Actor, actor_of
from stillroom.clinics.models import Clinic, Role, Room, SecondSigner, Staff
from stillroom.clinics.rows import clinic_scope
from stillroom.core.safety.screening import QUESTIONS
from stillroom.infusions.known import COMPLETED
from stillroom.infusions.models import Infusion
from stillroom.patients.admitting import admit
from stillroom.patients.consents import Signing, sign, texts_in_force
from stillroom.patients.history import say
from stillroom.patients.known import state_none_known, weigh
from stillroom.patients.models import Answer, Consent, ConsentText, Patient
from stillroom.protocols.models import LibraryDrug, LibraryLimit, LibraryVersion, Protocol, ProtocolVersion

REHEARSES = (*CLINICAL, Role.FRONT_DESK, Role.ADMINISTRATOR)
KEPT = ("time_zone", "opens_door_with_adult", "opens_door_stay_until_clear", "phone", "after_hours_phone")
TRIAL = {
    "identifier": "TRIAL",
    "given_name": "Trial",
    "family_name": "Run",
    "birth_date": date(1985, 5, 4),
    "height_cm": Decimal(170),
}


@require_safe
@allow(*REHEARSES)
def rehearsal(request: HttpRequest) -> HttpResponse:
    """What a trial run is, and going there or back."""
    clinic = actor_of(request).the_clinic
    return render(request, "office/rehearsal.html", {"clinic": clinic, "is_there": clinic.rehearses_id is not None})


@require_POST
@allow(*REHEARSES)
def rehearse(request: HttpRequest) -> HttpResponse:
    """Into the rehearsal, with everything as it stands in the clinic now."""
    actor = actor_of(request)
    if actor.the_clinic.rehearses_id is None:
        request.session[CHOSEN_CLINIC] = str(furnish(actor))
    return redirect("office:rehearsal")


@require_POST
@allow(*REHEARSES)
def leave_rehearsal(request: HttpRequest) -> HttpResponse:
    clinic = actor_of(request).the_clinic
    if clinic.rehearses_id:
        request.session[CHOSEN_CLINIC] = str(clinic.rehearses_id)
    return redirect("front")


def rehearsal_id(clinic: Clinic) -> UUID:
    """Where a clinic rehearses, whether it has yet or not."""
    return uuid5(clinic.pk, "rehearsal")


def has_rehearsed(clinic: Clinic) -> bool:
    """Has a trial run gone from the order to the end of its drip? Nobody has to stay the hour after it."""
    with clinic_scope(rehearsal_id(clinic)):
        return Infusion.objects.filter(status__in=COMPLETED, started_at__isnull=False).exists()


@transaction.atomic
def furnish(actor: Actor) -> UUID:
    """The rehearsal as the clinic is now: who and what is new there is added, who left is not there any more."""
    clinic, there = actor.the_clinic, rehearsal_id(actor.the_clinic)
    rooms, staff = list(Room.objects.all()), list(Staff.objects.all())
    signers = list(SecondSigner.objects.filter(ended_at=None))
    library = LibraryVersion.objects.in_force(timezone.now())
    drugs = list(library.drugs.prefetch_related("limits")) if library else []
    signed = list(ProtocolVersion.objects.filter(signed_at__isnull=False).select_related("protocol"))
    texts = list(ConsentText.objects.filter(approved_at__isnull=False))
    with clinic_scope(there, by=actor.by):
        said = {name: getattr(clinic, name) for name in KEPT} | {"name": f"Rehearsal of {clinic.name}"[:120]}
        copy, _ = Clinic.objects.update_or_create(pk=there, defaults=said | {"rehearses": clinic})
        for room in rooms:
            Room.objects.update_or_create(clinic=copy, name=room.name, defaults={"is_private": room.is_private})
        _copy_people(copy, staff, signers)
        if library:
            _copy_library(copy, library, drugs)
        for version in signed:
            _copy_protocol(copy, version)
        for text in texts:
            _copy_text(copy, text)
        _trial_patient(copy, actor)
    return there


def _copy_people(copy: Clinic, staff: list[Staff], signers: list[SecondSigner]) -> None:
    for row in staff:
        spans = {"short_name": row.short_name, "from_date": row.from_date, "until_date": row.until_date}
        Staff.objects.update_or_create(clinic=copy, person=row.person, role=row.role, defaults=spans)
    for signer in signers:
        named = {"position": signer.position, "named_by": signer.named_by}
        SecondSigner.objects.get_or_create(clinic=copy, person=signer.person, ended_at=None, defaults=named)


def _copy_library(copy: Clinic, library: LibraryVersion, drugs: list[LibraryDrug]) -> None:
    """The same numbers under the same digest, with who wrote and who approved them."""
    if LibraryVersion.objects.filter(digest=library.digest, approved_at=library.approved_at).exists():
        return
    last = LibraryVersion.objects.order_by("-number").first()
    number = max(library.number, last.number + 1 if last else 0)
    version = LibraryVersion.objects.create(clinic=copy, number=number, drafted_by=library.drafted_by)
    for drug in drugs:
        limits = list(drug.limits.all())
        names = ("name", "concentration_mg_per_ml", "must_be_diluted", "source")
        row = LibraryDrug.objects.create(clinic=copy, version=version, **{name: getattr(drug, name) for name in names})
        bounds = ("quantity", "hard_low", "soft_low", "typical", "soft_high", "hard_high", "source")
        LibraryLimit.objects.bulk_create(
            LibraryLimit(clinic=copy, drug=row, **{name: getattr(limit, name) for name in bounds}) for limit in limits
        )
    for name in ("approved_by", "approved_at", "effective_at", "digest"):
        setattr(version, name, getattr(library, name))
    version.save()


def _copy_protocol(copy: Clinic, signed: ProtocolVersion) -> None:
    protocol, _ = Protocol.objects.get_or_create(clinic=copy, name=signed.protocol.name)
    names = ("document", "digest", "why", "drafted_by", "drafted_at", "signed_by", "signed_at", "signed_name")
    said = {name: getattr(signed, name) for name in (*names, "signed_meaning")}
    ProtocolVersion.objects.get_or_create(protocol=protocol, number=signed.number, defaults=said | {"clinic": copy})


def _copy_text(copy: Clinic, text: ConsentText) -> None:
    names = ("words", "written_by", "written_at", "approved_by", "approved_at")
    said = {name: getattr(text, name) for name in names}
    ConsentText.objects.get_or_create(clinic=copy, language=text.language, number=text.number, defaults=said)


def _trial_patient(copy: Clinic, actor: Actor) -> None:
    """Nobody, weighed today, asked what is asked, with the consent signed: so that an order can be written at once."""
    there = Actor(actor.proof, actor.person, copy, actor.roles, actor.short_name)
    patient = Patient.objects.filter(identifier=TRIAL["identifier"]).first()
    if patient is None:
        patient = admit(there, TRIAL)
        state_none_known(patient, there)
        for question in QUESTIONS:
            say(there, patient, question=question, said=Answer.NO, told_by="nobody: a trial")
    for text in texts_in_force(copy.pk).values():
        now = timezone.now()
        sign(
            patient, text, Signing(name=str(patient), how=Consent.How.PAPER, by=actor.by, at=now, witness=actor.person)
        )
    if not patient.weights.filter(measured_at__date=copy.today()).exists():
        weigh(patient, "70", there)
