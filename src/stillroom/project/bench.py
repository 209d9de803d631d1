"""`make bench`: every figure we quote, measured again, as a table and as build/bench.json.

The benchmarks are the files bench/bench_<room>.py; each has a function `figures()` that yields a `Figure` for all
that it measured. A ratio compares two measurements of one run, so that it means the same on any machine.

A figure may have a limit. The limits that were missed are listed last: a budget is what people at a bedside rely on,
and one that is missed makes the run fail; a goal is our own wish, and is listed.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

from stillroom.project.postgres import Postgres
from stillroom.project.running import set_up_django
from stillroom.project.server_account import private_folder
from stillroom.project.template import place_migrated_cluster

WIDTH = 200
"""Characters of the table where it goes into a file: no name and no number is cut."""
RESULTS = Path("build") / "bench.json"
KERNEL = Path(__file__).parent.parent / "core" / "pharmacology" / "kernel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most, or at least, so much: of a figure's value in its own unit, or of its ratio."""

    most: float | None = None
    least: float | None = None
    is_of_ratio: bool = False
    is_budget: bool = False

    def __str__(self) -> str:
        kind, of = "budget" if self.is_budget else "goal", "ratio " if self.is_of_ratio else ""
        bounds = (("at least", self.least), ("at most", self.most))
        return f"{kind}: {of}{' and '.join(f'{word} {bound:g}' for word, bound in bounds if bound is not None)}"


def budget(most: float) -> Limit:
    return Limit(most=most, is_budget=True)


def goal(*, most: float | None = None, least: float | None = None) -> Limit:
    return Limit(most=most, least=least)


def goal_of_ratio(*, most: float | None = None, least: float | None = None) -> Limit:
    return Limit(most=most, least=least, is_of_ratio=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `name` is dotted by room; `against` is the peer, with its own number."""

    name: str
    value: float
    unit: str
    against: str = ""
    ratio: float | None = None
    limit: Limit | None = None

    @property
    def is_missed(self) -> bool:
        """Beyond its limit; so is what is no number."""
        if self.limit is None:
            return False
        found = self.ratio if self.limit.is_of_ratio else self.value
        most, least = self.limit.most, self.limit.least
        is_kept = found is not None and (most is None or found <= most) and (least is None or found >= least)
        return not is_kept


def compile_anew_where_changed(kept_in: Path = Path("build") / "compiled") -> None:
    """Keeps compiled code by what it was made from: Numba looks for changes in one file, and the kernel is several."""
    found = hashlib.sha256()
    for path in sorted(KERNEL.glob("*.py")):
        found.update(path.read_bytes())
    os.environ.setdefault("NUMBA_CACHE_DIR", str(kept_in.absolute() / found.hexdigest()[:16]))


@contextmanager
def clinic_database(kept_in: Path = Path("build") / "clusters") -> Iterator[Postgres]:
    """Django, ready to ask a database of its own with every table and no rows, kept as durably as a clinic's."""
    home = private_folder("stillroom-bench-")
    try:
        place_migrated_cluster(home / "postgres", kept_in=kept_in.absolute())
        with Postgres(home / "postgres") as server:
            os.environ["DATABASE_URL"] = server.url("stillroom_app")
            set_up_django()
            _ask_here()
            yield server
            _close_connections()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("bench"))
    parser.add_argument("--only", default="", help="only the files whose name has this in it")
    asked = parser.parse_args(arguments)
    compile_anew_where_changed()
    files = sorted(path for path in asked.folder.glob("bench_*.py") if asked.only in path.stem)
    measured = list(_measure(files))
    if not asked.only:
        _write(measured)
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    console.print(_table(measured))
    missed = [figure for figure in measured if figure.is_missed]
    for line in _said_of(missed):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return 1 if not measured or any(figure.limit and figure.limit.is_budget for figure in missed) else 0


def _measure(files: Iterable[Path]) -> Iterator[Figure]:
    for path in files:
        sys.stderr.write(f"{path.stem} ...\n")
        yield from _loaded(path).figures()


def _loaded(path: Path) -> ModuleType:
    # A bench may stand on a file beside it, and on what the tests begin with.
    for folder in (str(path.parent), str(path.parent.parent)):
        if folder not in sys.path:
            sys.path.append(folder)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _write(measured: list[Figure]) -> None:
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(figure) for figure in measured], indent=2) + "\n")


def _table(measured: list[Figure]) -> Table:
    table = Table("figure", "value", "unit", "against", "ratio", "limit")
    for figure in measured:
        table.add_row(
            figure.name, _number(figure.value), figure.unit, figure.against, _ratio(figure), _limit_words(figure)
        )
    return table


def _number(value: float) -> str:
    return f"{value:.5g}" if abs(value) < 10_000 else f"{value:.0f}"


def _ratio(figure: Figure) -> str:
    return "" if figure.ratio is None else f"{figure.ratio:.3g}"


def _limit_words(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    return f"{figure.limit}, MISSED" if figure.is_missed else str(figure.limit)


def _said_of(missed: list[Figure]) -> Iterator[str]:
    for is_budget, kind in ((True, "Budgets"), (False, "Goals of our own")):
        of_kind = [figure for figure in missed if figure.limit and figure.limit.is_budget is is_budget]
        yield f"{kind} missed: {len(of_kind) or 'none'}"
        for figure in of_kind:
            is_of_ratio = figure.limit and figure.limit.is_of_ratio
            found = f"ratio {_ratio(figure)}" if is_of_ratio else f"{_number(figure.value)} {figure.unit}"
            yield f"  {figure.name}: {found}; {figure.limit}"


def _ask_here() -> None:
    """Django reads where its database is once; a figure may be taken in several, one after the other."""
    from django.db import connections

    from stillroom.project.settings import database

    found = database.settings()
    connections.settings["default"] |= {name: found[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}


def _close_connections() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main())
