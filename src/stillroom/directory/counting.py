"""What a clinic's own records say about how it works, counted: numbers of infusions, and never a row about anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from stillroom.clinics.models import Clinic, Room
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.state import AFTER, LEFT
from stillroom.core.infusion.timeline import start_of
from stillroom.directory.records import COUNTED, FORMAT, RecordsStatement
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of

FEWEST = 10
"""Fewer infusions than this are not counted out loud: a number about three people is nearly about one. Own decision."""


class TooFew(ValueError):
    """There are not enough infusions to count without it being about somebody."""


def count(clinic: Clinic, *, from_day: date, until_day: date, every_min: int) -> RecordsStatement:
    """All infusions that began within these days of the clinic's calendar and are over. Its rows must be open."""
    counted: Counter[str] = Counter()
    private = set(Room.objects.filter(is_private=True).values_list("pk", flat=True))
    infusions = list(_of_days(clinic, from_day, until_day))
    for infusion in infusions:
        counted.update(_kept(entries_of(infusion.pk), every_min))
        counted["in_private_rooms"] += infusion.room_id in private
    if len(infusions) < FEWEST:
        raise TooFew(f"There were {len(infusions)} infusions in these days; at least {FEWEST} are needed.")
    return RecordsStatement(
        format=FORMAT,
        clinic=clinic.name,
        from_day=from_day,
        until_day=until_day,
        every_min=every_min,
        rooms=Room.objects.count(),
        private_rooms=len(private),
        infusions=len(infusions),
        **{name: counted[name] for name in COUNTED},
    )


def _of_days(clinic: Clinic, from_day: date, until_day: date) -> Iterable[Infusion]:
    zone = ZoneInfo(clinic.time_zone)
    begins, ends = (datetime.combine(day, time.min, zone) for day in (from_day, until_day + timedelta(days=1)))
    return Infusion.objects.filter(started_at__gte=begins, started_at__lt=ends, status__in=AFTER | LEFT)


def _kept(log: Sequence[e.Logged], every_min: int) -> Iterator[str]:
    """Which of the counted things are true of one infusion."""
    entries, start = surviving(log), start_of(log)
    end = next((entry.occurred_at for entry in entries if isinstance(entry.fact, e.InfusionEnded)), None)
    if start is None or end is None:
        return
    for name, field in (
        ("pressure_kept", "sbp_mmhg"),
        ("pulse_kept", "pulse_per_min"),
        ("saturation_kept", "spo2_percent"),
    ):
        measured = _measured(entries, field, start, end)
        if longest_gap_min([start, *measured, end]) <= every_min:
            yield name
    if any(isinstance(entry.fact, e.InstructionsGiven) for entry in entries):
        yield "slips_given"
    if any(isinstance(entry.fact, e.DropsCounted) for entry in entries):
        yield "drops_counted"


def longest_gap_min(moments: Sequence[datetime]) -> float:
    """The longest time between one and the next, in minutes; of moments in order."""
    return max((after - before) / timedelta(minutes=1) for before, after in pairwise(moments))


def _measured(entries: Sequence[e.Logged], field: str, start: datetime, end: datetime) -> list[datetime]:
    """When that was charted while the drip was there to watch, in order."""
    charted = (entry for entry in entries if isinstance(entry.fact, e.VitalsCharted))
    return sorted(
        entry.occurred_at
        for entry in charted
        if getattr(entry.fact, field) is not None and start <= entry.occurred_at <= end
    )
