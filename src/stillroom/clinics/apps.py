from __future__ import annotations

from django.apps import AppConfig

from stillroom.clinics import clock  # noqa: F401  # counts from before the processes are parted


class ClinicsConfig(AppConfig):
    name = "stillroom.clinics"
    label = "clinics"
