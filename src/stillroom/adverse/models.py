"""What a clinic keeps at hand, when it reports, and every adverse event with all that was ever said of it.

Rows are only added. Of a list, a rule and the accounts of an event the newest counts; the ones before are its history.
"""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person
from stillroom.core.safety.adverse import Action, Criterion, Grade, Outcome
from stillroom.infusions.models import Infusion
from stillroom.patients.models import Patient


class EmergencyList(models.Model):
    """The medicines of the emergency kit as the clinic gives them; each is one tap when help was called.

    `lines` are of name, amount (as written), unit and route. Stillroom ships none.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    lines = models.JSONField(default=list)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-said_at"]

    def __str__(self) -> str:
        return f"emergency list of {self.said_at:%Y-%m-%d}"


class ReportingDays(models.Model):
    """Within how many days the clinic reports an adverse event, and to whom. Empty: it does not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    gravest_within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    serious_within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    any_within_days = models.PositiveSmallIntegerField(null=True, blank=True)
    to_whom = models.CharField(max_length=200, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-said_at"]

    def __str__(self) -> str:
        return f"reporting days of {self.said_at:%Y-%m-%d}"


class AdverseEvent(models.Model):
    """Something went wrong with one patient, in an infusion or after it. What it was is in its accounts.

    `known_at` is when the clinic heard of it: from then its days to report are counted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="adverse_events")
    infusion = models.ForeignKey(
        Infusion, on_delete=models.PROTECT, null=True, blank=True, related_name="adverse_events"
    )
    happened_at = models.DateTimeField()
    known_at = models.DateTimeField(default=timezone.now)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-happened_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="adverse_event_clinic_and_id")]

    def __str__(self) -> str:
        return f"adverse event of {self.happened_at:%Y-%m-%d %H:%M}"


class Account(models.Model):
    """What was said of an event at one time, whole: the newest counts. `report_by` is by the rule of that day.

    `reported_at` is when it was reported, or the report was decided against, with `report_words` to whom or why not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(AdverseEvent, on_delete=models.PROTECT, related_name="accounts")
    what = models.TextField(max_length=2000)
    grade = models.PositiveSmallIntegerField(choices=[(each.value, each.name) for each in Grade])
    criteria = ArrayField(models.CharField(max_length=30, choices=[(each, each) for each in Criterion]), default=list)
    actions = ArrayField(models.CharField(max_length=30, choices=[(each, each) for each in Action]), default=list)
    action_words = models.CharField(max_length=400, blank=True)
    outcome = models.CharField(max_length=20, choices=[(each, each) for each in Outcome])
    report_by = models.DateField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    report_words = models.CharField(max_length=400, blank=True)
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-said_at"]
        constraints = [
            models.CheckConstraint(condition=Q(grade__gte=1, grade__lte=5), name="adverse_grade_is_one_of_five"),
            models.CheckConstraint(
                condition=Q(reported_at=None) | ~Q(report_words=""), name="adverse_report_says_to_whom_or_why_not"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event}, grade {self.grade}"
