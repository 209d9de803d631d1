"""Is what was typed what it says it is? Signs nobody sees, addresses, telephones, coordinates. Nothing is repaired."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from urllib.parse import urlsplit

# Control, format (zero-width, bidirectional overrides), surrogate, private use and unassigned signs.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
LONGEST_SLUG = 80
LONGEST_ADDRESS = 200


def is_plain(words: str, *, lines: bool = False) -> bool:
    """Every sign can be seen; with `lines`, it may go over several."""
    allowed = "\n\r" if lines else ""
    return all(sign in allowed or unicodedata.category(sign) not in UNSEEN for sign in words)


def is_slug(words: str) -> bool:
    return len(words) <= LONGEST_SLUG and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", words) is not None


def is_phone(words: str) -> bool:
    """Figures with what usually stands between them."""
    return re.fullmatch(r"\+?[0-9][0-9 ()./-]{2,38}", words) is not None


def is_web_address(words: str) -> bool:
    """https or http, with a host name of letters and a dot; no name and password in front, no other scheme."""
    if len(words) > LONGEST_ADDRESS or not words.isascii() or re.search(r"[\s\"'<>\\`{}|^]", words):
        return False
    try:
        parts = urlsplit(words)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    is_name = re.fullmatch(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]", host) is not None
    return parts.scheme in ("https", "http") and is_name and "@" not in parts.netloc and port != 0


def is_on_earth(north: Decimal, east: Decimal) -> bool:
    return north.is_finite() and east.is_finite() and abs(north) <= 90 and abs(east) <= 180
