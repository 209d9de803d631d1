"""The log of an infusion: what was asked (acts), what happened (entries), and one summary row that follows from them.

Nobody writes the log's tables but the functions of migration 0002: the application may only read and call. A summary
row is proved equal to the fold of its log by a test and by `stillroom refold`.

The foreign keys of the log are not checked by the database: the one function that inserts holds the lock of the
infusion's row and takes the clinic from it, and no row they name can go. Six checks for every entry would find nothing.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from stillroom.clinics.history import keep_history
from stillroom.clinics.models import Clinic, Person, Room
from stillroom.core.infusion.state import BEFORE_INFUSING, OVER, Status
from stillroom.patients.models import Patient, Weight
from stillroom.protocols.models import ProtocolVersion
from stillroom.schedule.models import Appointment

HERE = [status.value for status in Status if status not in OVER | {Status.NEW, Status.PLANNED}]
"""The patient is in the clinic: one infusion at a time to a room, and to a patient."""


def logged_key(to: type[models.Model], **options: Any) -> models.ForeignKey[Any, Any]:
    """A foreign key of the log: see above."""
    return models.ForeignKey(to, on_delete=models.PROTECT, db_constraint=False, db_index=False, **options)


class Infusion(models.Model):
    """Where one infusion stands: the summary of its log, written in the same transaction as every entry."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, db_index=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="infusions")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="infusions")
    status = models.CharField(max_length=12, default=Status.NEW)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    rate_ml_per_h = models.DecimalField(max_digits=10, decimal_places=4, default=0)
    is_in_doubt = models.BooleanField(default=False)
    open_alarms = models.IntegerField(default=0)
    last_seq = models.IntegerField(default=0)
    head_hash = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="infusion_clinic_and_id"),
            models.UniqueConstraint(fields=["room"], condition=Q(status__in=HERE), name="infusion_one_here_per_room"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(status__in=HERE), name="infusion_one_here_per_patient"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room} {self.status}"

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def is_before_infusing(self) -> bool:
        return self.status in BEFORE_INFUSING


@keep_history()
class PatientOrder(models.Model):
    """An order for one patient, from draft to signature. Signed, it is frozen, and its infusion is planned.

    `document` is the order as exact text; `digest` covers all that was on the screen. `reasons` answer the findings, by
    their keys. `second_by` is the clinician who looked at an order far from the last, and at which digest.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="orders")
    number = models.PositiveIntegerField()
    protocol_version = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="orders")
    weight = models.ForeignKey(Weight, on_delete=models.PROTECT, related_name="+")
    document = models.TextField()
    reasons = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    second_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)
    second_digest = models.CharField(max_length=64, blank=True)
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_name = models.CharField(max_length=120, blank=True)
    signed_meaning = models.CharField(max_length=120, blank=True)
    infusion = models.OneToOneField(
        Infusion, on_delete=models.PROTECT, null=True, blank=True, related_name="patient_order"
    )

    class Meta:
        ordering = ["patient", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="patient_order_clinic_and_id"),
            models.UniqueConstraint(fields=["patient", "number"], name="patient_order_number_once"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(signed_at__isnull=True), name="patient_order_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_at=None, signed_name="", signed_meaning="", infusion=None)
                | (
                    Q(signed_by__isnull=False, signed_at__isnull=False, infusion__isnull=False)
                    & ~Q(signed_name="")
                    & ~Q(signed_meaning="")
                ),
                name="patient_order_signature_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol_version}, order {self.number}"


class OrderSetAside(models.Model):
    """What somebody wrote of an order while a colleague wrote it too, and was quicker: kept beside theirs, whole.

    `order` is the one that stood then. Rows are only added.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="orders_set_aside")
    order = models.ForeignKey(PatientOrder, on_delete=models.PROTECT, related_name="set_aside")
    protocol_version = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="+")
    document = models.TextField()
    reasons = models.JSONField(default=dict)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return f"{self.order}, beside it {self.written_by}"


