"""Consultations, who signed them, what was asked because an answer worried, and calls about a patient."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person
from stillroom.outcomes.models import Concern
from stillroom.patients.models import Answer, Patient


class Consultation(models.Model):
    """One visit before treatment: what was reviewed, found and decided. Its words are `ConsultationText` rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consultations")
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-begun_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="consultation_clinic_and_id")]

    def __str__(self) -> str:
        return f"{self.patient}, {self.begun_at:%Y-%m-%d}"


class ConsultationText(models.Model):
    """What a consultation said after somebody wrote. Rows are only added, and each is replaced once at most.

    Of two who wrote at once, the second's words are kept `set_aside`, beside those that stand, until they are brought
    together by hand.
    """

    class Decision(models.TextChoices):
        OPEN = "open", "Not decided yet"
        TREAT = "treat", "Treat with ketamine infusions"
        NOT_NOW = "not_now", "Not now"
        NOT_HERE = "not_here", "Not with ketamine"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="texts")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    set_aside = models.BooleanField(default=False)
    review = models.TextField(blank=True, max_length=8000)
    examination = models.TextField(blank=True, max_length=8000)
    assessment = models.TextField(blank=True, max_length=8000)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    because = models.TextField(blank=True, max_length=2000)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="consultation_text_clinic_and_id"),
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(replaces__isnull=True, set_aside=False),
                name="consultation_begins_once",
            ),
            models.CheckConstraint(
                condition=Q(set_aside=False) | Q(replaces__isnull=True), name="set_aside_replaces_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}, {self.written_by}"


class ConsultationSigned(models.Model):
    """A prescriber signed a consultation as it then stood. It is frozen from here on; more is another consultation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    consultation = models.OneToOneField(Consultation, on_delete=models.PROTECT, related_name="signed")
    text = models.OneToOneField(ConsultationText, on_delete=models.PROTECT, related_name="signed")
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.signed_by}, {self.signed_at:%Y-%m-%d}"


class RiskForm(models.Model):
    """What was asked about suicide because an answer worried, by whom. The decision is a row beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="risk_forms")
    thoughts = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    plan = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    means = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    intent = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    attempt = models.CharField(max_length=10, choices=Answer, default=Answer.NOT_ASKED)
    keeps_safe = models.TextField(blank=True, max_length=2000)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.concern}, asked by {self.asked_by}"


class PhoneCall(models.Model):
    """A call about a patient, with whoever referred or somebody else: with whom, on which day, what was said."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="phone_calls")
    with_whom = models.CharField(max_length=120)
    day = models.DateField()
    words = models.TextField(max_length=4000)
    noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-day", "-noted_at"]

    def __str__(self) -> str:
        return f"{self.with_whom}, {self.day}"
