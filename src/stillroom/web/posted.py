"""What came with a form: also an empty form that was sent is one that was sent."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict


def posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


LOOK = "X-Look"
"""The header of a page that asks what would be found, while somebody is still writing: nothing is kept."""
