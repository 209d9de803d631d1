"""A clinic applies, confirms by the link it is mailed, and renews by a link again: no account.

Whoever opens the link has the clinic's mailbox; the link holds a secret of which only the digest is kept. A renewal's
link is signed, and works for three days.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from stillroom.core import canonical
from stillroom.directory.criteria import criteria
from stillroom.directory.models import Application, Listing, Said

PLACE_FIELDS = ("name", "street", "town", "country", "north", "east", "phone", "website", "contact_name")
LEAVES = "leaves"
SAME_WITHIN = timedelta(hours=1)
RENEWAL_GOOD_FOR = timedelta(days=3)
SALT = "stillroom.directory.renewal"


def hand_in(
    typed: Mapping[str, Any], email: str, *, keeper: UUID, at: datetime | None = None
) -> tuple[Application, str]:
    """The application, and the key of its link; an empty key where the same was handed in within the hour already."""
    at = at or timezone.now()
    text_digest = _digest(canonical.dumped(typed))
    same = Application.objects.filter(
        contact_email=email, typed_digest=text_digest, sent_at__gt=at - SAME_WITHIN
    ).first()
    if same:
        return same, ""
    key = secrets.token_urlsafe(24)
    made = Application.objects.create(
        clinic_id=keeper,
        contact_email=email,
        typed=typed,
        typed_digest=text_digest,
        key_digest=_digest(key),
        sent_at=at,
    )
    return made, key


def with_key(key: str) -> Application | None:
    return Application.objects.filter(key_digest=_digest(key)).first()


def confirm(application: Application) -> None:
    """The mailbox is the clinic's. Opened again, it stays confirmed as it was."""
    if application.confirmed_at is None:
        application.confirmed_at = timezone.now()
        application.save(update_fields=["confirmed_at"])


def renewal_token(listing: Listing) -> str:
    return signing.dumps(str(listing.pk), salt=SALT)


def listing_of_token(token: str) -> Listing | None:
    try:
        listing_id = signing.loads(token, salt=SALT, max_age=RENEWAL_GOOD_FOR)
    except signing.BadSignature:
        return None
    return Listing.objects.filter(pk=listing_id).first()


def hand_in_renewal(listing: Listing, typed: Mapping[str, Any]) -> Application:
    """Confirmed from the start: who opened the link has the mailbox. The same twice within the hour is one."""
    text_digest = _digest(canonical.dumped(typed))
    recent = {"listing": listing, "typed_digest": text_digest, "sent_at__gt": timezone.now() - SAME_WITHIN}
    same = Application.objects.filter(**recent).first()
    return same or Application.objects.create(
        clinic_id=listing.clinic_id,
        listing=listing,
        contact_email=listing.contact_email,
        typed=typed,
        typed_digest=text_digest,
        key_digest=_digest(secrets.token_urlsafe(24)),
        confirmed_at=timezone.now(),
    )


def said_now(listing: Listing) -> dict[str, Any]:
    """What the clinic last said, as its form begins when it renews."""
    found: dict[str, Any] = {name: getattr(listing, name) for name in PLACE_FIELDS}
    for said in Said.objects.filter(listing=listing, criteria_version=criteria().version).order_by("added_at"):
        found |= {f"answer_{said.criterion}": said.answer, f"note_{said.criterion}": said.note}
    return found | {"contact_email": listing.contact_email}


def statements_typed(typed: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Criterion -> answer and note, of those that were answered."""
    return {code: (each["answer"], each["note"]) for code, each in typed.get("answers", {}).items()}


def mail(template: str, subject: str, to: str, page: Mapping[str, Any]) -> bool:
    """Whether the letter left. The subject is ours, never anybody's words."""
    words = render_to_string(template, dict(page))
    try:
        send_mail(subject, words, None, [to])
    except (SMTPException, OSError):
        return False
    return True


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
