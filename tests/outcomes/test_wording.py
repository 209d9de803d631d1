"""The words of a questionnaire come from a FHIR Questionnaire, whole and with its own points, or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stillroom.clinics.rows import clinic_scope
from stillroom.core.outcomes.instruments import BDI2, GAD7, MADRS, PCL5, PHQ9, Instrument
from stillroom.outcomes.wording import DATA, NotTaken, all_worded, bring_in, questions_in, worded
from tests.cast import Cast

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


def form_of(instrument: Instrument, *, items: int | None = None, answers: int | None = None) -> dict[str, Any]:
    """A form with invented words, in a group as many publish them, and one question after the counted ones."""
    points = range(answers if answers is not None else instrument.item_highest + 1)
    options = [
        {"valueCoding": {"display": f"word {n}", "extension": [{"url": ORDINAL, "valueDecimal": n}]}} for n in points
    ]
    questions = [
        {"linkId": str(n), "type": "choice", "text": f"Question {n}?", "answerOption": options}
        for n in range(1, (items or instrument.items) + 1)
    ]
    return {"resourceType": "Questionnaire", "status": "active", "item": [{"type": "group", "item": questions}]}


def packed(form: object) -> bytes:
    return json.dumps(form).encode()


def test_the_phq9_of_us_core_is_read_as_published() -> None:
    """Nine questions of four answers; the total and the tenth question are not among them (US Core 6.1 example)."""
    questions = questions_in((DATA / "phq-9.questionnaire.json").read_bytes(), PHQ9)
    assert len(questions) == 9
    assert questions[0].words == "Little interest or pleasure in doing things"
    assert [points for points, _ in questions[8].answers] == [0, 1, 2, 3]


@pytest.mark.parametrize("instrument", [GAD7, PCL5], ids=lambda each: each.code)
def test_a_form_that_was_brought_in_can_be_filled_in(cast: Cast, instrument: Instrument) -> None:
    with clinic_scope(cast.clinic.pk):
        assert worded(cast.clinic, instrument) is None
        bring_in(cast.clinic, instrument, packed(form_of(instrument)))
        found = worded(cast.clinic, instrument)
        assert found is not None
        assert (len(found.questions), found.questions[0].words) == (instrument.items, "Question 1")
        assert [each.instrument.code for each in all_worded(cast.clinic)] == ["phq9", instrument.code]


@pytest.mark.parametrize(
    ("instrument", "content", "why"),
    [
        (GAD7, b"not json", "not JSON"),
        (GAD7, packed([]), "not a FHIR Questionnaire"),
        (GAD7, packed({"resourceType": "Patient"}), "not a FHIR Questionnaire"),
        (GAD7, packed(form_of(GAD7, items=6)), "has 7 questions; this file has 6"),
        (GAD7, packed(form_of(GAD7, answers=5)), "does not have the answers of the GAD-7"),
        (GAD7, packed(form_of(PCL5)), "does not have the answers of the GAD-7"),
        (MADRS, packed(form_of(MADRS)), "lets only its score be kept"),
        (BDI2, packed(form_of(BDI2)), "lets only its score be kept"),
    ],
)
def test_what_is_not_its_words_is_refused_with_a_sentence(instrument: Instrument, content: bytes, why: str) -> None:
    with pytest.raises(NotTaken, match=why):
        questions_in(content, instrument)


def test_an_answer_without_points_is_refused_and_no_points_are_guessed() -> None:
    form = form_of(GAD7)
    form["item"][0]["item"][0]["answerOption"][0] = {"valueCoding": {"display": "word 0"}}
    with pytest.raises(NotTaken, match="does not say how many points"):
        questions_in(packed(form), GAD7)


def test_no_words_of_a_questionnaire_stand_in_our_code() -> None:
    words = [question.words for question in questions_in((DATA / "phq-9.questionnaire.json").read_bytes(), PHQ9)]
    source = Path(DATA).parents[1]
    texts = [path.read_text() for path in (*source.rglob("*.py"), *source.rglob("*.html"))]
    assert [each for each in words if any(each in text for text in texts)] == []
