"""Taking my record along, on paper and as one file."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

import stillroom.exchange
from stillroom.clinics.access import PATIENT, allow, public
from stillroom.clinics.actor import actor_of
from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.exchange.bringing import with_brought
from stillroom.exchange.gather import gather
from stillroom.exchange.making import paper_of, paper_of_infusion, part_of
from stillroom.exchange.sealing import sealed
from stillroom.exchange.signing import fingerprint, key_of, public_key
from stillroom.journal.checkins import own_patients
from stillroom.journal.forms_taking import TakeAlong
from stillroom.journal.mine import my_infusion
from stillroom.web.posted import posted

VERIFY_PAGE = Path(stillroom.exchange.__path__[0]) / "verify.html"


@allow(PATIENT)
@require_http_methods(["GET", "POST"])
def take_along(request: HttpRequest) -> HttpResponse:
    """One file with everything, under a passphrase if wanted. By POST, as it is made anew each time."""
    patients, form = own_patients(request), TakeAlong(posted(request))
    if not form.is_valid():
        page = {"form": form, "patients": patients}
        return render(request, "journal/take_along.html", page, status=422 if form.errors else 200)
    now = timezone.now()
    parts = [part_of(gather(patient, at=now), keys=settings.SIGNING_KEYS) for patient in patients]
    content = with_brought(parts, actor_of(request).the_person)
    passphrase = form.cleaned_data["passphrase"]
    if passphrase:
        return as_file(sealed(content, passphrase), f"record-{now:%Y-%m-%d}.stillroom", "application/octet-stream")
    return as_file(content, f"record-{now:%Y-%m-%d}.zip", "application/zip")


@allow(PATIENT)
@require_safe
def record_paper(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """The readable record of one clinic."""
    patient = next((each for each in own_patients(request) if each.pk == patient_id), None)
    if patient is None:
        raise Http404("not a patient there")
    paper = paper_of(gather(patient, at=timezone.now()), keys=settings.SIGNING_KEYS)
    return as_file(paper, "record.pdf", "application/pdf", is_shown=True)


@allow(PATIENT)
@require_safe
def infusion_paper(request: HttpRequest, infusion_id: UUID) -> HttpResponse:
    """One infusion on paper: there when I leave, signed or not yet."""
    told = my_infusion(infusion_id, at=timezone.now())
    patient = next(each for each in own_patients(request) if each.pk == told.patient_id)
    paper = paper_of_infusion(gather(patient, at=timezone.now()), infusion_id)
    return as_file(paper, "infusion.pdf", "application/pdf", is_shown=True)


@public
@require_safe
def signing_keys(request: HttpRequest) -> HttpResponse:
    """By which keys the clinics of this server are known: for whoever holds a record, here or anywhere."""
    return render(request, "journal/signing_keys.html", {"clinics": _clinics_with_keys()})


@public
@require_safe
def verify_page(request: HttpRequest) -> HttpResponse:
    """The page that checks a record, to keep on a disk: it has its script inside, so it is never shown from here."""
    return as_file(VERIFY_PAGE.read_bytes(), "verify.html", "text/html")


def as_file(content: bytes, name: str, kind: str, *, is_shown: bool = False) -> HttpResponse:
    """A name without anybody's name in it: names do not belong in a folder of downloads."""
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'{"inline" if is_shown else "attachment"}; filename="{name}"'
    return answer


def _clinics_with_keys() -> list[tuple[str, str]]:
    found = []
    for clinic_id in clinic_ids():
        key = key_of(settings.SIGNING_KEYS, clinic_id)
        with clinic_scope(clinic_id):
            name = Clinic.objects.get(pk=clinic_id).name
        found.append((name, fingerprint(public_key(key)) if key else ""))
    return sorted(found)
