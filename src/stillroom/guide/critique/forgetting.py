"""Names go when they have been kept long enough; what was said of the page stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.guide.models import CritiqueWriter
from stillroom.guide.shelf import BY


def kept_since(now: datetime) -> datetime:
    """Names of critiques that came before this are gone, or about to go and shown to nobody."""
    return now - timedelta(days=settings.CRITIQUE_NAMES_KEPT_DAYS)


def forget_names(clinic_id: UUID) -> int:
    """Of one clinic, its rows open. How many names went."""
    too_old = CritiqueWriter.objects.filter(clinic=clinic_id, critique__received_at__lt=kept_since(timezone.now()))
    gone, _ = too_old.delete()
    return gone


def forget_everywhere() -> int:
    """Of every clinic of this server: for the command."""
    gone = 0
    for clinic_id in clinic_ids():
        with clinic_scope(clinic_id, by=BY):
            gone += forget_names(clinic_id)
    return gone
