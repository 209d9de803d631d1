from __future__ import annotations

from django.apps import AppConfig


class InfusionsConfig(AppConfig):
    name = "stillroom.infusions"
    label = "infusions"
