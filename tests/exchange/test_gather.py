"""What is gathered from the database is all of it: no column of a row is left behind, no table without a reason."""

from __future__ import annotations

import io
from dataclasses import fields
from typing import Any

import pytest
from django.apps import apps
from pypdf import PdfReader

from stillroom.adverse.models import Account, AdverseEvent
from stillroom.aftercare.models import Call, WorrySettled
from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.core.safety.screening import QUESTIONS
from stillroom.exchange import record as r
from stillroom.exchange.making import made
from stillroom.exchange.part import PAPER
from stillroom.outcomes.models import CheckIn, Concern, Note, Questionnaire, Wishes
from stillroom.patients.models import AllergyStatement, Consent, HistoryAnswer, HistoryItem, Look, Patient, Weight
from tests.cast import Cast
from tests.exchange.records import furnish, gathered

TAKEN: dict[type[Any], tuple[Any, str]] = {
    Weight: (r.WeightSaid, "weights"),
    AllergyStatement: (r.AllergiesSaid, "allergies"),
    HistoryAnswer: (r.HistoryAnswerSaid, "history_answers"),
    HistoryItem: (r.HistoryItemSaid, "history_items"),
    Consent: (r.ConsentSaid, "consents"),
    CheckIn: (r.CheckInSaid, "check_ins"),
    Questionnaire: (r.QuestionnaireSaid, "questionnaires"),
    Concern: (r.ConcernSaid, "concerns"),
    Wishes: (r.WishesSaid, "wishes"),
    Note: (r.NoteSaid, "notes"),
    Look: (r.LookSaid, "looks"),
    AdverseEvent: (r.AdverseEventSaid, "adverse_events"),
    Account: (r.AdverseAccountSaid, "adverse_accounts"),
    Call: (r.CallSaid, "calls"),
    WorrySettled: (r.WorrySettledSaid, "worries_settled"),
}
WHOSE = {"clinic_id", "patient_id", "id"}


@pytest.mark.parametrize("model", TAKEN, ids=lambda model: model.__name__)
def test_every_column_of_a_row_is_taken_along(model: type[Any]) -> None:
    columns = {field.attname for field in model._meta.concrete_fields} - WHOSE
    assert columns <= {field.name for field in fields(TAKEN[model][0])}


LEFT = {
    "infusions.Infusion": "its log is taken along, entry by entry",
    "infusions.PatientOrder": "the log begins with the order as it was signed",
    "infusions.OrderSetAside": "a draft beside another: what came of them is in the order that was signed",
    "infusions.ErasureAsked": "the log says what was erased, by whom and why",
    "infusions.ErasureAnswered": "the log says what was erased, by whom and why",
    "patients.RecordMerge": "how the clinic put two records together; what they hold is taken along",
    "patients.ImportedRow": "which line of a clinic's old list a record was made from",
    "schedule.Appointment": "the clinic's calendar",
    "outcomes.ReminderChoice": "a wish to this server",
    "outcomes.ReminderSent": "a letter of this server",
    "intake": "links, letters, calls and notes of the clinic around a visit; what was taken in is in the history",
}


def test_what_is_not_taken_along_was_decided_so() -> None:
    """A new table about a patient is taken along, or named here, it or its room, with a reason."""
    about = {
        model._meta.label
        for model in apps.get_models()
        if any(field.related_model is Patient for field in model._meta.concrete_fields)
    }
    tables = {label for label in about if not label.endswith("History")}
    left = tables - {model._meta.label for model in TAKEN}
    assert {label.split(".")[0] if label.split(".")[0] in LEFT else label for label in left} == set(LEFT)


def test_every_row_is_taken_along(cast: Cast) -> None:
    furnish(cast)
    with clinic_scope(cast.clinic.pk):
        told = {"clinic": cast.clinic, "patient": cast.patient, "told_by": "Pat", "stated_by": cast.ben}
        HistoryItem.objects.create(**told, kind="medicine", words="Sertraline 50 mg")
        HistoryAnswer.objects.create(**told, question="bladder", said="no")
        weights = set(Weight.objects.filter(patient=cast.patient).values_list("pk", flat=True))
    record = gathered(cast).record
    assert {each.id for each in record.weights} == weights
    names = ("check_ins", "questionnaires", "notes", "consents", "looks", "history_answers", "history_items")
    assert [len(getattr(record, name)) for name in names] == [3, 2, 1, 2, 1, 1 + len(QUESTIONS), 1]
    assert [len(rows) for rows in (record.adverse_events, record.adverse_accounts)] == [2, 3]
    assert [call.worry for call in record.calls] == ["seems elated"]
    assert [each.words for each in record.worries_settled] == ["spoke with her"]
    assert [account.outcome for _, account in record.newest_accounts] == ["getting_better", "over"]
    assert str(cast.ben.pk) in {str(each.id) for each in record.people}
    paper = PdfReader(io.BytesIO(made(gathered(cast), key=None).files[PAPER]))
    words = " ".join(page.extract_text() for page in paper.pages)
    assert "Sertraline 50 mg" in words
    assert "Fainted, and vomited" in words
    assert "Getting better" in words
    assert "slept well; bladder: no; mood lifted or restless: yes; craving: not asked; a worry: seems elated" in words


def test_nobody_else_takes_it_along(cast: Cast) -> None:
    furnish(cast)
    with person_scope(cast.ben.pk):
        assert not AdverseEvent.objects.exists()
        assert not Account.objects.exists()
        assert not Call.objects.exists()
        assert not WorrySettled.objects.exists()
