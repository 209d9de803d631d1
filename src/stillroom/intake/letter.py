"""The letter back to whoever referred: the decision as signed; later, what was given and what was scored since."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from stillroom.core.infusion.state import AFTER, LEFT
from stillroom.infusions.models import Infusion
from stillroom.intake.models import Consultation, SentReview
from stillroom.outcomes.reading import standing_questionnaires
from stillroom.patients.history import items_of
from stillroom.patients.models import HistoryItem, Patient
from stillroom.web.pdf import pdf

LETTER = Path(__file__).parent / "letter.typ"
GIVEN = AFTER | LEFT
UNNAMED = "the referring physician"


def letter(consultation: Consultation, *, at: datetime) -> bytes:
    return pdf(LETTER, contents(consultation, at=at))


def contents(consultation: Consultation, *, at: datetime) -> dict[str, Any]:
    """Of a signed consultation: the text that was signed, and no later word of it."""
    patient, signed = consultation.patient, consultation.signed
    zone = ZoneInfo(patient.clinic.time_zone)
    return {
        "clinic": patient.clinic.name,
        "zone": patient.clinic.time_zone,
        "date": _day(at, zone),
        "to": _referrer_of(patient),
        "patient": str(patient),
        "born": f"{patient.birth_date:%-d %B %Y}",
        "seen": _day(consultation.begun_at, zone),
        "decision": signed.text.get_decision_display(),
        "because": signed.text.because,
        "assessment": signed.text.assessment,
        "items": [{"kind": each.get_kind_display(), "words": each.words} for each in _told(patient)],
        "infusions": [_day(each, zone) for each in _given(patient)],
        "scores": _scores(patient),
        "signed_by": str(signed.signed_by),
        "signed_at": _day(signed.signed_at, zone),
    }


def _told(patient: Patient) -> QuerySet[HistoryItem]:
    """What their other doctors need to know: neither their own letters nor what was measured long ago."""
    return items_of(patient).filter(kind__in=[HistoryItem.Kind.CONDITION, HistoryItem.Kind.MEDICINE])


def _referrer_of(patient: Patient) -> str:
    """Who last sent records of this patient that were read as theirs: not the patient themself."""
    reviews = SentReview.objects.filter(patient=patient).exclude(sent__link=None)
    last = reviews.select_related("sent").order_by("-sent__sent_at").first()
    return last.sent.sender if last else UNNAMED


def _given(patient: Patient) -> list[datetime]:
    rows = Infusion.objects.filter(patient=patient, status__in=GIVEN).order_by("started_at")
    return [each.started_at for each in rows if each.started_at]


def _scores(patient: Patient) -> list[dict[str, str]]:
    """Whole forms only: a partial one has no total."""
    rows = standing_questionnaires([patient]).filter(total__isnull=False)
    return [
        {
            "day": f"{each.day:%-d %b %Y}",
            "name": each.get_instrument_display(),
            "total": str(each.total),
            "band": each.band.replace("_", " "),
        }
        for each in rows
    ]


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%-d %B %Y}"
