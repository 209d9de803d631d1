"""The words of questionnaires: never in our code, always from a file that published them, as a FHIR Questionnaire.

The PHQ-9 comes with Stillroom (`data/`, with source and licence). Those of other instruments, or of another language,
are brought in by `stillroom wording`, and only where the instrument's licence lets its answers be kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from stillroom.clinics.models import Clinic
from stillroom.core.outcomes import INSTRUMENTS, Instrument
from stillroom.core.outcomes.instruments import PHQ9
from stillroom.outcomes.models import Wording

DATA = Path(__file__).parent / "data"
LOINC_ENDING = " in last 2 weeks [Reported.PHQ]"
POINTS = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
)
PACKAGED_NOTICE = (
    "The PHQ-9, developed by Drs Robert L. Spitzer, Janet B.W. Williams, Kurt Kroenke and colleagues,"
    " with an educational grant from Pfizer Inc."
)


@dataclass(frozen=True, slots=True)
class Question:
    """One question and its answers, each with the points it counts."""

    words: str
    answers: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Worded:
    """An instrument that can be filled in on a page."""

    instrument: Instrument
    questions: tuple[Question, ...]
    notice: str


class NotTaken(Exception):
    """The file cannot be the words of this instrument: `str()` says why, to a person."""


def worded(clinic: Clinic, instrument: Instrument) -> Worded | None:
    """With the newest words that this clinic has; None where it has none."""
    kept = Wording.objects.filter(clinic=clinic, instrument=instrument.code).first()
    if kept:
        questions = tuple(
            Question(each["words"], tuple((points, words) for points, words in each["answers"]))
            for each in kept.questions
        )
        return Worded(instrument, questions, kept.notice)
    return packaged_phq9() if instrument is PHQ9 else None


def all_worded(clinic: Clinic) -> list[Worded]:
    """Every instrument that this clinic can put on a page."""
    found = (worded(clinic, each) for each in INSTRUMENTS.values() if each.takes_items)
    return [each for each in found if each is not None]


@cache
def packaged_phq9() -> Worded:
    content = (DATA / "phq-9.questionnaire.json").read_bytes()
    return Worded(PHQ9, questions_in(content, PHQ9), PACKAGED_NOTICE)


def bring_in(clinic: Clinic, instrument: Instrument, content: bytes) -> Wording:
    """Keep the words that a file has. Refused (`NotTaken`) where they are not those of this instrument."""
    questions = questions_in(content, instrument)
    return Wording.objects.create(
        clinic=clinic,
        instrument=instrument.code,
        questions=[{"words": each.words, "answers": [list(answer) for answer in each.answers]} for each in questions],
        notice=str(json.loads(content).get("copyright", ""))[:4000],
        digest=hashlib.sha256(content).hexdigest(),
    )


def questions_in(content: bytes, instrument: Instrument) -> tuple[Question, ...]:
    """The questions that are counted, in the order of the form.

    The first `instrument.items` choices whose answers have points; what a form asks after them is not counted. A file
    with fewer, or whose points are not those of the instrument, is refused: nothing is guessed.
    """
    if not instrument.takes_items:
        raise NotTaken(f"The licence of the {instrument.name} lets only its score be kept here, not its words.")
    items = list(_choices(_questionnaire(content).get("item", [])))[: instrument.items]
    if len(items) < instrument.items:
        raise NotTaken(f"The {instrument.name} has {instrument.items} questions; this file has {len(items)} to choose.")
    return tuple(_question(item, instrument) for item in items)


def _questionnaire(content: bytes) -> dict[str, Any]:
    try:
        form = json.loads(content)
    except ValueError as error:
        raise NotTaken("This file is not JSON.") from error
    if not isinstance(form, dict) or form.get("resourceType") != "Questionnaire":
        raise NotTaken("This file is not a FHIR Questionnaire.")
    return form


def _choices(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Also those within groups, as a form with a heading has them."""
    for item in items:
        if item.get("type") in ("choice", "coding"):
            yield item
        yield from _choices(item.get("item", []))


def _question(item: dict[str, Any], instrument: Instrument) -> Question:
    words = str(item.get("text", "")).removesuffix(LOINC_ENDING).removesuffix("?").strip()
    answers = tuple(_answer(option, words) for option in item.get("answerOption", []))
    if not words or sorted(points for points, _ in answers) != list(range(instrument.item_highest + 1)):
        raise NotTaken(
            f"“{words or 'a question without words'}” does not have the answers of the {instrument.name}:"
            f" one each for 0 to {instrument.item_highest} points."
        )
    return Question(words, answers)


def _answer(option: dict[str, Any], question: str) -> tuple[int, str]:
    coding = option.get("valueCoding", {})
    marked = [*option.get("extension", []), *coding.get("extension", [])]
    points = [each.get("valueDecimal", each.get("valueInteger")) for each in marked if each.get("url") in POINTS]
    if len(points) != 1 or not isinstance(points[0], int | float) or points[0] != int(points[0]):
        raise NotTaken(f"An answer of “{question}” does not say how many points it counts.")
    return int(points[0]), str(coding.get("display", "")).strip() or str(int(points[0]))
