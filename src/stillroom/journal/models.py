"""A patient's own links for doctors: whom each is for, until when, and everybody who used it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from stillroom.clinics.models import Person


class Share(models.Model):
    """A link that shows a person's record to whoever holds it, until it expires or is revoked.

    The link itself is said once, when it is made: here is only the digest of its secret.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="shares")
    token_digest = models.CharField(max_length=64, unique=True)
    for_whom = models.CharField(max_length=120)
    with_weeks = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="share_ends_after_it_began")
        ]

    def __str__(self) -> str:
        return f"for {self.for_whom}"

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and timezone.now() < self.expires_at


class ShareUse(models.Model):
    """Somebody opened a page by a link: the name they wrote, which page, and when. Only a function writes these."""

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    share = models.ForeignKey(Share, on_delete=models.PROTECT, related_name="uses")
    name = models.CharField(max_length=120)
    page = models.CharField(max_length=40)
    used_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-used_at"]

    def __str__(self) -> str:
        return f"{self.name}, {self.used_at:%Y-%m-%d %H:%M}"
