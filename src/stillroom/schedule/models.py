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

    Two standing appointments of one room, or of one patient, never overlap: see migration 0002. Those that were booked
    together are of one `course`. `arrived_at` is what the desk noted: once an infusion is planned, its log says it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    course = models.UUIDField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    arrived_noted_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.CharField(max_length=200, blank=True)

    objects = Appointments.as_manager()

    class Meta:
        ordering = ["starts_at", "room__name"]
        indexes = [models.Index(fields=["clinic", "starts_at"], name="appointment_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="appointment_clinic_and_id"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(arrived_at__isnull=True, arrived_noted_by__isnull=True)
                | Q(arrived_at__isnull=False, arrived_noted_by__isnull=False),
                name="appointment_arrival_noted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room}, {self.starts_at:%Y-%m-%d %H:%M}"


class BeforeYouCome(models.Model):
    """What a clinic tells its patients before they come: one version. Rows are only added, and the newest counts.

    How long not to eat and drink are whole hours, with where the clinic has them from. The ways home are not here: the
    clinic's row says which it opens.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    clear_fluids_h = models.PositiveSmallIntegerField()
    light_meal_h = models.PositiveSmallIntegerField()
    full_meal_h = models.PositiveSmallIntegerField()
    fasting_source = models.CharField(max_length=300)
    medicines = models.TextField(max_length=4000)
    room = models.TextField(max_length=4000)
    monitors = models.TextField(max_length=4000)
    music = models.TextField(max_length=4000)
    feeling = models.TextField(max_length=4000)
    price = models.CharField(max_length=200)
    price_covers = models.TextField(max_length=4000)
    arriving = models.TextField(max_length=4000)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="before_you_come_number_once"),
            models.CheckConstraint(
                condition=Q(full_meal_h__gte=F("light_meal_h")) & Q(light_meal_h__gte=F("clear_fluids_h")),
                name="the_heavier_the_earlier",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


@keep_history(without=["token_digest"])
class CalendarFeed(models.Model):
    """A secret address at which a calendar of one member of staff reads the clinic's appointments, until revoked.

    Here is only the digest of its secret.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "person"], condition=Q(revoked_at__isnull=True), name="calendar_feed_stands_once"
            )
        ]

    def __str__(self) -> str:
        return f"of {self.person}"
