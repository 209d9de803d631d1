"""The call to somebody who went home after an infusion: each one that was made or tried, and what became of a worry.

Rows are only added. Whoever was not reached stays on the list; who is on it is worked out (`aftercare.reading`).
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person
from stillroom.infusions.models import Infusion
from stillroom.patients.models import Answer, Patient

QUESTIONS = ("bladder", "mood", "craving")


class Call(models.Model):
    """One call, reached or not, with how they are and the three questions; `id` is the act's: sent twice is one row.

    `words` of a call that reached nobody say what was tried. A `worry` is for somebody, by name.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="calls_after")
    infusion = models.ForeignKey(Infusion, on_delete=models.PROTECT, related_name="calls_after")
    reached = models.BooleanField()
    words = models.TextField(max_length=2000, blank=True)
    bladder = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    mood = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    craving = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    worry = models.TextField(max_length=2000, blank=True)
    worry_for = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    called_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["called_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="call_clinic_and_id"),
            models.CheckConstraint(
                condition=Q(reached=True)
                | Q(**dict.fromkeys(QUESTIONS, Answer.NOT_ASKED), worry="", worry_for__isnull=True),
                name="call_that_reached_nobody_answers_nothing",
            ),
            models.CheckConstraint(
                condition=Q(worry="", worry_for__isnull=True) | (~Q(worry="") & Q(worry_for__isnull=False)),
                name="call_worry_is_for_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.patient}, {self.called_at:%Y-%m-%d %H:%M}"


class WorrySettled(models.Model):
    """What somebody did about the worry of a call: from then on it waits for nobody."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    call = models.OneToOneField(Call, on_delete=models.PROTECT, related_name="settled")
    words = models.TextField(max_length=2000)
    settled_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.call}: {self.words}"
