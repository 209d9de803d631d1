from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "stillroom.project"
    label = "project"

    def ready(self) -> None:
        from stillroom.project import checks  # noqa: F401  # registers them
