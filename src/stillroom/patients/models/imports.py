"""A table of patients from elsewhere, and what became of each row."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person
from stillroom.patients.models.records import Patient


class ImportedFile(models.Model):
    """A table of patients from elsewhere, byte for byte as it came, and how a person said it is to be read.

    `columns` names what each of its columns is, "" where it is left out. Once done, it is frozen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    encoding = models.CharField(max_length=12, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    days = models.CharField(max_length=4, blank=True)
    letters = models.CharField(max_length=4, blank=True)
    columns = ArrayField(models.CharField(max_length=20, blank=True), default=list, blank=True)
    brought_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField(default=timezone.now)
    done_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-brought_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="imported_file_clinic_and_id"),
            models.UniqueConstraint(fields=["clinic", "digest"], name="imported_file_once"),
            models.CheckConstraint(
                condition=Q(done_by__isnull=True, done_at__isnull=True)
                | Q(done_by__isnull=False, done_at__isnull=False),
                name="imported_file_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportedRow(models.Model):
    """What became of one row of a file; `line` counts from 1 as a spreadsheet does, `patient` is who it made or met."""

    class What(models.TextChoices):
        MADE = "made", "made a record"
        HERE = "here", "was here already"
        LEFT = "left", "left out, as it may be somebody who is here"
        REFUSED = "refused", "not understood"

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(ImportedFile, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    what = models.CharField(max_length=8, choices=What)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, null=True, related_name="imported_rows")

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["file", "line"], name="imported_row_once"),
            models.CheckConstraint(
                condition=~Q(what__in=["made", "here"]) | Q(patient__isnull=False),
                name="imported_row_names_its_patient",
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.line}, {self.get_what_display()}"
