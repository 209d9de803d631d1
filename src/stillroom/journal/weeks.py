"""My weeks at a glance: what was answered, which days had an infusion, what is due, and whom to call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from stillroom.core.outcomes import INSTRUMENTS
from stillroom.exchange.record import QuestionnaireSaid
from stillroom.infusions.models import Infusion
from stillroom.journal.mine import Told
from stillroom.outcomes.models import Questionnaire, Reach
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
class Elsewhere:
    """What records that were brought along say of the same weeks, and whose they are."""

    clinics: Sequence[str]
    infusions: Sequence[Told]
    lows: Mapping[date, int]
    totals: Sequence[QuestionnaireSaid]


Total = Questionnaire | QuestionnaireSaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """What the journal's first page shows of the weeks. `drawing` is None before the first answer; `elsewhere` names
    the clinics whose records, brought along, are in it.
    """

    today: date
    is_answered_today: bool
    is_phq9_due: bool
    drawing: MoodDrawing | None
    totals: Sequence[Total]
    elsewhere: Sequence[str]
    reaches: Sequence[tuple[Patient, Reach | None]]
    span: str
    spans: Sequence[str] = tuple(SPANS)

    @property
    def newest_totals(self) -> Sequence[Total]:
        """The last few, oldest first, for a sentence."""
        return self.totals[-3:]


def my_weeks(patients: Sequence[Patient], elsewhere: Elsewhere, *, at: datetime, span: str = USUAL_SPAN) -> Weeks:
    """Of one person, across their clinics here and what they brought along, up to `at`."""
    span = span if span in SPANS else USUAL_SPAN
    check_ins = list(standing_check_ins(patients))
    totals = _totals(patients, elsewhere)
    today = today_of(patients[0], at)
    drawing = _drawing(
        lows_of(patients, elsewhere),
        totals,
        [*infusion_days(patients), *(told.day for told in elsewhere.infusions)],
        today=today,
        span=span,
    )
    return Weeks(
        today=today,
        is_answered_today=any(each.day == today for each in check_ins),
        is_phq9_due=any(is_phq9_due(patient, today) for patient in patients),
        drawing=drawing,
        totals=totals,
        elsewhere=elsewhere.clinics,
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


def lows_of(patients: Sequence[Patient], elsewhere: Elsewhere) -> dict[date, int]:
    """How low on each day that was answered anywhere; what was written here counts before what was brought along."""
    return {**elsewhere.lows, **lows_by_day(standing_check_ins(patients))}


def _totals(patients: Sequence[Patient], elsewhere: Elsewhere) -> list[Total]:
    """By day; one for each day."""
    here = standing_questionnaires(patients, PHQ9.code).filter(total__isnull=False)
    by_day: dict[date, Total] = {row.day: row for row in elsewhere.totals}
    by_day |= {row.day: row for row in here}
    return [by_day[day] for day in sorted(by_day)]


def _drawing(
    lows: Mapping[date, int], totals: Sequence[Total], infusions: Sequence[date], *, today: date, span: str
) -> MoodDrawing | None:
    """From the first answer or the chosen span, whichever is later, to today."""
    by_day = {each.day: each.total for each in totals if each.total is not None}
    begun = min([*lows, *by_day], default=None)
    if begun is None:
        return None
    return draw_mood(
        lows,
        infusions=sorted(set(infusions)),
        totals=by_day,
        highest_total=PHQ9.highest,
        first=max(begun, today - timedelta(weeks=SPANS[span])),
        last=today,
    )
