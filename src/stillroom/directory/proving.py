"""What an editor does with a clinic's signed records: register its key, take a statement in, and see what it proves.

The directory only verifies. That a statement is signed shows that it came out of the clinic's Stillroom unchanged; the
editor still judges each criterion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone

from stillroom.clinics.models import Person
from stillroom.core import canonical
from stillroom.directory.document import digest
from stillroom.directory.keeper import one_at_a_time
from stillroom.directory.models import FromRecords, Listing, RecordsKey
from stillroom.directory.publishing import today
from stillroom.directory.records import NotProved, RecordsStatement, is_public_key, text_of, verified

OLDEST = timedelta(days=93)
"""A statement whose last day is longer ago says nothing about now. Own decision."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One criterion, and what the records say about it: in `kept` of `of` infusions."""

    criterion: str
    kept: int
    of: int

    @property
    def is_all(self) -> bool:
        return self.kept == self.of


def register(listing: Listing, *, public_key: str, by: Person) -> RecordsKey:
    """From now on this key is the clinic's; one before it ends."""
    if not is_public_key(public_key):
        raise ValidationError("This is not a public key: 44 signs, as the clinic’s command printed them.")
    one_at_a_time(listing.clinic_id)
    RecordsKey.objects.filter(listing=listing, ended_at=None).update(ended_at=timezone.now())
    return RecordsKey.objects.create(
        clinic_id=listing.clinic_id, listing=listing, public_key=public_key, registered_by=by
    )


def receive(listing: Listing, *, text: str, by: Person) -> FromRecords:
    key = RecordsKey.objects.filter(listing=listing, ended_at=None).first()
    if key is None:
        raise ValidationError("Register the clinic’s key first.")
    try:
        statement = verified(text, key.public_key)
    except NotProved as refused:
        raise ValidationError(str(refused)) from None
    if not today() - OLDEST <= statement.until_day <= today() + timedelta(days=1):
        raise ValidationError("Its days are too long ago, or not over yet. Ask the clinic for a new one.")
    kept, _ = FromRecords.objects.get_or_create(
        listing=listing,
        digest=digest(text),
        defaults={"clinic_id": listing.clinic_id, "key": key, "text": text, "received_by": by},
    )
    return kept


def said_in(text: str) -> RecordsStatement:
    """What a statement says that was verified when it came."""
    return canonical.read(RecordsStatement, text_of(text))


def proved(text: str) -> Sequence[Proof]:
    """What it says about the criteria that records can speak of."""
    said = said_in(text)
    return (
        Proof("private_rooms", said.in_private_rooms, said.infusions),
        Proof("pressure", said.pressure_kept, said.infusions),
        Proof("pulse", said.pulse_kept, said.infusions),
        Proof("saturation", said.saturation_kept, said.infusions),
        Proof("flow", said.drops_counted, said.infusions),
        Proof("figures_given", said.slips_given, said.infusions),
    )
