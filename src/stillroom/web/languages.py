"""The language of the house, and how an address names another: by two letters, as in /guide/de/."""

from __future__ import annotations

from django.conf import settings
from django.urls import register_converter

LANGUAGE = settings.LANGUAGE_CODE.partition("-")[0]


class Language:
    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


register_converter(Language, "language")
