"""The words of the criteria, as a module that gettext can read: it reads no TOML. `make words` asks for it.

python -m stillroom.directory.criteria_words > words.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from stillroom.directory.criteria import criteria


def words() -> Iterator[str]:
    """Everything of the criteria that a page shows."""
    for each in criteria().criteria:
        yield from (each.title, each.question, each.why, *each.choices.values())
        yield each.checked_by


if __name__ == "__main__":
    sys.stdout.writelines(f"gettext({each!r})\n" for each in words())
