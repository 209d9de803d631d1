"""From contents to PDF, by Typst from its wheel: no system library, no network, no file of a patient left behind."""

from __future__ import annotations

import json
from pathlib import Path

import typst

from stillroom.bedside.paper.contents import Contents

HERE = Path(__file__).parent


def pdf(page: str, contents: Contents) -> bytes:
    """`page` is "chart" or "slip"; the contents go in as data, never as markup."""
    made: bytes = typst.compile(HERE / f"{page}.typ", root=HERE, sys_inputs={"contents": json.dumps(contents)})
    return made
