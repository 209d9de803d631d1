from __future__ import annotations

from django.apps import AppConfig


class BedsideConfig(AppConfig):
    name = "stillroom.bedside"
    label = "bedside"
