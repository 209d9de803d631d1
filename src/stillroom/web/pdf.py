"""From contents to PDF, by Typst from its wheel: no system library, no network, no file of a patient left behind."""

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
