"""Pages for anybody: the same for everyone, so that browsers and proxies may keep them, and their lasting address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page

KEPT_FOR_S = 60

View = Callable[..., Any]


def same_for_all(view: View) -> View:
    """The page is kept for a minute by anyone, then asked for again by its ETag: 304 where it is as it was.

    Only for pages that read no cookie and say nothing about who asks.
    """
    kept: View = cache_control(public=True, max_age=KEPT_FOR_S)(conditional_page(view))
    return kept


def lasting_address(request: HttpRequest, path: str = "") -> str:
    """Where this page, or another path of ours, is to be found by others, whatever name it was asked by."""
    origin = settings.PUBLIC_ADDRESS or f"{request.scheme}://{request.get_host()}"
    return f"{origin.rstrip('/')}{path or request.path}"
