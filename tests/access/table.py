"""The table of access: what every address answers to everybody, really asked, kept in `table.csv` for review.

    python -m tests.access.table        asks everything anew and writes table.csv

When you add a page: name its address, give its view a rule (`stillroom.clinics.access`), add a line to `ids.py` if its
address holds a new kind of id, run the command above, and *read* the rows that it added or changed: they are what the
commit promises. A row is a method and an address; a column is who asks; a cell is the status, or where it leads:

    200               it answers
    303 … 302         it was done and leads on
    sign-in           leads to signing in; so do "take-over", "choose-clinic", "step-up", "second-factor"
    403 404 405       refused; not there for you; not with this method
    200 404 404       for own, another clinic's, and an absent id
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

KEPT = Path(__file__).parent / "table.csv"

# (method, address) -> caller -> what came of it
Table = dict[tuple[str, str], dict[str, str]]


def kept() -> Table:
    """The table as it was reviewed."""
    with KEPT.open(newline="") as lines:
        return {(line.pop("method"), line.pop("address")): line for line in csv.DictReader(lines)}


def write(found: Table) -> None:
    callers = next(iter(found.values()))
    with KEPT.open("w", newline="") as lines:
        table = csv.DictWriter(lines, ["address", "method", *callers], lineterminator="\n")
        table.writeheader()
        for (method, address), row in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
            table.writerow({"address": address, "method": method, **row})


class Writing:
    """A pytest plugin: only a test has a database and a cast to ask for, so a test writes the table."""

    def pytest_addoption(self, parser: pytest.Parser) -> None:
        parser.addoption("--write-access-table", action="store_true")


def main() -> int:
    test = f"{Path(__file__).with_name('test_table.py')}::test_every_answer_is_the_one_that_was_reviewed"
    return int(pytest.main(["-q", "--write-access-table", test], plugins=[Writing()]))


if __name__ == "__main__":
    sys.exit(main())
