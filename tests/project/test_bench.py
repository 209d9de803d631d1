"""`make bench` over a folder of its own: what it says of limits, and when it fails."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest

from stillroom.project.bench import Figure, budget, goal, goal_of_ratio, main

HOUSE = Path(__file__).parents[2]
A_BENCH = """
from stillroom.project.bench import Figure, budget, goal, goal_of_ratio


def figures():
    yield Figure("calls.by_sound", {heard}, "ms", limit=budget(1000))
    yield Figure("pages.answered", {answered}, "ms", limit=goal(most=100))
    yield Figure("log.appended", 9000, "1/s", "INSERT 20000/s", {of_peer}, goal_of_ratio(least=0.5))
    yield Figure("log.read", 70, "ms", "no limit")
"""
KEPT = {"heard": 1000, "answered": 100, "of_peer": 0.5}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run leaves, it leaves here."""
    monkeypatch.chdir(tmp_path)


def told(capsys: pytest.CaptureFixture[str], **measured: object) -> tuple[int, str, str]:
    """The exit code, the table, and what stands below it."""
    Path("bench_rooms.py").write_text(A_BENCH.format(**KEPT | measured))
    code = main(["--folder", "."])
    table, _, below = capsys.readouterr().out.partition("Budgets missed")
    return code, table, "Budgets missed" + below


def test_a_run_that_keeps_every_limit_to_the_last_passes(capsys: pytest.CaptureFixture[str]) -> None:
    code, table, below = told(capsys)
    assert code == 0
    assert below.splitlines() == ["Budgets missed: none", "Goals of our own missed: none"]
    assert "MISSED" not in table
    assert all(each in table for each in ("budget: at most 1000", "goal: at most 100", "goal: ratio at least 0.5"))


def test_a_budget_that_is_missed_makes_it_fail_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    code, table, below = told(capsys, heard=1000.5)
    assert code == 1
    assert below.splitlines() == [
        "Budgets missed: 1",
        "  calls.by_sound: 1000.5 ms; budget: at most 1000",
        "Goals of our own missed: none",
    ]
    assert [line for line in table.splitlines() if "MISSED" in line] == [
        line for line in table.splitlines() if "calls.by_sound" in line
    ]


def test_goals_that_are_missed_are_named_and_it_passes(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, below = told(capsys, answered=101, of_peer=0.45)
    assert code == 0
    assert below.splitlines() == [
        "Budgets missed: none",
        "Goals of our own missed: 2",
        "  pages.answered: 101 ms; goal: at most 100",
        "  log.appended: ratio 0.45; goal: ratio at least 0.5",
    ]


def test_what_is_no_number_keeps_no_limit(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, heard='float("nan")')[0] == 1
    assert told(capsys, heard='float("inf")')[0] == 1
    assert "goal: ratio at least 0.5" in told(capsys, of_peer=None)[2]


@pytest.mark.parametrize(
    ("figure", "is_missed"),
    [
        (Figure("a", 5.0, "ms", limit=budget(5)), False),
        (Figure("a", 5.1, "ms", limit=budget(5)), True),
        (Figure("a", 5.0, "1/s", limit=goal(least=5)), False),
        (Figure("a", 4.9, "1/s", limit=goal(least=5)), True),
        (Figure("a", 9.0, "ms", "", 1.5, goal_of_ratio(most=1.5)), False),
        (Figure("a", 1.0, "ms", "", 1.6, goal_of_ratio(most=1.5)), True),
        (Figure("a", 9.0, "ms", "", 9.0), False),
        (Figure("a", 85.0, "%", limit=goal(least=85, most=95)), False),
        (Figure("a", 84.9, "%", limit=goal(least=85, most=95)), True),
        (Figure("a", 95.1, "%", limit=goal(least=85, most=95)), True),
    ],
)
def test_a_limit_is_of_the_value_or_of_the_ratio(figure: Figure, is_missed: bool) -> None:
    assert figure.is_missed is is_missed


def test_the_limits_are_kept_with_what_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys)
    heard, *_, without = json.loads(Path("build/bench.json").read_text())
    assert heard["limit"] == {"most": 1000, "least": None, "is_of_ratio": False, "is_budget": True}
    assert without["limit"] is None


def test_nothing_measured_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folder", "."]) == 1


def test_the_budgets_that_are_measured_are_those_that_stand_in_the_docs() -> None:
    module = runpy.run_path(str(HOUSE / "bench" / "how_soon.py"))
    measured = {(each.p99_ms, each.hard_ms) for each in module.values() if isinstance(each, module["Step"])}
    rows = re.findall(r"\| (\d+) ms \| (\d+) ms \|", (HOUSE / "docs" / "clinical" / "alarms.md").read_text())
    assert measured == {(int(p99_ms), int(hard_ms)) for p99_ms, hard_ms in rows}
    assert len(measured) == 7


def test_of_few_the_slowest_is_held_to_what_99_of_100_must_keep_and_of_many_both_are() -> None:
    module = runpy.run_path(str(HOUSE / "bench" / "how_soon.py"))
    held_to, step = module["held_to"], module["Step"](p99_ms=100, hard_ms=500)
    (few,) = held_to(step, "few", [1.0] * 19 + [101.0])
    assert (few.name, few.value, few.limit) == ("few_slowest_of_20", 101.0, budget(100))
    p99, slowest = held_to(step, "many", [501.0, *map(float, range(1, 200))])
    assert (p99.name, p99.value, p99.limit) == ("many_p99", 199.0, budget(100))
    assert (slowest.name, slowest.value, slowest.limit) == ("many_slowest", 501.0, budget(500))
