"""What a person brought along from clinics elsewhere: theirs alone, read by no clinic, part of no clinic's record."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from stillroom.clinics.models import Person


class BroughtPart(models.Model):
    """One clinic's part of a record, as it was handed over: `content` are its exact files, packed.

    The rest is what the content says, for lists; it is judged anew whenever it is opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="brought_parts")
    digest = models.CharField(max_length=64)
    from_clinic = models.UUIDField()
    from_patient = models.UUIDField()
    clinic_name = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    brought_at = models.DateTimeField(default=timezone.now)
    content = models.BinaryField()

    class Meta:
        ordering = ["clinic_name", "-made_at"]
        constraints = [models.UniqueConstraint(fields=["person", "digest"], name="brought_part_once_per_person")]

    def __str__(self) -> str:
        return f"{self.clinic_name}, {self.made_at:%Y-%m-%d}"
