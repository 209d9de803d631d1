"""Records that came from elsewhere: as they were sent, what was understood of them, and who read and took in what."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person
from stillroom.intake.models.links import AnswerReview, Link
from stillroom.patients.models import Patient


class Sent(models.Model):
    """Records that somebody sent by a link: who says they sent them, about whom, and what they wrote with them.

    Without a link they came by the clinic's own page, from the person themself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    link = models.OneToOneField(Link, on_delete=models.PROTECT, null=True, blank=True, related_name="sent")
    sender = models.CharField(max_length=120)
    reached_at = models.CharField(max_length=120, blank=True)
    about_name = models.CharField(max_length=160)
    about_born = models.DateField()
    words = models.TextField(blank=True, max_length=8000)
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="sent_clinic_and_id")]

    def __str__(self) -> str:
        return f"{self.sender}, {self.sent_at:%Y-%m-%d}"

    @property
    def is_by_themself(self) -> bool:
        return self.link_id is None


class SentFile(models.Model):
    """One file, byte for byte as it came, in pieces. `kind` is what its content is; `left` is what nobody understood.

    A file that another one encloses stands beside it too, `within` it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    sent = models.ForeignKey(Sent, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=10)
    is_as_named = models.BooleanField()
    within = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="encloses")
    size_bytes = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    about = models.JSONField(default=list)
    left = models.JSONField(default=list)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="sent_file_clinic_and_id")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_about_another(self) -> bool:
        """It names a birth date, and not the one that its sender wrote: nothing of it is offered."""
        born = {each["born"] for each in self.about} - {""}
        return bool(born) and born != {self.sent.about_born.isoformat()}


class SentPiece(models.Model):
    """A piece of a file, so that a large one is never in memory as a whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(SentFile, on_delete=models.PROTECT, related_name="pieces")
    place = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["file", "place"], name="sent_piece_once")]

    def __str__(self) -> str:
        return f"{self.file}, {self.place}"


class SentItem(models.Model):
    """One thing that was understood of a file, in the words that were sent. Not in the record until it is taken in.

    `document` is the file that it is, or that it encloses; `weight_kg` is set where it is a weight.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(SentFile, on_delete=models.PROTECT, related_name="items")
    kind = models.CharField(max_length=12)
    words = models.TextField(max_length=2000)
    more = models.TextField(blank=True, max_length=2000)
    measured_on = models.DateField(null=True, blank=True)
    weight_kg = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    document = models.ForeignKey(SentFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.PositiveIntegerField()

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="sent_item_clinic_and_id")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"

    @property
    def is_weight(self) -> bool:
        """In kilograms, and of a day: one of no day is words, as nobody knows how old it is."""
        return self.weight_kg is not None and self.measured_on is not None


class ItemReview(models.Model):
    """A clinician took one thing that was sent into a patient's record, or left it out."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    item = models.OneToOneField(SentItem, on_delete=models.PROTECT, related_name="review")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="item_reviews")
    what = models.CharField(max_length=8, choices=AnswerReview.What)
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.reviewed_by}"


class SentReview(models.Model):
    """A clinician read what was sent, and said whose it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    sent = models.OneToOneField(Sent, on_delete=models.PROTECT, related_name="review")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sent_reviews")
    reviewed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.sent}, read by {self.reviewed_by}"
