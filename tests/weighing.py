"""What a page weighs with the style sheets and scripts that it asks for, pictures left out, nothing compressed."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.staticfiles import finders


def weight_with_all_it_needs(html: str) -> int:
    found = set(re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html))
    # The scripts that these ask for, too.
    return len(html.encode()) + sum(_weight(path) for path in found | {"web/js/dialogs.js"})


def _weight(path: str) -> int:
    where = finders.find(path)
    assert isinstance(where, str)
    return Path(where).stat().st_size
