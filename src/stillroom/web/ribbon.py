"""Every page of the demo says at its top that nobody in it is real."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def demo(request: HttpRequest) -> dict[str, bool]:
    return {"is_demo": settings.DEMO}
