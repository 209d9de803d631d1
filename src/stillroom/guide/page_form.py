"""What an editor types: the head and the text of a page, and what changed."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError

from stillroom.guide.critique.form import Line, Lines
from stillroom.guide.pagefile import Page
from stillroom.guide.writing import RESERVED

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{2,59}")
LANGUAGE = re.compile(r"[a-z]{2}")
BODY_MOST = 40_000


class PageForm(forms.Form):
    title = Line(most=120, label="Title")
    lead = Line(most=300, label="One or two sentences under the title")
    order = forms.IntegerField(min_value=1, max_value=999, label="Place in the contents")
    body = Lines(most=BODY_MOST, label="Text")
    what_changed = Line(most=300, label="What changed, for your colleagues")
    after_number = forms.IntegerField(widget=forms.HiddenInput)

    def page(self, *, language: str, slug: str, today: date) -> Page:
        said = self.cleaned_data
        head = {name: said[name] for name in ("title", "lead", "order", "body")}
        return Page(language=language, slug=slug, changed=today, **head)


class NewPageForm(PageForm):
    """Also where the page will be: nothing is moved later, as others may have kept the address."""

    slug = Line(most=60, label="Name in the address")
    language = Line(most=2, label="Language, two letters")

    field_order = ("slug", "language")

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not SLUG.fullmatch(slug) or slug in RESERVED:
            raise ValidationError("", code="not_a_slug")
        return slug

    def clean_language(self) -> str:
        language: str = self.cleaned_data["language"]
        if not LANGUAGE.fullmatch(language) or language not in LANG_INFO:
            raise ValidationError("", code="not_a_language")
        return language


def begun(page: Page | None, number: int) -> dict[str, Any]:
    """What stands in the form at first."""
    empty = {"after_number": number, "language": "en"}
    if page is None:
        return empty
    return empty | {"title": page.title, "lead": page.lead, "order": page.order, "body": page.body}
