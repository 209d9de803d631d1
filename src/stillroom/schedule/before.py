"""What a clinic tells its patients before they come: its versions, the words to begin with, and the page and the paper.

Page and paper say the same: both are made of `told`. A patient reads the newest version.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.clinics.models import Clinic
from stillroom.patients.models import Patient
from stillroom.schedule.models import Appointment, BeforeYouCome
from stillroom.web.pdf import pdf

HERE = Path(__file__).parent
TEMPLATE, PAPER = HERE / "data" / "before_you_come.en.toml", HERE / "before_you_come.typ"
SECTIONS = ("fasting", "medicines", "home", "room", "monitors", "music", "feeling", "price", "arriving")
HOURS = ("clear_fluids_h", "light_meal_h", "full_meal_h")


@dataclass(frozen=True, slots=True)
class Section:
    """One heading and what is said under it."""

    code: str
    heading: str
    paragraphs: tuple[str, ...]


def template_words() -> dict[str, Any]:
    """What a clinic may begin with. No patient reads it."""
    said = tomllib.loads(TEMPLATE.read_text())
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


def newest(clinic: Clinic) -> BeforeYouCome | None:
    return BeforeYouCome.objects.filter(clinic=clinic).select_related("written_by").first()


def write(actor: Actor, said: Mapping[str, Any]) -> BeforeYouCome:
    """A new version; patients read it from now on."""
    clinic = actor.the_clinic
    with transaction.atomic():
        Clinic.objects.select_for_update().get(pk=clinic.pk)
        last = newest(clinic)
        number = last.number + 1 if last else 1
        return BeforeYouCome.objects.create(clinic=clinic, number=number, written_by=actor.the_person, **said)


def told(version: BeforeYouCome, clinic: Clinic) -> list[Section]:
    """In the order of the day. What the clinic left empty is left out."""
    found = [_section(code, version, clinic) for code in SECTIONS]
    return [each for each in found if each.paragraphs]


def coming(patient: Patient) -> list[Appointment]:
    """What the patient is still expected for, the next first."""
    return list(
        Appointment.objects.standing().filter(patient=patient, ends_at__gt=timezone.now()).order_by("starts_at")
    )


def paper(patient: Patient, version: BeforeYouCome, *, at: datetime) -> bytes:
    return pdf(PAPER, contents(patient, version, at=at))


def contents(patient: Patient, version: BeforeYouCome, *, at: datetime) -> dict[str, Any]:
    clinic = patient.clinic
    zone = ZoneInfo(clinic.time_zone)
    return {
        "clinic": clinic.name,
        "zone": clinic.time_zone,
        "phone": clinic.phone,
        "after_hours_phone": clinic.after_hours_phone,
        "date": f"{at.astimezone(zone):%-d %B %Y}",
        "patient": str(patient),
        "born": f"{patient.birth_date:%-d %B %Y}",
        "appointments": [f"{each.starts_at.astimezone(zone):%A, %-d %B %Y, %H:%M}" for each in coming(patient)],
        "sections": [{"heading": each.heading, "paragraphs": list(each.paragraphs)} for each in told(version, clinic)],
        "version": str(version.number),
        "written": f"{version.written_at.astimezone(zone):%-d %B %Y}",
    }


def _section(code: str, version: BeforeYouCome, clinic: Clinic) -> Section:
    words = {"code": code, "version": version, "clinic": clinic}
    heading = render_to_string("schedule/_heading_words.html", words).strip()
    own = getattr(version, code, "")
    text = own if code in _fields() and code != "price" else render_to_string(f"schedule/_{code}_words.txt", words)
    return Section(code, heading, tuple(_paragraphs(text.splitlines())))


def _fields() -> Iterable[str]:
    return {field.name for field in BeforeYouCome._meta.concrete_fields}


def _paragraphs(lines: Iterable[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]
