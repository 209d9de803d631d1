"""My infusions: those of every clinic I am a patient of, each told from its log. Row security says which are mine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404
from django.urls import reverse

from stillroom.clinics.models import Person
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.report import InfusionReport, report
from stillroom.core.infusion.timeline import minutes_from
from stillroom.exchange.judging import Judged
from stillroom.exchange.models import BroughtPart
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of
from stillroom.web.charts import Step, StepsDrawing, draw_steps


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One infusion as its patient reads it; times are said in the zone of the clinic that gave it.

    `brought` is where it comes from when no clinic of this server gave it.
    """

    infusion_id: UUID
    patient_id: UUID
    clinic: str
    zone: ZoneInfo
    report: InfusionReport
    names: Mapping[str, str]
    href: str
    brought: BroughtPart | None = None

    @property
    def day(self) -> date:
        """When it began, by the calendar of the clinic that gave it."""
        return self.report.started_at.astimezone(self.zone).date()

    @property
    def picture(self) -> StepsDrawing | None:
        """The whole history of the rate, minute 0 at the start of the drip."""
        start = self.report.started_at
        return draw_steps(
            [
                Step(minutes_from(start, line.start), minutes_from(start, line.end), float(line.rate_mg_per_kg_per_h))
                for line in self.report.rates
            ]
        )

    @property
    def signatures(self) -> list[tuple[str, datetime]]:
        return [(self.names.get(seen.by, "somebody of the clinic"), seen.occurred_at) for seen in self.report.signed]


def my_infusions(*, at: datetime) -> list[Told]:
    """Newest first, of the rows that are open: those of one person, or in a shared record of who shared it."""
    infusions = Infusion.objects.select_related("clinic").order_by("-started_at", "-created_at")
    told = [_told(infusion, at) for infusion in infusions]
    return [each for each in told if each is not None]


def my_infusion(infusion_id: UUID, *, at: datetime) -> Told:
    """One of mine whose drip began, or 404: somebody else's and none at all look the same."""
    told = infusion_of(infusion_id, at=at)
    if told is None:
        raise Http404("no such infusion")
    return told


def infusion_of(infusion_id: UUID, *, at: datetime) -> Told | None:
    infusion = Infusion.objects.select_related("clinic").filter(pk=infusion_id).first()
    return _told(infusion, at) if infusion else None


def brought_infusions(row: BroughtPart, judged: Judged) -> list[Told]:
    """Those of one part that was brought along, newest first, told from its own logs."""
    found = [_told_elsewhere(row, judged, infusion) for infusion in judged.logs]
    return sorted((each for each in found if each is not None), key=lambda each: each.report.started_at, reverse=True)


def merged(here: Iterable[Told], elsewhere: Iterable[Told]) -> list[Told]:
    """Newest first, each infusion once: what a clinic of this server keeps itself counts."""
    once = {told.infusion_id: told for told in (*elsewhere, *here)}
    return sorted(once.values(), key=lambda told: told.report.started_at, reverse=True)


def names_of(log: Iterable[e.Logged]) -> dict[str, str]:
    """Who stands behind the authors of a log, as they call themselves: a patient may know who treated them."""
    people = {entry.by.removeprefix("person:") for entry in log if entry.by.startswith("person:")}
    return {f"person:{pk}": name for pk, name in Person.objects.filter(pk__in=people).values_list("pk", "display_name")}


def _told(infusion: Infusion, at: datetime) -> Told | None:
    log = entries_of(infusion.pk)
    found = report(log, at=at)
    if found is None:
        return None
    return Told(
        infusion_id=infusion.pk,
        patient_id=infusion.patient_id,
        clinic=infusion.clinic.name,
        zone=ZoneInfo(infusion.clinic.time_zone),
        report=found,
        names=names_of(log),
        href=reverse("journal:infusion", args=[infusion.pk]),
    )


def _told_elsewhere(row: BroughtPart, judged: Judged, infusion_id: UUID) -> Told | None:
    record = judged.record
    found = report(judged.logs[infusion_id], at=record.made_at)
    if found is None:
        return None
    return Told(
        infusion_id=infusion_id,
        patient_id=record.patient.id,
        clinic=record.clinic.name,
        zone=ZoneInfo(record.clinic.time_zone),
        report=found,
        names=record.names,
        href=reverse("journal:brought_infusion", args=[row.pk, infusion_id]),
        brought=row,
    )
