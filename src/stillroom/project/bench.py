"""`make bench`: every figure we quote, measured again, as a table and as build/bench.json.

The benchmarks are the files bench/bench_<room>.py; each has a function `figures()` that yields a `Figure` for all
that it measured. A ratio compares two measurements of one run, so that it means the same on any machine.
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

WIDTH = 160
"""Characters of the table where it goes into a file: no name and no number is cut."""
RESULTS = Path("build") / "bench.json"
KERNEL = Path(__file__).parent.parent / "core" / "pharmacology" / "kernel"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `name` is dotted by room; `against` is the peer or the limit, with its own number."""

    name: str
    value: float
    unit: str
    against: str = ""
    ratio: float | None = None


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
    Console(width=None if sys.stdout.isatty() else WIDTH).print(_table(measured))
    return 0 if measured else 1


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
    table = Table("figure", "value", "unit", "against", "ratio")
    for figure in measured:
        ratio = "" if figure.ratio is None else f"{figure.ratio:.3g}"
        table.add_row(figure.name, f"{figure.value:.4g}", figure.unit, figure.against, ratio)
    return table


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
