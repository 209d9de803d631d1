"""Every address was really asked by everybody, and answered as the reviewed table says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import ResolverMatch

from stillroom.clinics import requests
from stillroom.clinics.access import PUBLIC, Rule, rule_for, rule_of
from tests.access import table
from tests.access.addresses import Address, addresses
from tests.access.asking import METHODS, House, rows
from tests.access.callers import CALLERS
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _who_signed_in_stays_so(settings: Any) -> None:
    """On a busy machine everybody is asked for longer than a sign-in is good for what needs a fresh one."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 86_400


def test_every_address_has_its_rows_and_no_row_is_left_over() -> None:
    assert set(table.kept()) == {(method, address.name) for method, address in rows()}


def test_every_answer_is_the_one_that_was_reviewed(cast: Cast, request: pytest.FixtureRequest) -> None:
    found = House(cast).table()
    if request.config.getoption("write_access_table", default=False):
        table.write(found)
    kept = table.kept()
    changed = [
        f"{row} as {caller}: reviewed {kept[row][caller]}, now {now[caller]}"
        for row, now in found.items()
        for caller in CALLERS
        if row in kept and kept[row][caller] != now[caller]
    ]
    assert changed == []


def test_nothing_breaks_for_anybody() -> None:
    cells = [(row, caller, cell) for row, line in table.kept().items() for caller, cell in line.items()]
    assert cells
    assert [cell for cell in cells if " 5" in f" {cell[2]}"] == []


THEIRS = {"nurse elsewhere": ("",), "another patient": ("journal:brought", "journal:let_go", "journal:revoke_share")}
"""Whose own the second of the three ids is: all of the other clinic; what the other patient brought and shared."""


def test_nobody_gets_anything_of_another_clinic() -> None:
    """An id of the other clinic is never answered better than one that does not exist."""
    for row, line in table.kept().items():
        for caller, cell in line.items():
            answers, is_theirs = cell.split(), caller in THEIRS and row[1].startswith(THEIRS[caller])
            if len(answers) == 3 and not is_theirs and not row[1].startswith("account_reset"):
                assert answers[1] == answers[2], f"{row} as {caller}: {cell}"


@pytest.mark.parametrize(("change", "rule"), [("deleted", None), ("opened to all", PUBLIC)])
def test_no_rule_can_be_lost_unseen(
    cast: Cast, change: str, rule: Rule | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each rule in turn is deleted, or made public: at least one cell of its rows must disagree with the table."""
    house, kept = House(cast), table.kept()
    held = [address for address in addresses() if rule_for(address.view, address.name) != rule]

    def is_seen(address: Address) -> bool:
        cells = ((method, caller) for method in METHODS for caller in CALLERS)
        return any(house.ask(method, address, caller) != kept[method, address.name][caller] for method, caller in cells)

    for address in held:
        monkeypatch.setattr(requests, "rule_of", _with(address.name, rule))
        assert is_seen(address), f"the rule of {address.name} was {change}, and no row failed"


def _with(name: str, rule: Rule | None) -> Callable[[ResolverMatch], Rule | None]:
    return lambda match: rule if match.view_name == name else rule_of(match)
