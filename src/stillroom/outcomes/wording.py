"""The words of questionnaires, read from the files that published them (`data/`, with source and licence)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
LOINC_ENDING = " in last 2 weeks [Reported.PHQ]"
POINTS = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


@dataclass(frozen=True, slots=True)
class Question:
    """One question and its answers, each with the points it counts."""

    words: str
    answers: tuple[tuple[int, str], ...]


@cache
def phq9_questions() -> tuple[Question, ...]:
    """The nine that are counted, in the order of the form. The total and the tenth question are not among them."""
    form = json.loads((DATA / "phq-9.questionnaire.json").read_text())
    choices = [item for item in form["item"] if item["type"] == "choice"]
    return tuple(_question(item) for item in choices[:9])


def _question(item: dict[str, object]) -> Question:
    options = item["answerOption"]
    assert isinstance(options, list)
    answers = tuple((_points(option), option["valueCoding"]["display"]) for option in options)
    return Question(str(item["text"]).removesuffix(LOINC_ENDING).removesuffix("?"), answers)


def _points(option: dict[str, list[dict[str, object]]]) -> int:
    return next(int(str(each["valueDecimal"])) for each in option["extension"] if each["url"] == POINTS)
