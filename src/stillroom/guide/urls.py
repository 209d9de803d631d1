"""The addresses of the guide, under /guide/. A slug has three letters or more, so two letters are a language."""

from __future__ import annotations

from django.urls import path, register_converter

from stillroom.guide.views import inbox, reading, writing
from stillroom.web.languages import Language


class Slug(Language):
    regex = "[a-z0-9][a-z0-9-]{2,59}"


register_converter(Slug, "page_slug")

app_name = "guide"

urlpatterns = [
    path("", reading.contents, name="contents"),
    path("thanks/", reading.thanks, name="thanks"),
    path("desk/", inbox.inbox, name="inbox"),
    path("desk/critiques/<uuid:critique_id>/", inbox.critique, name="critique"),
    path("desk/pages/", writing.pages, name="pages"),
    path("desk/pages/new/", writing.new_page, name="new_page"),
    path("desk/pages/<language:language>/<page_slug:slug>/", writing.write, name="write"),
    path("desk/versions/<uuid:version_id>/", writing.version, name="version"),
    path("desk/versions/<uuid:version_id>/publish/", writing.publish, name="publish"),
    path("desk/versions/<uuid:version_id>/take-down/", writing.take_down, name="take_down"),
    path("<language:language>/", reading.contents, name="contents_in"),
    path("<language:language>/thanks/", reading.thanks, name="thanks_in"),
    path("<page_slug:slug>/", reading.page, name="page"),
    path("<language:language>/<page_slug:slug>/", reading.page, name="page_in"),
]
