"""The ledger of controlled drugs: for each strength and size of vial a book whose lines are only ever added.

What a book comes to is worked out by `core.stock` each time it is asked; no balance is stored. Nobody changes or
removes a line, the owner of the tables too (migration 0002): one that was wrong is reversed by another.
"""

from __future__ import annotations

import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person
from stillroom.core.stock import BY_VIAL, OF_INFUSION, Kind
from stillroom.infusions.models import Infusion

KETAMINE = "ketamine"
BY_AMOUNT = [Kind.USED.value, Kind.WASTED.value]
WHOLE_VIALS = sorted(kind.value for kind in BY_VIAL)
LEFT_IN_LINE = "left in the line"
"""The words of a line about waste that was in the tubing; other waste has none."""
FOR_INFUSION = sorted(kind.value for kind in OF_INFUSION)


class StockItem(models.Model):
    """One drug in one strength and one size of vial: a page of the ledger. A clinic keeps a ledger from its first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    drug = models.CharField(max_length=60, default=KETAMINE)
    vial_mg_per_ml = models.DecimalField(max_digits=6, decimal_places=2)
    vial_ml = models.DecimalField(max_digits=6, decimal_places=2)
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["drug", "vial_mg_per_ml", "vial_ml"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="stock_item_clinic_and_id"),
            models.UniqueConstraint(fields=["clinic", "drug", "vial_mg_per_ml", "vial_ml"], name="stock_item_once"),
            models.CheckConstraint(condition=Q(vial_mg_per_ml__gt=0, vial_ml__gt=0), name="stock_item_holds_something"),
        ]

    def __str__(self) -> str:
        return f"{self.drug} {self.vial_mg_per_ml.normalize():f} mg/mL, vials of {self.vial_ml.normalize():f} mL"

    @property
    def vial_mg(self) -> Decimal:
        return self.vial_mg_per_ml * self.vial_ml


class LedgerLine(models.Model):
    """One line: what was moved, when, by whom, and who else saw it. `id` is the act's, so one sent twice is one line.

    `words`: from whom it came, to whom it went, or why. `about` is the number of an earlier line of the same page.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    vials = models.PositiveIntegerField(default=0)
    amount_mg = models.DecimalField(max_digits=12, decimal_places=4, default=0)
    lot = models.CharField(max_length=40, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    infusion = models.ForeignKey(Infusion, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    about = models.PositiveIntegerField(null=True, blank=True)
    words = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    occurred_at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="ledger_line_number_once"),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(witness=F("by")), name="ledger_witness_is_another"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=WHOLE_VIALS) | Q(vials=0), name="ledger_vials_where_vials_are_moved"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=BY_AMOUNT, amount_mg__gt=0) | (~Q(kind__in=BY_AMOUNT) & Q(amount_mg=0)),
                name="ledger_amount_where_one_is_moved",
            ),
            models.CheckConstraint(
                condition=Q(infusion__isnull=False, kind__in=FOR_INFUSION)
                | (Q(infusion__isnull=True) & ~Q(kind__in=FOR_INFUSION)),
                name="ledger_infusion_where_one_is_meant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item}, line {self.number}: {self.kind}"


class LedgerRule(models.Model):
    """Whether what is received takes two, as the clinic says; the newest counts, and none means one is enough."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    receipts_by_two = models.BooleanField()
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-said_at"]

    def __str__(self) -> str:
        return "receipts take two" if self.receipts_by_two else "receipts take one"
