"""The house stands as drawn: what import-linter cannot see is held here."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.db.models import Field

TOP = Path(__file__).resolve().parent.parent
SOURCE = TOP / "src" / "stillroom"
PURE = sorted((SOURCE / "core").rglob("*.py"))
CLOCKS_AND_DICE = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "uuid1", "uuid4", "urandom", "getenv"}
UNITLESS = {"dose", "rate", "conc", "time", "weight", "volume", "duration"}


def _height_of_rooms() -> dict[str, int]:
    """Room -> how high it stands, read from the contract that `make check` holds the imports to."""
    contracts = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return {room.strip(): height for height, layer in enumerate(reversed(layers)) for room in layer.split("|")}


def _relations() -> Iterator[tuple[Field[object, object], str, str]]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.related_model is not None:
                yield field, _room(model), _room(field.related_model)


def _room(model: object) -> str:
    """A room's name; Django's and other people's models stand below every room."""
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "stillroom" else ""


def test_every_room_of_ours_has_a_height() -> None:
    rooms = {path.name for path in SOURCE.iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(_height_of_rooms())


def test_no_model_relation_points_up() -> None:
    """A foreign key written as a string passes import-linter unseen."""
    height = {"": -1, **_height_of_rooms()}
    seen = [relation for relation in _relations() if relation[1]]
    assert seen, "no relation was looked at"
    assert [f"{field} -> {to}" for field, room, to in seen if height[to] > height[room]] == []


def test_the_test_of_relations_sees_one_that_points_up(monkeypatch: pytest.MonkeyPatch) -> None:
    upside_down = {room: -height for room, height in _height_of_rooms().items()}
    assert [field for field, room, to in _relations() if room and to and upside_down[to] > upside_down[room]]


def test_no_migration_is_missing() -> None:
    written = MigrationLoader(None)
    ask_nobody = NonInteractiveMigrationQuestioner(specified_apps=None, dry_run=True)
    found = MigrationAutodetector(written.project_state(), ProjectState.from_apps(apps), ask_nobody)
    changes = found.changes(graph=written.graph)
    assert {app: [str(change) for change in listed] for app, listed in changes.items()} == {}


def test_what_happens_at_the_bedside_goes_by_the_clock_of_the_house() -> None:
    """`clinics.clock.now()`, which no setting of the computer's clock moves. A sign-in is Django's own."""
    rooms = (path for room in ("bedside", "devices", "infusions") for path in (SOURCE / room).rglob("*.py"))
    wrong = [path.name for path in rooms if re.search(r"timezone\.now\(\)|datetime\.now\(", path.read_text())]
    assert wrong == ["standings.py"]


@pytest.mark.parametrize("path", PURE, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_core_reads_no_clock_and_throws_no_dice(path: Path) -> None:
    """Time and chance are arguments. `datetime.now()` hides behind an import that the core needs for its types."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "") for node in calls
    }
    assert called & CLOCKS_AND_DICE == set()


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_numbers_name_carries_its_unit(path: Path) -> None:
    tree = ast.parse(path.read_text())
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    fields = {node.target for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)}
    assert (arguments | {getattr(field, "id", "") for field in fields}) & UNITLESS == set()


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc", "manager", "handler", "base"])
def test_no_module_has_a_name_that_says_nothing(name: str) -> None:
    assert list(SOURCE.rglob(f"{name}.py")) + list(SOURCE.rglob(f"{name}/__init__.py")) == []


@pytest.mark.django_db
def test_every_table_of_a_clinic_is_fenced_by_row_security() -> None:
    """A table with a clinic_id has row security enabled, forced, and at least one policy."""
    query = """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE a.attname = 'clinic_id' AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity
                   AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
    """
    with connection.cursor() as cursor:
        cursor.execute(query)
        assert [row[0] for row in cursor.fetchall()] == []


# Where an order becomes an act, by the limits of the library in force; and the story of the rehearsal, told by itself.
MAY_PLAN = {"infusions/ordering.py", "rehearsal/story.py"}
# Where limits are judged: on the way into the log, and where an order is shown what would be found.
MAY_JUDGE = {
    "core/infusion/planning.py",
    "core/infusion/correction.py",
    "core/safety/limits.py",
    "core/safety/windows.py",
}


def _callers_of(*names: str) -> set[str]:
    """The files that call any of these functions, by their own name or by another that the file gives them."""
    return {
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if _calls(ast.parse(path.read_text()), names)
    }


def _calls(tree: ast.Module, names: tuple[str, ...]) -> bool:
    meant = _other_names(tree, names)
    return any(isinstance(node, ast.Call) and _called(node.func) in meant for node in ast.walk(tree))


def _other_names(tree: ast.Module, names: tuple[str, ...]) -> set[str]:
    """These names, and those that they are imported or assigned as."""
    meant = set(names)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            meant |= {each.asname for each in node.names if each.name in names and each.asname}
        elif isinstance(node, ast.Assign) and _called(node.value) in names:
            meant |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return meant


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.parametrize(
    "code",
    [
        "from x import PlanInfusion\nPlanInfusion()",
        "from x import PlanInfusion as Plan\nPlan()",
        "from x import commands as c\nplan = c.PlanInfusion\nplan()",
        "from x import commands as c\nc.PlanInfusion()",
    ],
)
def test_a_path_round_the_limits_is_seen_by_whatever_name_it_goes(code: str) -> None:
    assert _calls(ast.parse(code), ("PlanInfusion",))
    assert not _calls(ast.parse(code), ("RateIntended",))


def test_no_path_goes_round_the_limits() -> None:
    """One place makes an order an act, and one judges: whoever adds another has to say so here."""
    assert _callers_of("PlanInfusion") == MAY_PLAN
    assert _callers_of("judge_order", "judge_rate", "judge_band") <= MAY_JUDGE
    assert _callers_of("InfusionPlanned") == {"core/infusion/planning.py"}
    drawn_and_not_done = {"bedside/fill/what_if.py"}
    intended = _callers_of("RateIntended", "StartIntended", "ResumeIntended")
    assert intended - drawn_and_not_done == {"core/infusion/decide.py"}
    assert _callers_of("append_entries") == {"infusions/acts.py"}
