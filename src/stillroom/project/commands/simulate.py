"""`stillroom simulate`: does what is learned from scores hold the share that is stated, whichever model is true?"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from stillroom.core.pharmacology.calibration import (
    COVERAGE,
    LEAST_PERCENT,
    MOST_PERCENT,
    Coverage,
    chance_percent,
    holds_as_stated,
)

if TYPE_CHECKING:
    from stillroom.project.simulation import Batch, Counted

WRONG, REFUSED = 1, 2
NEEDS_NUMBA = "Simulating needs Numba: install stillroom with the extra `simulate` (or `cluster`, for many machines)."


def simulate(
    people: Annotated[int, typer.Option(min=1, help="Of each model that may be true.")] = 3000,
    at_once: Annotated[int, typer.Option(min=1, help="People in a batch; a batch is what is kept and resumed.")] = 500,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same people, on one machine or many.")] = 1,
    keep: Annotated[
        Path, typer.Option(help="Where finished batches are kept. Run again after an interruption, and it goes on.")
    ] = Path("build") / "simulate.jsonl",
    cluster: Annotated[str, typer.Option(help="Address of a Dask scheduler, to share the work out.")] = "",
) -> None:
    """Draw people of each published model, learn from their scores, and count the next ones inside the 90 % band.

    Exit code 1 if a share is stated anywhere that these people do not bear out, or the run was interrupted.
    """
    try:
        from stillroom.project.simulation import as_rows, batches, counted, coverage
    except ModuleNotFoundError:
        typer.echo(NEEDS_NUMBA, err=True)
        raise typer.Exit(REFUSED) from None
    wanted = batches(people=people, at_once=at_once, seed=seed)
    done = _kept(keep, wanted)
    missing = [batch for batch in wanted if (batch.truth, batch.number) not in {(d.truth, d.number) for d in done}]
    results = _by_cluster(cluster, missing) if cluster else map(counted, missing)
    try:
        with Progress(console=Console(stderr=True)) as progress, keep.open("a") as file:
            task = progress.add_task("Batches", total=len(wanted), completed=len(wanted) - len(missing))
            for found in results:
                file.writelines(json.dumps(row) + "\n" for row in as_rows(found))
                file.flush()
                os.fsync(file.fileno())
                done += found
                progress.advance(task)
    except KeyboardInterrupt:
        typer.echo(f"Interrupted. What is done is kept in {keep}; the same command goes on from there.", err=True)
        raise typer.Exit(WRONG) from None
    _tell(coverage(done), sum(each.not_arrived for each in done), people)


def _kept(keep: Path, wanted: tuple[Batch, ...]) -> list[Counted]:
    """What an earlier run of the same question left; a line cut short by a crash is done again."""
    from stillroom.project.simulation import Counted, as_rows

    question = json.dumps({"question": [wanted[0].seed, wanted[0].people, len(wanted), sum(b.people for b in wanted)]})
    keep.parent.mkdir(parents=True, exist_ok=True)
    lines = keep.read_text().splitlines() if keep.exists() else []
    if not lines:
        keep.write_text(question + "\n")
        return []
    if lines[0] != question:
        typer.echo(f"{keep} holds another run (other people or seed). Name another file with --keep.", err=True)
        raise typer.Exit(REFUSED)
    rows = [row for line in lines[1:] if (row := _row(line)) is not None]
    whole = {key for key, count in _counts(rows).items() if count == len({row["fitted"] for row in rows})}
    kept = [Counted(**row) for row in rows if (row["truth"], row["number"]) in whole]
    keep.write_text("".join(f"{line}\n" for line in (question, *map(json.dumps, as_rows(kept)))))
    return kept


def _row(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _counts(rows: Iterable[dict[str, Any]]) -> dict[tuple[object, object], int]:
    found: dict[tuple[object, object], int] = {}
    for row in rows:
        key = (row["truth"], row["number"])
        found[key] = found.get(key, 0) + 1
    return found


def _by_cluster(address: str, missing: list[Batch]) -> Iterator[tuple[Counted, ...]]:
    """The same batches on other machines, as they finish."""
    from distributed import Client, as_completed

    from stillroom.project.simulation import counted

    with Client(address) as client:  # type: ignore[no-untyped-call]
        for future in as_completed(client.map(counted, missing, pure=False)):  # type: ignore[no-untyped-call]
            yield future.result()


def _tell(found: tuple[Coverage, ...], not_arrived: int, people: int) -> None:
    table = Table("learned by", "true", "inside the 90 % band, %", "as kept, %")
    kept = {(each.fitted, each.truth): each.percent for each in COVERAGE}
    for each in found:
        before = kept.get((each.fitted, each.truth))
        table.add_row(each.fitted, each.truth, f"{each.percent:.1f}", "" if before is None else f"{before:.1f}")
    Console().print(table)
    typer.echo(f"Fits that did not arrive, left out: {not_arrived}.")
    for name in dict.fromkeys(each.fitted for each in found):
        holds = holds_as_stated(name, found, leeway_percent=-chance_percent(people))
        typer.echo(f"{name}: {'90 % may be stated' if holds else 'no share may be named'}.")
    chance = chance_percent(people)
    names = sorted({each.fitted for each in found})
    overstated = [
        name for name in names if holds_as_stated(name) and not holds_as_stated(name, found, leeway_percent=chance)
    ]
    if overstated:
        limits = f"{LEAST_PERCENT:g} to {MOST_PERCENT:g} %"
        typer.echo(f"Stated, and not borne out ({limits}): {', '.join(overstated)}.", err=True)
        raise typer.Exit(WRONG)
