"""Screening: only a "no" settles a question, and what speaks against treatment comes first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.errors import Severity
from stillroom.core.safety.nausea import Said
from stillroom.core.safety.screening import CARE, QUESTIONS, STOPS, Question, judge_screening

ALL_NO = dict.fromkeys(QUESTIONS, Said.NO)


def test_every_question_is_weighed_in_one_way() -> None:
    assert set(STOPS) | set(CARE) == set(Question)
    assert set(STOPS) & set(CARE) == set()


@given(st.dictionaries(st.sampled_from(Question), st.sampled_from(Said)))
def test_each_question_that_was_not_answered_no_is_found_once(answers: dict[Question, Said]) -> None:
    found = [finding.facts["question"] for finding in judge_screening(answers)]
    assert sorted(found) == sorted(each.value for each in QUESTIONS if answers.get(each) is not Said.NO)


def test_unknown_not_asked_and_no_are_three_things() -> None:
    answers = {**ALL_NO, Question.HEART: Said.UNKNOWN}
    del answers[Question.LIVER]
    assert {(each.code, each.facts["question"]) for each in judge_screening(answers)} == {
        ("screening_unknown", "heart"),
        ("screening_not_asked", "liver"),
    }


def test_a_reason_not_to_treat_by_the_label_comes_first_and_asks_for_a_reason() -> None:
    """Aneurysm: Spravato label, contraindications (facts/safety.md 2.1)."""
    first, second = judge_screening({**ALL_NO, Question.PSYCHOSIS: Said.YES, Question.VESSELS: Said.YES})
    assert (first.code, first.severity) == ("speaks_against", Severity.SOFT)
    assert (second.code, second.facts["question"]) == ("asks_for_care", "psychosis")
