"""Records from elsewhere: asked for by a link, shown to whom they may be about, and read by a named clinician."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from stillroom.clinics.actor import Actor
from stillroom.core.infusion.state import BEFORE_INFUSING
from stillroom.core.safety.same_person import letters_of
from stillroom.infusions.models import Infusion
from stillroom.intake.models import AnswerReview, ItemReview, Link, Sent, SentItem, SentReview
from stillroom.intake.reviewing import waiting_answers
from stillroom.intake.taking import take
from stillroom.patients.models import Patient
from stillroom.schedule.models import Appointment
from stillroom.web.by_link import digest_of as digest_of_token
from stillroom.web.by_link import new_token


def make_records_link(actor: Actor, *, for_whom: str, days: int, patient: Patient | None = None) -> str:
    """A link for one sending; its secret, said this once."""
    token, now = new_token(), timezone.now()
    Link.objects.create(
        clinic=actor.the_clinic,
        kind=Link.Kind.RECORDS,
        patient=patient,
        for_whom=for_whom,
        token_digest=digest_of_token(token),
        made_by=actor.the_person,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token


def unread() -> QuerySet[Sent]:
    return Sent.objects.filter(review=None).select_related("link__patient").order_by("sent_at")


def alike(row: Sent) -> list[Sent]:
    """What else was sent about somebody of that birth date and a name like it. If it is the same one, a person says."""
    named = _letters(row.about_name)
    same_day = Sent.objects.filter(about_born=row.about_born).exclude(pk=row.pk).select_related("review__reviewed_by")
    return [each for each in same_day if named & _letters(each.about_name)]


def read_of(patient: Patient) -> QuerySet[Sent]:
    """What was read as theirs, with who read it."""
    return Sent.objects.filter(review__patient=patient).select_related("review__reviewed_by")


def unread_of(patient: Patient) -> list[Sent]:
    return [row for row in unread() if may_be_about(row, patient)]


def documents_of(patient: Patient) -> QuerySet[ItemReview]:
    """Those that were taken into the record and can be read here."""
    taken = ItemReview.objects.filter(patient=patient, what=AnswerReview.What.TAKEN).exclude(item__document=None)
    return taken.select_related("item__document", "item__file__sent", "reviewed_by").order_by("reviewed_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """Somebody who comes, what of theirs nobody has read, and what was read by whom."""

    patient: Patient
    unread: tuple[Sent, ...]
    answers: int
    read: tuple[Sent, ...]

    @property
    def is_read(self) -> bool:
        return not self.unread and not self.answers


def coming_records(clinic_patients: QuerySet[Patient], *, today: date) -> list[Coming]:
    """Of all who come today or tomorrow and sent something or had it sent; those with something unread first.

    An infusion that is planned without an appointment may begin at any time.
    """
    tomorrow, waiting = today + timedelta(days=1), list(unread())
    appointments = Appointment.objects.standing().filter(starts_at__date__range=(today, tomorrow))
    planned = Infusion.objects.filter(status__in=BEFORE_INFUSING)
    later = planned.filter(patient_order__appointment__starts_at__date__gt=tomorrow)
    expected = Q(pk__in=appointments.values("patient"))
    expected |= Q(pk__in=planned.exclude(pk__in=later.values("pk")).values("patient"))
    found = [_coming(each, waiting) for each in clinic_patients.filter(expected)]
    return sorted((each for each in found if each.read or not each.is_read), key=lambda each: each.is_read)


def _coming(patient: Patient, waiting: Iterable[Sent]) -> Coming:
    return Coming(
        patient=patient,
        unread=tuple(row for row in waiting if may_be_about(row, patient)),
        answers=len(waiting_answers(patient)),
        read=tuple(read_of(patient)),
    )


def may_be_about(row: Sent, patient: Patient) -> bool:
    """The link was for them; or the birth date is theirs and a part of the name."""
    if row.link and row.link.patient_id:
        return row.link.patient_id == patient.pk
    theirs = _letters(f"{patient.given_name} {patient.family_name}")
    return row.about_born == patient.birth_date and bool(_letters(row.about_name) & theirs)


def _letters(name: str) -> set[str]:
    return {letters_of(word) for word in name.split()} - {""}


def read(actor: Actor, row: Sent, patient: Patient, decided: Iterable[tuple[SentItem, AnswerReview.What]]) -> bool:
    """Decide about some items, and say that it was read. False where a colleague was first with one of them.

    Refused, and nothing of it kept, where the record cannot take one of them as it is.
    """
    try:
        with transaction.atomic():
            for item, what in decided:
                ItemReview.objects.create(
                    clinic=actor.the_clinic, item=item, patient=patient, what=what, reviewed_by=actor.the_person
                )
                if what == AnswerReview.What.TAKEN:
                    take(actor, patient, item)
            review, _ = SentReview.objects.get_or_create(
                sent=row, defaults={"clinic": actor.the_clinic, "patient": patient, "reviewed_by": actor.the_person}
            )
            if review.patient_id != patient.pk:
                raise IntegrityError("a colleague said that it is somebody else's")
    except IntegrityError:
        return False
    return True
