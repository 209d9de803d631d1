from __future__ import annotations

from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "stillroom.guide"
    label = "guide"
