"""A critique is kept once, however often it is sent, with the version of the page that was read."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from stillroom.clinics.rows import clinic_scope
from stillroom.guide.critique.forgetting import forget_names
from stillroom.guide.models import Critique, CritiqueWriter
from stillroom.guide.shelf import BY, Shown

SALT = "stillroom.guide.sameness"


def take_in(clinic_id: UUID, shown: Shown, said: Mapping[str, str]) -> bool:
    """True when it is new; False when the same words of the same person on the same page are here already."""
    page = shown.page
    with clinic_scope(clinic_id, by=BY):
        forget_names(clinic_id)
        try:
            with transaction.atomic():
                critique = Critique.objects.create(
                    clinic_id=clinic_id,
                    language=page.language,
                    slug=page.slug,
                    page_title=page.title,
                    version_number=shown.version_number,
                    page_digest=page.digest,
                    comments=said["comments"],
                )
                CritiqueWriter.objects.create(
                    critique=critique,
                    clinic_id=clinic_id,
                    name=said["name"],
                    username=said["username"],
                    email=said["email"],
                    sameness=_sameness(shown, said),
                )
        except IntegrityError:
            return False
    return True


def _sameness(shown: Shown, said: Mapping[str, str]) -> str:
    """Keyed, so that it tells nobody a name; it goes with the names."""
    parts = (shown.page.language, shown.page.slug, said["name"], said["username"], said["email"], said["comments"])
    return salted_hmac(SALT, "\0".join(parts), algorithm="sha256").hexdigest()
