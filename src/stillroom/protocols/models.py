"""What may be given: protocols that a prescriber signs, and versions of the drug library that two people make.

Both are frozen by the database: a signed protocol version and an approved library version refuse every change, whoever
asks. What is stored is the exact text of the document and its digest, so that what was signed can be shown again.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person


class Protocol(models.Model):
    """A way of treating that a clinic has a name for. What it says is in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "name"], name="protocol_name_once_per_clinic"),
            models.UniqueConstraint(fields=["clinic", "id"], name="protocol_clinic_and_id"),
        ]

    def __str__(self) -> str:
        return self.name


class ProtocolVersion(models.Model):
    """The exact text of an order (`core.order.Order` as JSON) and who signed it. Signed, it never changes.

    `signed_name` and `signed_meaning` are what the signer saw printed when signing; `why` is why it differs from the
    version before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.TextField()
    digest = models.CharField(max_length=64)
    why = models.CharField(max_length=400, blank=True)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_name = models.CharField(max_length=120, blank=True)
    signed_meaning = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["protocol", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["protocol", "number"], name="protocol_version_number_once"),
            models.UniqueConstraint(fields=["clinic", "id"], name="protocol_version_clinic_and_id"),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True, signed_at__isnull=True, signed_name="", signed_meaning="")
                | (Q(signed_by__isnull=False, signed_at__isnull=False) & ~Q(signed_name="") & ~Q(signed_meaning="")),
                name="protocol_signature_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol}, version {self.number}"


class LibraryVersions(models.QuerySet["LibraryVersion"]):
    def in_force(self, at: datetime) -> LibraryVersion | None:
        """The approved version whose time had come most recently, or None: then nothing may be started."""
        return self.filter(approved_at__isnull=False, effective_at__lte=at).order_by("-effective_at", "-number").first()


class LibraryVersion(models.Model):
    """One version of a clinic's drug library, written by one person and approved by another. Approved, it is frozen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    number = models.PositiveIntegerField()
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    effective_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = LibraryVersions.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "number"], name="library_version_number_once"),
            models.UniqueConstraint(fields=["clinic", "id"], name="library_version_clinic_and_id"),
            models.CheckConstraint(condition=~Q(approved_by=F("drafted_by")), name="library_author_is_not_approver"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True, effective_at__isnull=True, digest="")
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False, effective_at__gte=F("approved_at"))
                    & ~Q(digest="")
                ),
                name="library_approval_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"drug library, version {self.number}"


class LibraryDrug(models.Model):
    """One drug in one concentration; ketamine of 10, 50 and 100 mg/mL are three entries. The route is IV."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    version = models.ForeignKey(LibraryVersion, on_delete=models.CASCADE, related_name="drugs")
    name = models.CharField(max_length=60)
    concentration_mg_per_ml = models.DecimalField(max_digits=6, decimal_places=2)
    must_be_diluted = models.BooleanField()
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["name", "concentration_mg_per_ml"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name", "concentration_mg_per_ml"], name="library_drug_once"),
            models.UniqueConstraint(fields=["clinic", "id"], name="library_drug_clinic_and_id"),
            models.CheckConstraint(
                condition=Q(concentration_mg_per_ml__gt=0), name="library_concentration_is_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.concentration_mg_per_ml.normalize():f} mg/mL"


class LibraryLimit(models.Model):
    """The bounds of one quantity for one drug. The quantity's name carries the unit; absence means no bound."""

    class Quantity(models.TextChoices):
        DOSE_MG_PER_KG = "dose_mg_per_kg", "dose, mg/kg"
        DOSE_MG = "dose_mg", "dose, mg"
        RATE_MG_PER_KG_PER_H = "rate_mg_per_kg_per_h", "rate, mg/kg/h"
        DURATION_MIN = "duration_min", "duration, min"
        DOSE_MG_IN_24_H = "dose_mg_in_24_h", "doses within 24 hours, mg"
        DOSE_MG_IN_7_DAYS = "dose_mg_in_7_days", "doses within seven days, mg"
        INFUSIONS_PER_DAY = "infusions_per_day", "infusions in one day"
        INFUSIONS_PER_WEEK = "infusions_per_week", "infusions in seven days"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    drug = models.ForeignKey(LibraryDrug, on_delete=models.CASCADE, related_name="limits")
    quantity = models.CharField(max_length=24, choices=Quantity)
    hard_low = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    soft_low = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    typical = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    soft_high = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    hard_high = models.DecimalField(max_digits=9, decimal_places=4, null=True, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["drug", "quantity"]
        constraints = [models.UniqueConstraint(fields=["drug", "quantity"], name="library_limit_once_per_quantity")]

    def __str__(self) -> str:
        return f"{self.drug}: {self.get_quantity_display()}"
