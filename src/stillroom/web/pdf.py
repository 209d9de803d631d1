"""From contents to PDF, or to its leaves for a screen, by Typst from its wheel.

No system library, no network, no file of a patient left behind.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

ROOMS = Path(__file__).parent.parent


def pdf(template: Path, contents: dict[str, Any]) -> bytes:
    """`template` is a Typst file of a room; the contents go in as data, never as markup."""
    made: bytes = typst.compile(template, root=ROOMS, sys_inputs={"contents": json.dumps(contents)})
    return made


def leaves(template: Path, contents: dict[str, Any]) -> list[bytes]:
    """The same, each page a drawing of its own (SVG), which a page of ours can dim: no stylesheet reaches a PDF."""
    inputs = {"contents": json.dumps(contents)}
    made: bytes | list[bytes] = typst.compile(template, root=ROOMS, sys_inputs=inputs, format="svg")
    return made if isinstance(made, list) else [made]
