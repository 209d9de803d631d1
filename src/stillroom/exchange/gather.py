"""The record of one patient out of the database. What is there is what the open rows show: a clinic's, or a person's.

A patient's private notes have no policy for a clinic, so what the desk prints does not hold them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Coalesce

from stillroom.adverse.models import Account
from stillroom.aftercare.models import WorrySettled
from stillroom.clinics.models import Person
from stillroom.exchange import record as r
from stillroom.infusions.export import lines_of
from stillroom.infusions.models import Infusion
from stillroom.outcomes.models import CheckIn, Concern, Note, Questionnaire, Wishes
from stillroom.patients.merging import looks_at
from stillroom.patients.models import Patient

Said = TypeVar("Said")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A record and its logs: infusion -> the lines of its export, exactly as they are hashed."""

    record: r.Record
    logs: dict[UUID, tuple[str, ...]]


def gather(patient: Patient, *, at: datetime) -> Gathered:
    """All of it, as known at `at`."""
    infusions = list(Infusion.objects.filter(patient=patient, last_seq__gt=0).order_by("created_at"))
    logs = {infusion.pk: tuple(lines_of(infusion.pk)) for infusion in infusions}
    record = r.Record(
        format=r.FORMAT,
        made_at=at,
        clinic=_said(r.ClinicSaid, patient.clinic),
        patient=_said(r.PatientSaid, patient),
        infusions=tuple(_infusion(infusion) for infusion in infusions),
        weights=_rows(r.WeightSaid, patient.weights.order_by("measured_at", "pk")),
        allergies=_rows(r.AllergiesSaid, patient.allergy_statements.order_by("stated_at", "pk")),
        history_answers=_rows(r.HistoryAnswerSaid, patient.history_answers.order_by("stated_at", "pk")),
        history_items=_rows(r.HistoryItemSaid, patient.history_items.order_by("stated_at", "pk")),
        consents=_rows(r.ConsentSaid, _with_words(patient.consents).order_by("signed_at", "pk")),
        check_ins=_written(r.CheckInSaid, CheckIn, patient),
        questionnaires=_written(r.QuestionnaireSaid, Questionnaire, patient),
        concerns=_written(r.ConcernSaid, Concern, patient),
        wishes=_written(r.WishesSaid, Wishes, patient),
        notes=_written(r.NoteSaid, Note, patient),
        looks=_rows(r.LookSaid, looks_at(patient).order_by("looked_at", "pk")),
        adverse_events=_rows(r.AdverseEventSaid, patient.adverse_events.order_by("happened_at", "pk")),
        adverse_accounts=_rows(
            r.AdverseAccountSaid, Account.objects.filter(event__patient=patient).order_by("said_at", "pk")
        ),
        calls=_rows(r.CallSaid, patient.calls_after.order_by("called_at", "pk")),
        worries_settled=_rows(
            r.WorrySettledSaid, WorrySettled.objects.filter(call__patient=patient).order_by("settled_at", "pk")
        ),
        people=(),
    )
    return Gathered(record=_with_people(record, logs), logs=logs)


def _written(kind: type[Said], model: Any, patient: Patient) -> tuple[Said, ...]:
    return _rows(kind, model.objects.filter(patient=patient).order_by("written_at", "pk"))


def _with_words(consents: Any) -> QuerySet[Any]:
    """Each with what was signed."""
    found: QuerySet[Any] = consents.annotate(words=Coalesce("text__words", Value(""), output_field=TextField()))
    return found


def _rows(kind: type[Said], rows: QuerySet[Any]) -> tuple[Said, ...]:
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]  # each is a dataclass
    return tuple(kind(**{name: _plain(value) for name, value in row.items()}) for row in rows.values(*names))


def _said(kind: type[Said], row: Any) -> Said:
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})  # type: ignore[arg-type]


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _infusion(infusion: Infusion) -> r.InfusionSaid:
    return r.InfusionSaid(id=infusion.pk, last_seq=infusion.last_seq, head=bytes(infusion.head_hash).hex())


def _with_people(record: r.Record, logs: dict[UUID, tuple[str, ...]]) -> r.Record:
    """The names of everybody who is named anywhere in it, and of nobody else."""
    ids = {row.measured_by_id for row in record.weights} | {row.stated_by_id for row in record.allergies}
    ids |= {row.witnessed_by_id for row in record.consents if row.witnessed_by_id}
    ids |= {row.stated_by_id for row in record.history_answers}
    ids |= _people(by for row in record.consents for by in (row.by, row.withdrawn_by))
    ids |= {row.stated_by_id for row in record.history_items}
    ids |= {row.ended_by_id for row in record.history_items if row.ended_by_id}
    ids |= {row.written_by_id for row in record.adverse_events} | {row.said_by_id for row in record.adverse_accounts}
    ids |= {row.called_by_id for row in record.calls} | {row.settled_by_id for row in record.worries_settled}
    ids |= {row.worry_for_id for row in record.calls if row.worry_for_id}
    written = (record.check_ins, record.questionnaires, record.concerns, record.wishes, record.notes, record.looks)
    ids |= _people(row.by for group in written for row in group)
    ids |= _people(_author(line) for lines in logs.values() for line in lines)
    people = Person.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "display_name")
    return replace(record, people=tuple(r.PersonSaid(id=pk, name=name) for pk, name in people))


def _author(line: str) -> str:
    return str(json.loads(line)["by"])


def _people(authors: Iterable[str]) -> set[UUID]:
    return {UUID(by.removeprefix("person:")) for by in authors if by.startswith("person:")}
