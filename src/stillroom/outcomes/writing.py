"""The one way in for check-ins and questionnaires: a correction keeps what it corrects, a worry is listed at once.

Sent twice, the same answers are one row. Two at the same moment: the database lets one be first, and the other becomes
its correction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction

from stillroom.core.outcomes import Instrument, Scored, score_items, score_total
from stillroom.outcomes.models import CheckIn, Concern, Questionnaire, Reach
from stillroom.outcomes.reading import standing_check_in, standing_questionnaire
from stillroom.patients.models import Patient

VERY_LOW_FROM = Reach._meta.get_field("very_low_from").default
Written = TypeVar("Written", CheckIn, Questionnaire)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a check-in says. None is a question that was left out."""

    low: int | None = None
    sleep_h: int | None = None
    words: str = ""
    wants_call: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Said()


def check_in(patient: Patient, said: Said, *, day: date, by: str) -> CheckIn:
    """Keep one day's check-in, and put it on the clinic's list where it worries. Inside rows that `by` may add."""
    return _one_of_two(lambda: _check_in(patient, said, day, by))


def fill_in(
    patient: Patient,
    instrument: Instrument,
    *,
    items: Sequence[int | None] = (),
    total: int | None = None,
    day: date,
    by: str,
    source: str,
) -> Questionnaire:
    """Keep a filled-in form, by its answers or by a total read off it; refused where it cannot be one."""
    scored = score_items(instrument, items) if items else score_total(instrument, _given(total))
    return _one_of_two(lambda: _fill_in(patient, instrument, list(items), scored, day, by, source))


def _check_in(patient: Patient, said: Said, day: date, by: str) -> CheckIn:
    before = standing_check_in(patient, day)
    if before and Said(**{name: getattr(before, name) for name in asdict(said)}) == said:
        return before
    row = CheckIn.objects.create(
        clinic_id=patient.clinic_id, patient=patient, by=by, day=day, replaces=before, **asdict(said)
    )
    if reason := _worry(patient, said):
        Concern.objects.create(clinic_id=patient.clinic_id, patient=patient, by=by, reason=reason, check_in=row)
    return row


def _worry(patient: Patient, said: Said) -> Concern.Reason | None:
    """One for one answer, by the graver reason: the list shows the whole answer, and one decision settles it."""
    reach = Reach.objects.filter(clinic_id=patient.clinic_id).first()
    if said.low is not None and said.low >= (reach.very_low_from if reach else VERY_LOW_FROM):
        return Concern.Reason.VERY_LOW
    return Concern.Reason.WANTS_CALL if said.wants_call else None


def _fill_in(
    patient: Patient,
    instrument: Instrument,
    items: list[int | None],
    scored: Scored,
    day: date,
    by: str,
    source: str,
) -> Questionnaire:
    before = standing_questionnaire(patient, instrument.code, day)
    if before and (before.items, before.total) == (items, scored.total):
        return before
    row = Questionnaire.objects.create(
        clinic_id=patient.clinic_id,
        patient=patient,
        by=by,
        day=day,
        replaces=before,
        instrument=instrument.code,
        version=instrument.version,
        source=source,
        items=items,
        total=scored.total,
        band=scored.band,
    )
    if scored.touches_harm:
        Concern.objects.create(
            clinic_id=patient.clinic_id, patient=patient, by=by, reason=Concern.Reason.HARM, questionnaire=row
        )
    return row


def _one_of_two(write: Callable[[], Written]) -> Written:
    """Once more when another request was first: then there is a row to correct, or the same one to leave as it is."""
    try:
        with transaction.atomic():
            return write()
    except IntegrityError:
        with transaction.atomic():
            return write()


def _given(total: int | None) -> int:
    if total is None:
        raise ValueError("answers or a total: a questionnaire needs one of them")
    return total
