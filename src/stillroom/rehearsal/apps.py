from __future__ import annotations

from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "stillroom.rehearsal"
    label = "rehearsal"
