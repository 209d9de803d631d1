"""Who comes when, and into which room. One patient to a room at a time is held by the database, whoever writes."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.history import keep_history
from stillroom.clinics.models import Clinic, Person, Room
from stillroom.patients.models import Patient


class Appointments(models.QuerySet["Appointment"]):
    def standing(self) -> Appointments:
        """Those that were not cancelled."""
        return self.filter(cancelled_at=None)

    def between(self, start: datetime, end: datetime) -> Appointments:
        """Those of which any part lies within."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


@keep_history()
class Appointment(models.Model):
    """A patient and a room, from a time to a time: for an infusion, so the room is a private one.

    Two standing appointments of one room, or of one patient, never overlap: see migration 0002.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=200, blank=True)

    objects = Appointments.as_manager()

    class Meta:
        ordering = ["starts_at", "room__name"]
        indexes = [models.Index(fields=["clinic", "starts_at"], name="appointment_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="appointment_clinic_and_id"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.room}, {self.starts_at:%Y-%m-%d %H:%M}"
