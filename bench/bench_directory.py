"""The directory's public pages, in requests a second, beside a bare Django view that draws one template.

Both are answered by the same server in the same run, by turns, as many at once; the bare view draws a table of as many
rows, which it has to hand, and asks no database. A page of the directory asks, in a transaction, which text is
published; it is drawn once for each text, day and address.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from stillroom.project.bench import Figure, clinic_database, goal, goal_of_ratio

CLINICS = 10
AT_ONCE = 8
HAMMER_S = 2.0
ROUNDS = 4
LEAST_RATIO = 0.7
LARGEST_PAGE_KB = 60.0
PAGES = {"list": "/directory/", "near": "/directory/?near=Dublin&within=250", "clinic": "/directory/clinics/clinic-0/"}


def figures() -> Iterator[Figure]:
    with clinic_database():
        from bench_bedside import served

        _published()
        with served("bare_view") as web:
            yield from asyncio.run(_measured(web))


async def _measured(web: Any) -> list[Figure]:
    taken: dict[str, int] = dict.fromkeys([*PAGES, "bare"], 0)
    sizes = {name: len(await web.get(path, None)) / 1000 for name, path in PAGES.items()}
    for _ in range(ROUNDS):
        for name, path in {"bare": "/bare/", **PAGES}.items():
            taken[name] += await _hammered(web, path)
    seconds = HAMMER_S * ROUNDS
    bare = taken["bare"] / seconds
    told = []
    for name in PAGES:
        per_s = taken[name] / seconds
        against = f"bare Django template view {bare:.3g} requests/s"
        least = goal_of_ratio(least=LEAST_RATIO)
        told.append(Figure(f"directory.{name}", per_s, "requests/s", against, per_s / bare, least))
        told.append(Figure(f"directory.{name}_page", sizes[name], "kB", limit=goal(most=LARGEST_PAGE_KB)))
    return told


async def _hammered(web: Any, path: str) -> int:
    """How many answers came while so many asked at once."""
    until_s = time.monotonic() + HAMMER_S

    async def ask() -> int:
        count = 0
        while time.monotonic() < until_s:
            await web.get(path, None)
            count += 1
        return count

    return sum(await asyncio.gather(*(ask() for _ in range(AT_ONCE))))


def _published() -> None:
    """A directory of so many clinics, as a mirror: the public reads one text, whoever wrote it."""
    from django.utils import timezone

    from stillroom.clinics.models import Clinic
    from stillroom.clinics.rows import clinic_scope
    from stillroom.directory.document import written
    from stillroom.directory.mirroring import mirror
    from stillroom.directory.publishing import today
    from tests.directory.listed import a_clinic, a_document

    keeper = Clinic(name="Keeper", time_zone="UTC")
    clinics = [_standing_today(a_clinic(f"clinic-{number}"), number, today()) for number in range(CLINICS)]
    with clinic_scope(keeper.pk):
        keeper.save()
        document = replace(a_document(*clinics), published_at=timezone.now())
        mirror(keeper.pk, written(document), at=timezone.now())


def _standing_today(clinic: Any, number: int, day: Any) -> Any:
    from decimal import Decimal

    said = tuple(replace(each, stated_on=day, expires_on=day + timedelta(days=90)) for each in clinic.statements)
    return replace(
        clinic, north=clinic.north + Decimal(number) / 8, east=clinic.east - Decimal(number) / 9, statements=said
    )
