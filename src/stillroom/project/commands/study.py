"""`stillroom study`: how often does the page speak of a difference where there is none, and where there is one?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import track

from stillroom.core.outcomes.comparison import LOOKS
from stillroom.rehearsal.courses import CHOICES, NULLS, World
from stillroom.rehearsal.courses import study as tell_and_look

MOST_FALSE = 0.05
DIFFERENCES = (1.0, 2.0, 3.0, 5.0)


def study(
    courses: Annotated[int, typer.Option(min=1, help="Invented courses of 36 infusions, of each kind.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed tells the same courses.")] = 20261125,
) -> None:
    """Tell invented courses, look at each as the page does, and count what would have been said at any look.

    Takes half a minute to two; a bar shows how far it is.

    Exit codes: 0 no null course is fooled more often than 5 %. 1 one is. 2 wrongly called.
    """
    typer.echo(f"seed {seed}; {courses} courses of each kind; looked at after {', '.join(map(str, LOOKS))} infusions")
    typer.echo("\nNothing differs. In percent of courses:\nmay speak  speaks  plain comparison at 5 %  kind of course")
    worst = 0.0
    for name, world, chance in _seeded(NULLS.items(), seed):
        found = tell_and_look(world, courses=courses, chance=chance)
        worst = max(worst, found.said)
        typer.echo(f"{found.earned:9.1%}  {found.said:6.2%}  {found.naive:23.1%}  {name}")
    typer.echo("\nDays after one way are really lower. In percent of courses, rightly said after so many infusions:")
    by_look = "".join(f"{look:>7}" for look in LOOKS)
    typer.echo(f"may speak{by_look}  wrongly  by how many points of 10, and how the way was chosen")
    wanted = [
        (f"{points:g}, {how}", World(choose=choose, difference=points))
        for points in DIFFERENCES
        for how, choose in CHOICES.items()
    ]
    for name, world, chance in _seeded(wanted, seed + 1):
        found = tell_and_look(world, courses=courses, chance=chance)
        rightly = "".join(f"{share:7.1%}" for share in found.right_by)
        typer.echo(f"{found.earned:9.1%}{rightly}  {found.said - found.right:7.2%}  {name}")
    if worst > MOST_FALSE:
        typer.echo(f"\nA kind of null course speaks in {worst:.2%}: more than {MOST_FALSE:.0%}.", err=True)
        raise typer.Exit(1)


def _seeded(worlds: Iterable[tuple[str, World]], seed: int) -> Iterator[tuple[str, World, np.random.Generator]]:
    """Each kind of course has a stream of its own, so that one more kind changes no other's figures."""
    listed = list(worlds)
    streams = np.random.SeedSequence(seed).spawn(len(listed))
    told = track(zip(listed, streams, strict=True), total=len(listed), console=Console(stderr=True), transient=True)
    for (name, world), stream in told:
        yield name, world, np.random.default_rng(stream)
