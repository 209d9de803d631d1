"""My weeks at a glance: what was answered, which days had an infusion, what is due, and whom to call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from stillroom.core.outcomes import INSTRUMENTS
from stillroom.infusions.models import Infusion
from stillroom.outcomes.models import CheckIn, Questionnaire, Reach
from stillroom.outcomes.reading import (
    is_phq9_due,
    lows_by_day,
    reach_of,
    standing_check_ins,
    standing_questionnaires,
)
from stillroom.patients.models import Patient
from stillroom.web.charts import MoodDrawing, draw_mood

SPANS = {"4": 4, "13": 13, "52": 52}
USUAL_SPAN = "13"
PHQ9 = INSTRUMENTS["phq9"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """What the journal's first page shows of the weeks. `drawing` is None before the first answer."""

    today: date
    is_answered_today: bool
    is_phq9_due: bool
    drawing: MoodDrawing | None
    totals: Sequence[Questionnaire]
    reaches: Sequence[tuple[Patient, Reach | None]]
    span: str
    spans: Sequence[str] = tuple(SPANS)

    @property
    def newest_totals(self) -> Sequence[Questionnaire]:
        """The last few, oldest first, for a sentence."""
        return self.totals[-3:]


def my_weeks(patients: Sequence[Patient], *, at: datetime, span: str = USUAL_SPAN) -> Weeks:
    """Of one person, across their clinics, up to `at`."""
    span = span if span in SPANS else USUAL_SPAN
    check_ins = list(standing_check_ins(patients))
    totals = list(standing_questionnaires(patients, PHQ9.code).filter(total__isnull=False))
    today = today_of(patients[0], at) if patients else at.date()
    return Weeks(
        today=today,
        is_answered_today=any(each.day == today for each in check_ins),
        is_phq9_due=any(is_phq9_due(patient, today) for patient in patients),
        drawing=_drawing(patients, check_ins, totals, today, span),
        totals=totals,
        reaches=[(patient, reach_of(patient)) for patient in patients],
        span=span,
    )


def today_of(patient: Patient, at: datetime) -> date:
    """The day it is where the patient's clinic is."""
    return at.astimezone(ZoneInfo(patient.clinic.time_zone)).date()


def infusion_days(patients: Sequence[Patient]) -> list[date]:
    """The days on which a drip began, by each clinic's own calendar, in order."""
    zones = {patient.pk: ZoneInfo(patient.clinic.time_zone) for patient in patients}
    began = Infusion.objects.filter(patient__in=zones, started_at__isnull=False).values_list("patient", "started_at")
    return sorted(started_at.astimezone(zones[patient]).date() for patient, started_at in began if started_at)


def _drawing(
    patients: Sequence[Patient],
    check_ins: Sequence[CheckIn],
    totals: Sequence[Questionnaire],
    today: date,
    span: str,
) -> MoodDrawing | None:
    """From the first answer or the chosen span, whichever is later, to today."""
    if not check_ins and not totals:
        return None
    begun = min(each.day for each in (*check_ins, *totals))
    return draw_mood(
        lows_by_day(check_ins),
        infusions=infusion_days(patients),
        totals={each.day: each.total for each in totals if each.total is not None},
        highest_total=PHQ9.highest,
        first=max(begun, today - timedelta(weeks=SPANS[span])),
        last=today,
    )
