"""How settings are read: three small readers, one per shape. A value of the wrong shape stops the start, named."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def number(name: str, default: int) -> int:
    raw = text(name)
    if not raw:
        return default
    try:
        return int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {raw!r}; it must be a whole number.") from None


def flag(name: str, *, default: bool = False) -> bool:
    raw = text(name, "yes" if default else "no").lower()
    if raw not in {"yes", "no", "1", "0", "true", "false"}:
        raise ImproperlyConfigured(f"{name} is {raw!r}; it must be yes or no.")
    return raw in {"yes", "1", "true"}
