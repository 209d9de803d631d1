"""What the history says is judged at each order; what is open, old or new is asked about, and never taken for a no."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from stillroom.core.errors import Severity
from stillroom.core.order import Antiemetic
from stillroom.core.safety.nausea import Said
from stillroom.core.safety.screening import QUESTIONS, Question
from stillroom.core.safety.told import Told, judge_told
from tests.examples import ORDER, D

TODAY = date(2026, 11, 26)
ALL_NO = dict.fromkeys(QUESTIONS, Said.NO)


def keys(told: Told) -> list[str]:
    found = judge_told(ORDER, told, on=TODAY)
    assert all(finding.severity is Severity.SOFT for finding in found)
    return [finding.key for finding in found]


def test_twelve_answers_of_no_settle_it() -> None:
    assert keys(Told(screening=ALL_NO)) == []


def test_each_yes_asks_for_a_word_of_its_own() -> None:
    told = Told(screening=ALL_NO | {Question.VESSELS: Said.YES, Question.HEART: Said.YES})
    assert keys(told) == ["speaks_against.vessels", "asks_for_care.heart"]


def test_not_asked_and_not_known_are_named_and_neither_is_a_no() -> None:
    told = Told(screening={Question.HEART: Said.UNKNOWN, **dict.fromkeys(QUESTIONS[4:], Said.NO)})
    (found,) = judge_told(ORDER, told, on=TODAY)
    assert found.facts == {"not_asked": "vessels brain_bleed ketamine_reaction", "unknown": "heart"}
    assert judge_told(ORDER, Told(), on=TODAY)[0].facts["not_asked"].split() == list(QUESTIONS)


@pytest.mark.parametrize(("asked_on", "is_old"), [(date(2026, 8, 28), False), (date(2026, 8, 27), True)])
def test_answers_are_good_for_as_long_as_the_clinic_says(asked_on: date, is_old: bool) -> None:
    """90 days before 26 November is 28 August, by a calendar."""
    told = Told(screening=ALL_NO, asked_on=asked_on, good_for_days=90)
    assert keys(told) == (["screening_out_of_date"] if is_old else [])


def test_what_no_order_has_seen_yet_asks() -> None:
    assert keys(Told(screening=ALL_NO, new_items=2)) == ["new_in_record"]


@pytest.mark.parametrize("words", ["Ketamine", "S-Ketamin (rash)", "esketamine", "anaesthetics (KETALAR)", "Kétamine"])
def test_an_allergy_to_ketamine_by_any_of_its_names_is_found(words: str) -> None:
    assert keys(Told(screening=ALL_NO, allergies=("latex", words))) == ["allergic_to_ordered"]


def test_an_allergy_to_the_medicine_against_nausea_is_found() -> None:
    order = replace(ORDER, antiemetic=Antiemetic(name="Ondansetron", dose_mg=D(4), before_start=True))
    (found,) = judge_told(order, Told(screening=ALL_NO, allergies=("ondansetron: hives",)), on=TODAY)
    assert found.facts == {"medicine": "Ondansetron"}
    assert judge_told(order, Told(screening=ALL_NO, allergies=("penicillin",)), on=TODAY) == ()
