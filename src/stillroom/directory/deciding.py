"""What editors do: take up an application, judge each statement, take something out with another editor's agreement.

Every act holds the directory for itself, and ends by publishing what follows from it.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import slugify

from stillroom.clinics.models import Person
from stillroom.directory.applying import LEAVES, PLACE_FIELDS, statements_typed
from stillroom.directory.criteria import SEEN_FOR_DAYS, STATED_FOR_DAYS, criteria
from stillroom.directory.document import Evidence
from stillroom.directory.keeper import one_at_a_time
from stillroom.directory.models import Application, Judgement, Listing, Removal, Said
from stillroom.directory.publishing import publish, today
from stillroom.directory.standing import last_judgement


def take_up(application: Application, *, by: Person) -> Listing:
    """What the clinic wrote becomes its listing and its statements. Nothing is shown before each is judged."""
    one_at_a_time(application.clinic_id)
    application.refresh_from_db()
    if application.settled_at or not application.confirmed_at:
        raise ValidationError("This application is settled already, or its clinic has not opened the link yet.")
    if application.typed.get(LEAVES) and application.listing:
        listing = _leave(application.listing)
    else:
        listing = _listing_of(application)
    now = timezone.now()
    for code, (answer, note) in statements_typed(application.typed).items():
        Said.objects.create(
            clinic_id=application.clinic_id,
            listing=listing,
            application=application,
            criteria_version=criteria().version,
            criterion=code,
            answer=answer,
            note=note,
            stated_on=today(application.sent_at),
            added_at=now,
        )
    _settle(application, by=by, listing=listing)
    publish(application.clinic_id)
    return listing


def turn_down(application: Application, *, by: Person, reason: str) -> None:
    """The reason is kept, and never published."""
    one_at_a_time(application.clinic_id)
    application.refresh_from_db()
    if application.settled_at or not application.confirmed_at:
        raise ValidationError("This application is settled already, or its clinic has not opened the link yet.")
    application.refused_because = reason
    _settle(application, by=by, listing=application.listing)


def judge(said: Said, *, verdict: str, evidence: str, reason: str, by: Person) -> Judgement:
    """One statement, and what follows from it is published."""
    one_at_a_time(said.clinic_id)
    judgement = judged(said, verdict=verdict, evidence=evidence, reason=reason, by=by, day=today())
    publish(said.clinic_id)
    return judgement


def judged(said: Said, *, verdict: str, evidence: str, reason: str, by: Person, day: date) -> Judgement:
    """What an editor made of it on a day, unpublished. Seen counts a year, the clinic's word half a year."""
    before = last_judgement(said)
    if verdict == Judgement.Verdict.REFUSED and before and before.verdict != Judgement.Verdict.REFUSED:
        raise ValidationError("This was let stand. To take it out, propose that below; another editor must agree.")
    if verdict == Judgement.Verdict.REFUSED and not reason:
        raise ValidationError("Say why, for the other editors. It is kept and not published.")
    if verdict == Judgement.Verdict.SEEN and evidence == Evidence.WORD:
        raise ValidationError("Say what you saw it in. The clinic’s word alone is “let stand”.")
    is_seen = verdict == Judgement.Verdict.SEEN
    return Judgement.objects.create(
        clinic_id=said.clinic_id,
        said=said,
        verdict=verdict,
        evidence=evidence if is_seen else Evidence.WORD,
        reason=reason,
        judged_on=day,
        expires_on=day + timedelta(days=SEEN_FOR_DAYS if is_seen else STATED_FOR_DAYS),
        judged_by=by,
    )


def propose_removal(listing: Listing, *, by: Person, reason: str, said: Said | None = None) -> Removal:
    one_at_a_time(listing.clinic_id)
    if Removal.objects.filter(listing=listing, said=said, dropped_at=None).exists():
        raise ValidationError("This has been proposed already.")
    if not reason:
        raise ValidationError("Say why, for the editor who is to agree. It is kept and not published.")
    return Removal.objects.create(
        clinic_id=listing.clinic_id, listing=listing, said=said, reason=reason, proposed_by=by
    )


def agree_to_removal(removal: Removal, *, by: Person) -> None:
    """Another editor agrees: what was proposed is out from now on. The database holds that they are two."""
    one_at_a_time(removal.clinic_id)
    removal.refresh_from_db()
    if removal.proposed_by_id == by.pk:
        raise ValidationError("You proposed this. Another editor must agree.")
    if removal.agreed_at or removal.dropped_at:
        raise ValidationError("This is settled already.")
    removal.agreed_by, removal.agreed_at = by, timezone.now()
    removal.save(update_fields=["agreed_by", "agreed_at"])
    publish(removal.clinic_id)


def drop_removal(removal: Removal) -> None:
    """Whoever proposed it, or another editor, thinks better of it. What was agreed stays."""
    one_at_a_time(removal.clinic_id)
    removal.refresh_from_db()
    if removal.agreed_at or removal.dropped_at:
        raise ValidationError("This is settled already.")
    removal.dropped_at = timezone.now()
    removal.save(update_fields=["dropped_at"])


def _listing_of(application: Application) -> Listing:
    typed = {name: application.typed[name] for name in PLACE_FIELDS} | {"contact_email": application.contact_email}
    if application.listing is None:
        slug = _free_slug(application.clinic_id, f"{typed['name']} {typed['town']}")
        return Listing.objects.create(clinic_id=application.clinic_id, slug=slug, **typed)
    listing = application.listing
    for name, value in typed.items():
        setattr(listing, name, value)
    listing.withdrawn_at = None
    listing.save()
    return listing


def _leave(listing: Listing) -> Listing:
    listing.withdrawn_at = timezone.now()
    listing.save(update_fields=["withdrawn_at"])
    return listing


def _free_slug(clinic_id: UUID, words: str) -> str:
    slug = slugify(words)[:70].strip("-") or "clinic"
    taken = set(Listing.objects.filter(clinic_id=clinic_id, slug__startswith=slug).values_list("slug", flat=True))
    return slug if slug not in taken else next(f"{slug}-{n}" for n in range(2, 10_000) if f"{slug}-{n}" not in taken)


def _settle(application: Application, *, by: Person, listing: Listing | None) -> None:
    application.listing, application.settled_by, application.settled_at = listing, by, timezone.now()
    application.save(update_fields=["listing", "settled_by", "settled_at", "refused_because"])
