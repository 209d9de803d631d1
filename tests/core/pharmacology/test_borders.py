"""A forecast can raise no limit, clear no alarm, change no dose: it can reach nothing that does (SR-38)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

import stillroom.core.pharmacology

ROOM = Path(stillroom.core.pharmacology.__file__).parent
CORE = ROOM.parent
ROOM_NAME = "stillroom.core.pharmacology"
LEARNING, LEARNED = f"{ROOM_NAME}.learning", f"{ROOM_NAME}.learned"
JUDGES = [path for room in ("order", "safety", "infusion", "drip") for path in sorted((CORE / room).rglob("*.py"))]


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", sorted(ROOM.glob("*.py")), ids=lambda path: path.name)
def test_pharmacology_reaches_nothing_of_ours_but_itself_and_findings(path: Path) -> None:
    ours = {name for name in _imports(path) if name.startswith("stillroom")}
    assert {name for name in ours if not name.startswith("stillroom.core.pharmacology")} <= {"stillroom.core.errors"}


def test_nothing_that_decides_or_judges_reads_a_forecast() -> None:
    assert len(JUDGES) > 15
    reading = [path for path in JUDGES if any("pharmacology" in name for name in _imports(path))]
    assert reading == []


def test_no_path_leads_from_a_score_to_advice_to_go_faster() -> None:
    """Not by any number of steps: nothing that decides, judges, doses or offers an act imports what was learned."""
    graph = grimp.build_graph("stillroom", cache_dir=None)
    for room in ("core.drip", "core.infusion", "core.order", "core.safety", "core.vitals", "infusions", "protocols"):
        assert not graph.chain_exists(f"stillroom.{room}", LEARNING, as_packages=True), room
        assert not graph.chain_exists(f"stillroom.{room}", LEARNED, as_packages=True), room
    for module in ("bedside.fill.offered", "bedside.fill.drip", "bedside.doing", "bedside.told", "bedside.forms"):
        assert not graph.chain_exists(f"stillroom.{module}", LEARNING, as_packages=True), module


def test_what_was_learned_is_found_only_where_it_is_drawn() -> None:
    """A new reader is looked at by a person before it is added here: it must draw, and offer no act."""
    graph = grimp.build_graph("stillroom", cache_dir=None)
    assert graph.find_modules_that_directly_import(LEARNING) <= {"stillroom.office.forecast"}


def test_a_score_is_read_only_where_it_is_written_down_or_shown() -> None:
    """Advice need not come by way of what was learned: so every file that names the score is looked at by a person."""
    source = CORE.parent
    reading = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if ROOM not in path.parents and re.search(r"(?<!most_)detached", "".join(_names(path)))
    }
    assert reading == {
        "bedside/fill/coming.py",  # when it is to be asked, as are due.py and watching.py
        "bedside/fill/room.py",  # draws the dots
        "bedside/fill/steps.py",  # that it is back, at the doors home, as is recovery.py
        "bedside/forms/leaving.py",  # asks
        "bedside/forms/seen.py",  # asks
        "bedside/paper/contents.py",  # prints
        "bedside/parts.py",
        "bedside/said.py",
        "core/infusion/baseline.py",  # that it was asked before the start
        "core/infusion/due.py",
        "core/infusion/entries.py",
        "core/infusion/fold.py",  # when it was asked
        "core/infusion/plausible.py",  # 0 to 10
        "core/infusion/recovery.py",
        "core/infusion/report.py",
        "core/infusion/state.py",
        "core/infusion/upcast.py",
        "core/infusion/watching.py",
        "core/order/observation.py",  # when it is to be asked
        "core/safety/glances.py",  # that it is asked a second time after the first
        "core/safety/priority.py",  # that it was not asked when due, as does watch.py
        "core/safety/watch.py",
        "exchange/fhir/codes.py",
        "infusions/known.py",  # the highest of an infusion, for the table of earlier ones
        "infusions/ran.py",  # what is learned from
        "office/order_form.py",
        "rehearsal/patient.py",  # the simulated patient, who says it
        "rehearsal/visit.py",
        "web/charts/felt.py",
    }


def _names(path: Path) -> Iterator[str]:
    """What code names: attributes, arguments and fields, and strings that are not words for people."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            yield f" {node.attr} "
        elif isinstance(node, ast.Name):
            yield f" {node.id} "
        elif isinstance(node, ast.keyword):
            yield f" {node.arg} "
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value:
            yield f" {node.value} "


def test_a_path_that_did_lead_there_would_be_seen() -> None:
    graph = grimp.build_graph("stillroom", cache_dir=None)
    graph.add_import(importer="stillroom.core.safety.limits", imported="stillroom.core.pharmacology.felt")
    graph.add_import(importer="stillroom.core.pharmacology.felt", imported=LEARNING)
    assert graph.chain_exists("stillroom.core.safety", LEARNING, as_packages=True)


def test_numba_is_in_one_package_and_nothing_that_serves_a_page_imports_it() -> None:
    graph = grimp.build_graph("stillroom", include_external_packages=True, cache_dir=None)
    kernel, population = f"{ROOM_NAME}.kernel", f"{ROOM_NAME}.population"
    inside = graph.find_descendants(kernel)
    assert inside == {f"{kernel}.{name}" for name in ("curves", "fits", "steps")}
    assert graph.find_modules_that_directly_import("numba") == inside
    assert {each for name in (kernel, *inside) for each in graph.find_modules_that_directly_import(name)} <= {
        kernel, population, *inside,
    }  # fmt: skip
    assert graph.find_modules_that_directly_import(population) == {"stillroom.project.simulation"}
    importers = graph.find_modules_that_directly_import("stillroom.project.simulation")
    assert importers == {"stillroom.project.commands.simulate"}


def test_every_finding_of_a_curve_is_a_note_or_a_refusal() -> None:
    """A soft finding would ask a person for a reason before an act; a forecast must not stand in front of one."""
    sources = "".join(path.read_text() for path in ROOM.glob("*.py"))
    assert "Severity.NOTE" in sources
    assert "Severity.SOFT" not in sources
