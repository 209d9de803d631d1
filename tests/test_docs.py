"""The docs are complete: every entry, finding, setting and command is written down where it is said to be."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from stillroom.core.infusion.entries import KINDS, Fact
from stillroom.core.infusion.state import ALWAYS, MOVES, OVER, WHILE_OPEN

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "stillroom"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_entry_its_fields_and_its_move_are_documented(kind: type[Fact]) -> None:
    text = (DOCS / "entries.md").read_text()
    row = next(line for line in text.splitlines() if line.startswith(f"| `{kind.__name__}` |"))
    _, _, says, fields, legal_in, target, _ = row.split("|")
    assert len(says.strip()) > 5
    assert dataclasses.is_dataclass(kind)
    assert {field.name for field in dataclasses.fields(kind)} == set(re.findall(r"`(\w+)`", fields))
    move = MOVES.get(kind, WHILE_OPEN)
    assert _states(legal_in.strip()) == move.sources
    assert target.strip() == (move.target.replace("_", " ") if move.target else "the same")


def test_every_finding_is_documented() -> None:
    text = (DOCS / "findings.md").read_text()
    missing = sorted(code for code in finding_codes() if f"`{code}`" not in text)
    assert not missing


def test_no_finding_is_documented_that_does_not_exist() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", (DOCS / "findings.md").read_text(), flags=re.MULTILINE)
    assert sorted(set(rows) - finding_codes()) == []


def test_every_link_in_the_docs_leads_somewhere() -> None:
    for page in (*DOCS.rglob("*.md"), *ROOT.glob("*.md")):
        for target in re.findall(r"\]\((?!http|#|mailto:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} links to {target}"


def _states(legal_in: str) -> frozenset[str]:
    said = {"always": ALWAYS, "any but the last two": ALWAYS - OVER}
    return said.get(legal_in) or frozenset(name.strip().replace(" ", "_") for name in legal_in.split(","))


def finding_codes() -> set[str]:
    """Every code that the core gives a finding: the literal first arguments of `Finding`, `refuse` and their likes.

    Codes of limits are built from a quantity and a severity; those are spelled out here from the bands there are.
    """
    bands = ("dose_mg_per_kg", "dose_mg", "duration_min", "rate_mg_per_kg_per_h")
    built = {f"{band}_{side}_{limit}" for band in bands for side in ("above", "below") for limit in ("hard", "soft")}
    windows = ("dose_mg_in_24_h", "dose_mg_in_7_days", "infusions_per_day", "infusions_per_week")
    built |= {f"{window}_above_{limit}" for window in windows for limit in ("hard", "soft")}
    return built | {
        code for room in ROOMS_THAT_REFUSE for path in (SOURCE / room).rglob("*.py") for code in _codes_in(path)
    }


ROOMS_THAT_REFUSE = ("core", "exchange", "infusions", "patients", "protocols", "schedule")
MAKERS = {"Finding", "refuse", "_hard", "_refused", "_finding"}
CONDITIONS = {"recovery.py", "ready.py"}  # codes as keys of a dictionary of conditions
FACT_KEYS = {"door", "waits_for", "symptoms", "conditions"}
FAULTS = "number_"  # codes of what was typed stand in a table of patterns


def _codes_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and _name(node.func) in MAKERS:
            yield from (str(arg.value) for arg in node.args[:1] if isinstance(arg, ast.Constant))
        elif isinstance(node, ast.Dict) and path.name in CONDITIONS:
            keys = [str(key.value) for key in node.keys if isinstance(key, ast.Constant)]
            yield from (key for key in keys if key not in FACT_KEYS and not key.endswith(("_mmhg", "_min", "_at")))
        elif isinstance(node, ast.Constant) and str(node.value).startswith(FAULTS):
            yield str(node.value)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
