"""What is kept of the public guide: the pages that editors wrote, when each was shown, and what readers said of them.

Everything here is only ever added, so that each table is its own history. The one exception is who wrote a critique:
`CritiqueWriter` stands apart, and its row goes when the names have been kept long enough.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from stillroom.clinics.models import Clinic, Person
from stillroom.guide.pagefile import Page, read_page


class PageVersion(models.Model):
    """The exact text of a page as an editor wrote it. The first version of a packaged page is number 1 as well."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    language = models.CharField(max_length=12)
    slug = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    text = models.TextField()
    what_changed = models.CharField(max_length=300)
    written_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["language", "slug", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["clinic", "language", "slug", "number"], name="page_version_number_once"),
            models.UniqueConstraint(fields=["clinic", "id"], name="page_version_clinic_and_id"),
        ]

    def __str__(self) -> str:
        return f"{self.slug} ({self.language}), version {self.number}"

    @property
    def page(self) -> Page:
        return read_page(self.text, slug=self.slug, language=self.language)


class Publication(models.Model):
    """That a version was shown to everybody from then on, or that its page was taken down. The last one counts."""

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    version = models.ForeignKey(PageVersion, on_delete=models.PROTECT, related_name="publications")
    is_shown = models.BooleanField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.version}: {'shown' if self.is_shown else 'taken down'}"


class Critique(models.Model):
    """What a reader wrote under a page, and which text of the page they had read (`version_number` 0: as packaged)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    language = models.CharField(max_length=12)
    slug = models.CharField(max_length=60)
    page_title = models.CharField(max_length=200)
    version_number = models.PositiveIntegerField()
    page_digest = models.CharField(max_length=64)
    comments = models.TextField()
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-received_at"]
        constraints = [models.UniqueConstraint(fields=["clinic", "id"], name="critique_clinic_and_id")]

    def __str__(self) -> str:
        return f"on {self.slug}, {self.received_at:%Y-%m-%d}"


class CritiqueWriter(models.Model):
    """Who wrote a critique, until the names go. `sameness` is what makes a critique sent twice one critique."""

    critique = models.OneToOneField(Critique, on_delete=models.PROTECT, primary_key=True, related_name="writer")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    name = models.CharField(max_length=120)
    username = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    sameness = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "sameness"], name="critique_once")]

    def __str__(self) -> str:
        return self.name


class CritiqueStep(models.Model):
    """What the editors did with a critique. The last step is its state; without one it is new."""

    class Kind(models.TextChoices):
        CONSIDERED = "considered", "being considered"
        ANSWERED = "answered", "answered"
        SETTLED = "settled", "settled"
        REOPENED = "reopened", "opened again"

    id = models.BigAutoField(primary_key=True)
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT)
    critique = models.ForeignKey(Critique, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    words = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["considered", "answered", "settled", "reopened"]),
                name="critique_step_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.critique}: {self.get_kind_display()}"
