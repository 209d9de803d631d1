from __future__ import annotations

from django.apps import AppConfig


class AdverseConfig(AppConfig):
    name = "stillroom.adverse"
    label = "adverse"