class Act(models.Model):
    """One thing a person or a device asked for, and the answer it got. Sent again, it gets the same answer."""

    id = models.UUIDField(primary_key=True, editable=False)
    clinic = logged_key(Clinic, related_name="+")
    infusion = logged_key(Infusion, related_name="acts")
    command = models.CharField(max_length=60)
    by = models.CharField(max_length=60)
    device = models.UUIDField(null=True)
    seen_seq = models.IntegerField()
    software = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    answer = models.TextField()

    def __str__(self) -> str:
        return f"{self.command} by {self.by}"


class Entry(models.Model):
    """One fact of the log. `payload` is the exact text that was hashed; free words in it are only digests."""

    id = models.BigAutoField(primary_key=True)
    clinic = logged_key(Clinic, related_name="+")
    infusion = logged_key(Infusion, related_name="entries")
    seq = models.IntegerField()
    act = logged_key(Act, related_name="entries")
    kind = models.CharField(max_length=40)
    version = models.SmallIntegerField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    payload = models.TextField()
    prev_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering = ["infusion", "seq"]
        verbose_name_plural = "entries"
        # Few of each; asked for on the page of every patient, and by every look of the watch and of a board.
        indexes = [
            models.Index(fields=["infusion"], condition=Q(kind="InfusionReassigned"), name="entry_reassigned"),
            models.Index(fields=["recorded_at"], condition=Q(kind="HelpCalled"), name="entry_help_called"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["infusion", "seq"], name="entry_seq_once_per_infusion"),
            models.CheckConstraint(condition=Q(kind__regex=r"^[A-Za-z]+$"), name="entry_kind_is_one_word"),
            models.CheckConstraint(
                condition=Q(by__regex=r"^(person|device|system|emergency):\S+$"), name="entry_by_names_an_author"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"


class EntryText(models.Model):
    """Free words or a name out of an entry, with the salt of the digest that stands in the payload. Erasable."""

    id = models.BigAutoField(primary_key=True)
    clinic = logged_key(Clinic, related_name="+")
    infusion = logged_key(Infusion, related_name="texts")
    seq = models.IntegerField()
    field = models.CharField(max_length=40)
    salt = models.BinaryField(max_length=16)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["infusion", "seq", "field"], name="entry_text_once_per_field"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.field}"


class TextErasure(models.Model):
    """That words were erased, by whom, when and on what ground; not what they were."""

    id = models.BigAutoField(primary_key=True)
    clinic = logged_key(Clinic, related_name="+")
    infusion = logged_key(Infusion, related_name="erasures")
    seq = models.IntegerField()
    field = models.CharField(max_length=40)
    erased_at = models.DateTimeField()
    by = models.CharField(max_length=60)
    ground = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["infusion", "seq", "field"], name="text_erasure_once_per_field"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.field} erased"


class ErasureAsked(models.Model):
    """A patient asks that words of the clinic's staff be erased. The law may have it keep them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="erasures_asked")
    infusion = models.ForeignKey(Infusion, on_delete=models.PROTECT, related_name="+")
    seq = models.IntegerField()
    field = models.CharField(max_length=40)
    because = models.TextField(max_length=1000, blank=True)
    by = models.CharField(max_length=60)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "id"], name="erasure_asked_clinic_and_id"),
            models.UniqueConstraint(fields=["infusion", "seq", "field"], name="erasure_asked_once_per_field"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.field}"


class ErasureAnswered(models.Model):
    """What a named person decided about it, and why; the patient reads both."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    asked = models.OneToOneField(ErasureAsked, on_delete=models.PROTECT, related_name="answer")
    is_erased = models.BooleanField()
    because = models.CharField(max_length=200)
    answered_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(because=""), name="erasure_answered_says_why")]

    def __str__(self) -> str:
        return "erased" if self.is_erased else "kept"
