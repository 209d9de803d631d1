"""The papers of the bedside, by name."""

from __future__ import annotations

from pathlib import Path

from stillroom.bedside.paper.contents import Contents
from stillroom.web import pdf as paper

HERE = Path(__file__).parent


def pdf(page: str, contents: Contents) -> bytes:
    """`page` is "chart", "slip" or "ambulance"."""
    return paper.pdf(HERE / f"{page}.typ", contents)


def leaves(page: str, contents: Contents) -> list[bytes]:
    """The same papers, each leaf an SVG."""
    return paper.leaves(HERE / f"{page}.typ", contents)
