"""The page by which people refer themselves to a clinic: at which address, and whether it is open."""

from __future__ import annotations

from django.db import models

from stillroom.clinics.history import keep_history
from stillroom.clinics.models import Clinic


@keep_history()
class SelfReferralPage(models.Model):
    """A clinic that never opened one has no row. The address is one for the whole server, as it names the clinic."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, primary_key=True, related_name="self_referral")
    address = models.SlugField(max_length=60, unique=True)
    is_open = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.address}, {'open' if self.is_open else 'closed'}"
