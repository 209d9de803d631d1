"""Two records of one patient made one, and what that moved."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person
from stillroom.patients.models.records import AllergyStatement, Patient


class RecordMerge(models.Model):
    """Two records of one patient were made one: `other` is part of `kept` until it is undone.

    Only the functions of `merging.sql` move rows and undo. `chosen` says which particulars of `kept` were changed to
    those of `other`: by name, what stood before and after. `allergies` is the statement that joined those of both.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    other = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merged_away")
    reason = models.CharField(max_length=200)
    chosen = models.JSONField(default=dict)
    allergies = models.ForeignKey(AllergyStatement, on_delete=models.PROTECT, null=True, related_name="+")
    merged_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-merged_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="record_merge_clinic_and_id"),
            models.UniqueConstraint(
                fields=["other"], condition=Q(undone_at__isnull=True), name="record_merged_into_one_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(kept=models.F("other")), name="record_merged_into_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="record_merge_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.other_id} into {self.kept_id}"


class MovedRow(models.Model):
    """One row that a merge moved, changed, or had to leave where it was; or that followed back when it was undone."""

    class What(models.TextChoices):
        MOVED = "moved", "moved"
        CHANGED = "changed", "put after what the other record says of the same day"
        STAYED = "stayed", "in both records, so it stayed"
        FOLLOWED = "followed", "written since, and went back with what it hangs on"

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    merge = models.ForeignKey(RecordMerge, on_delete=models.PROTECT, related_name="rows")
    table_name = models.CharField(max_length=80)
    row_id = models.CharField(max_length=40)
    what = models.CharField(max_length=8, choices=What)
    before = models.JSONField(default=dict)

    class Meta:
        ordering = ["table_name", "id"]
        indexes = [models.Index(fields=["merge", "table_name", "row_id"], name="moved_row_of_merge")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.row_id} {self.what}"
