"""How often does the comparison of two ways speak where nothing differs? Per kind of null course, against 5 %.

`stillroom study` prints the whole table, power too; the seed and the number of courses are the same here.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stillroom.project.bench import Figure, goal
from stillroom.rehearsal.courses import NULLS, World, by_chance, study

SEED, COURSES = 20261125, 2000
LIMIT = 5.0


def figures() -> Iterator[Figure]:
    """In percent of 2,000 courses looked at four times each; the peer is a plain comparison of two means at 5 %."""
    streams = np.random.SeedSequence(SEED).spawn(len(NULLS))
    for (name, world), stream in zip(NULLS.items(), streams, strict=True):
        found = study(world, courses=COURSES, chance=np.random.default_rng(stream))
        said, plain = found.said * 100, found.naive * 100
        figure = f"outcomes.false_differences.{name.replace(' ', '_')}"
        yield Figure(figure, said, "%", f"plain comparison {plain:.1f} %", limit=goal(most=LIMIT))
    world = World(choose=by_chance, difference=5.0)
    found = study(world, courses=COURSES, chance=np.random.default_rng(SEED))
    yield Figure("outcomes.power_five_points_by_a_coin", found.right * 100, "%", "", None)
