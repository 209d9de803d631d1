"""The addresses of the guide, under /guide/. A slug has three letters or more, so two letters are a language."""

from __future__ import annotations

from django.urls import path, register_converter

from stillroom.guide.views import reading


class Language:
    regex = "[a-z]{2}"

    def to_python(self, value: str) -> str:
        return value

    to_url = to_python


class Slug(Language):
    regex = "[a-z0-9][a-z0-9-]{2,59}"


register_converter(Language, "language")
register_converter(Slug, "page_slug")

app_name = "guide"

urlpatterns = [
    path("", reading.contents, name="contents"),
    path("thanks/", reading.thanks, name="thanks"),
    path("<language:language>/", reading.contents, name="contents_in"),
    path("<language:language>/thanks/", reading.thanks, name="thanks_in"),
    path("<page_slug:slug>/", reading.page, name="page"),
    path("<language:language>/<page_slug:slug>/", reading.page, name="page_in"),
]
