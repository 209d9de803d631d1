"""One patient's weeks as their clinician sees them: the same line, every score, and what a comparison still lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from stillroom.core.infusion.fold import fold
from stillroom.core.outcomes import INSTRUMENTS
from stillroom.core.outcomes.lasting import Lasted, how_long
from stillroom.core.outcomes.one_person import Compared, Way, compare
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of
from stillroom.outcomes.models import CheckIn, Questionnaire
from stillroom.outcomes.reading import lows_by_day, standing_check_ins, standing_questionnaires
from stillroom.patients.models import Patient
from stillroom.web.charts import MoodDrawing, draw_mood

PHQ9 = INSTRUMENTS["phq9"]
SHOWN = timedelta(weeks=26)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientWeeks:
    """Newest first. `drawing` is None before the first answer."""

    drawing: MoodDrawing | None
    check_ins: Sequence[CheckIn]
    forms: Sequence[Questionnaire]
    lasted: Sequence[Lasted]
    compared: Compared


def weeks_of(patient: Patient, *, at: datetime) -> PatientWeeks:
    zone = ZoneInfo(patient.clinic.time_zone)
    today = at.astimezone(zone).date()
    check_ins, forms = list(standing_check_ins([patient])), list(standing_questionnaires([patient]))
    lows, given = lows_by_day(check_ins), _given(patient, zone)
    days = [day for day, _ in given]
    return PatientWeeks(
        drawing=_drawing(lows, forms, days, today),
        check_ins=check_ins[::-1],
        forms=forms[::-1],
        lasted=how_long(lows, days, today=today)[::-1],
        compared=compare(lows, given, today=today),
    )


def _drawing(
    lows: Mapping[date, int], forms: Sequence[Questionnaire], days: Sequence[date], today: date
) -> MoodDrawing | None:
    """Half a year at most, from the first answer on."""
    totals = {form.day: form.total for form in forms if form.instrument == PHQ9.code and form.total is not None}
    begun = min([*lows, *totals], default=None)
    if begun is None:
        return None
    first = max(begun, today - SHOWN)
    return draw_mood(lows, infusions=days, totals=totals, highest_total=PHQ9.highest, first=first, last=today)


def _given(patient: Patient, zone: ZoneInfo) -> list[tuple[date, Way]]:
    """The days of ended infusions and how each was ordered."""
    ended = Infusion.objects.filter(patient=patient, ended_at__isnull=False, started_at__isnull=False)
    given = []
    for infusion in ended.order_by("started_at"):
        planned = fold(entries_of(infusion.pk)).planned
        if planned and infusion.started_at:
            way = Way(planned.order.dose_mg_per_kg, planned.order.duration_min)
            given.append((infusion.started_at.astimezone(zone).date(), way))
    return given
