"""What a patient is asked before the visit, page by page. The words are in `intake/_asks_words.html`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stillroom.core.safety.screening import QUESTIONS
from stillroom.patients.admitting import HISTORY


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: yes, no and "I don't know", with words; or words alone."""

    code: str
    only_words: bool = False
    asks_words: bool = False


NAMES_ALLERGIES, NAMES_MEDICINES = "allergies", "medicines"

STEPS: Mapping[str, tuple[Asked, ...]] = {
    "health": tuple(Asked(question.value) for question in QUESTIONS),
    "medicines": (Asked(NAMES_MEDICINES, asks_words=True), Asked(NAMES_ALLERGIES, asks_words=True)),
    "sick": (*(Asked(code) for code in HISTORY), Asked("needles")),
    "worries": (Asked("tried", only_words=True), Asked("worries", only_words=True), Asked("else", only_words=True)),
}
"""The pages that hold questions of the history. The wishes and the questionnaire are pages of their own."""

WISHES, QUESTIONNAIRE = "wishes", "questionnaire"
PAGES: tuple[str, ...] = (*STEPS, WISHES, QUESTIONNAIRE)
ASKED: Mapping[str, Asked] = {asked.code: asked for page in STEPS.values() for asked in page}


def page_after(page: str) -> str | None:
    place = PAGES.index(page) + 1
    return PAGES[place] if place < len(PAGES) else None
