from __future__ import annotations

from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "stillroom.devices"
    label = "devices"
