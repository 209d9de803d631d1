"""A page as a file: a small head between two lines of dashes, then Markdown. Packaged pages and editors' are the same.

---
title: What the hour is like
lead: One or two sentences under the title.
order: 3
changed: 2026-11-25
---
The text.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

FENCE = "---"
HEAD = ("title", "lead", "order", "changed")


class NotAPage(ValueError):
    """The text is not a page; the message says which line of its head is missing or wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page in one language. `order` is its place in the contents."""

    language: str
    slug: str
    title: str
    lead: str
    order: int
    changed: date
    body: str

    @property
    def text(self) -> str:
        """The whole file."""
        head = (f"title: {self.title}", f"lead: {self.lead}", f"order: {self.order}", f"changed: {self.changed}")
        return "\n".join((FENCE, *head, FENCE, self.body.strip(), ""))

    @property
    def digest(self) -> str:
        """Names this exact text: which version somebody read."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_page(text: str, *, slug: str, language: str) -> Page:
    match = re.fullmatch(rf"{FENCE}\n(.*?)\n{FENCE}\n(.*)", text, flags=re.DOTALL)
    if match is None:
        raise NotAPage(f"{slug}: a page begins with its head between two lines of {FENCE}")
    said = dict(_lines(match[1], slug))
    if set(said) != set(HEAD):
        raise NotAPage(f"{slug}: the head says {', '.join(HEAD)}, each once; found {', '.join(sorted(said))}")
    try:
        order, changed = int(said["order"]), date.fromisoformat(said["changed"])
    except ValueError as error:
        raise NotAPage(f"{slug}: {error}") from None
    return Page(
        language=language,
        slug=slug,
        title=said["title"],
        lead=said["lead"],
        order=order,
        changed=changed,
        body=match[2].strip(),
    )


def _lines(head: str, slug: str) -> list[tuple[str, str]]:
    lines = []
    for line in head.splitlines():
        name, colon, words = line.partition(":")
        if not colon or not words.strip():
            raise NotAPage(f"{slug}: in the head, this is no 'name: words': {line}")
        lines.append((name.strip(), words.strip()))
    return lines
