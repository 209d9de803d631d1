"""What stands of what was written: rows that nothing replaced. Whose rows are seen is row security's to say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import QuerySet

from stillroom.core.outcomes import Score
from stillroom.outcomes.models import CheckIn, Questionnaire, Reach, ReminderChoice, Wishes
from stillroom.patients.models import Patient

PHQ9_EVERY = timedelta(days=14)


def standing_check_ins(patients: Iterable[Patient]) -> QuerySet[CheckIn]:
    return CheckIn.objects.filter(patient__in=list(patients), replaced_by=None).order_by("day", "written_at")


def standing_check_in(patient: Patient, day: date) -> CheckIn | None:
    return standing_check_ins([patient]).filter(day=day).first()


def standing_questionnaires(patients: Iterable[Patient], instrument: str = "") -> QuerySet[Questionnaire]:
    rows = Questionnaire.objects.filter(patient__in=list(patients), replaced_by=None).order_by("day", "written_at")
    return rows.filter(instrument=instrument) if instrument else rows


def standing_questionnaire(patient: Patient, instrument: str, day: date) -> Questionnaire | None:
    return standing_questionnaires([patient], instrument).filter(day=day).first()


def lows_by_day(check_ins: Iterable[CheckIn]) -> dict[date, int]:
    """How low on each day that was answered; of two clinics' check-ins of one day the later one."""
    answered = [each for each in check_ins if each.low is not None]
    return {each.day: each.low for each in sorted(answered, key=lambda each: each.written_at) if each.low is not None}


def scores_of(questionnaires: Iterable[Questionnaire]) -> list[Score]:
    """Totals with their days; a partial form has none."""
    return [Score(id=each.pk, on=each.day, total=each.total) for each in questionnaires if each.total is not None]


def is_phq9_due(patient: Patient, today: date) -> bool:
    """Every two weeks. A partial form counts as not yet filled in."""
    last = standing_questionnaires([patient], "phq9").filter(total__isnull=False).last()
    return last is None or today - last.day >= PHQ9_EVERY


def reach_of(patient: Patient) -> Reach | None:
    """What the clinic says of who reads and whom to call; None where it has not said so yet."""
    return Reach.objects.filter(clinic_id=patient.clinic_id).first()


def wishes_of(patient: Patient) -> Wishes | None:
    return Wishes.objects.filter(patient=patient, set_aside=False).first()


def reminder_choice_of(patient: Patient) -> ReminderChoice | None:
    return ReminderChoice.objects.filter(patient=patient).first()
