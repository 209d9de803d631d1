"""Links for people without an account, what patients wrote by theirs, and what a clinician made of it.

Answers are only ever added: of each question the newest one counts, and one that was reviewed stays as it was.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.history import keep_history
from stillroom.clinics.models import Clinic, Person
from stillroom.patients.models import Answer, Patient


@keep_history(without=["token_digest"])
class Link(models.Model):
    """A link by which somebody without an account hands something in, until it ends or is revoked.

    A patient writes their own part by theirs; somebody else sends records by it, `for_whom` of them. Here is only the
    digest of its secret.
    """

    class Kind(models.TextChoices):
        OWN_PART = "own_part", "a patient's own part"
        RECORDS = "records", "records from elsewhere"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    kind = models.CharField(max_length=10, choices=Kind)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="intake_links", null=True, blank=True)
    for_whom = models.CharField(max_length=120, blank=True)
    token_digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    mailed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="intake_link_clinic_and_id"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="intake_link_ends_after_it_began"),
            models.CheckConstraint(
                condition=Q(kind="own_part", patient__isnull=False) | Q(kind="records"),
                name="intake_link_of_a_patients_own_part_has_one",
            ),
        ]

    def __str__(self) -> str:
        return f"for {self.patient or self.for_whom}"

    @property
    def the_patient(self) -> Patient:
        """Whose own part it is for."""
        if self.patient is None:
            raise ValueError("this link is for records of somebody who has none here yet")
        return self.patient

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at


class OwnAnswer(models.Model):
    """What a patient answered to one question: `said` of four things, and words where they wrote some.

    A question that only asks for words is answered "yes" by having any. "Not asked" takes an answer back. Of two pages
    that were open at once the later one's answer is kept `set_aside`, beside the one that stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="own_answers")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=40)
    said = models.CharField(max_length=10, choices=Answer)
    words = models.TextField(blank=True, max_length=2000)
    set_aside = models.BooleanField(default=False)
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["question", "-written_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="own_answer_clinic_and_id")]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_said_display()}"


class AnswerReview(models.Model):
    """A clinician read one answer, and took it into the record or left it out of it."""

    class What(models.TextChoices):
        TAKEN = "taken", "taken into the record"
        LEFT = "left", "read, and left out of the record"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    answer = models.OneToOneField(OwnAnswer, on_delete=models.PROTECT, related_name="review")
    what = models.CharField(max_length=8, choices=What)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.reviewed_by}"
