"""Renders the product's templates as the product does, but so that a name that nobody has given shows."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.template.backends.django import DjangoTemplates
from django.test import RequestFactory

MISSING = "<<nobody gave %s>>"


@cache
def _templates() -> DjangoTemplates:
    options: dict[str, Any] = {**settings.TEMPLATES[0]["OPTIONS"], "string_if_invalid": MISSING}  # type: ignore[dict-item]
    return DjangoTemplates({"NAME": "strict", "DIRS": [], "APP_DIRS": True, "OPTIONS": options})


def draw(name: str, /, **context: Any) -> str:
    """The template's HTML; a variable that is printed and was never given stands in it as MISSING."""
    return _templates().get_template(name).render(context, RequestFactory().get("/"))
