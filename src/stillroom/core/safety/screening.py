"""What speaks against ketamine, or asks for care with it? Asked one by one; a clinician weighs the answers.

"Not asked", "unknown" and "no" are three things: only "no" settles a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from stillroom.core.errors import Finding, Severity
from stillroom.core.safety.nausea import Said

SPRAVATO = "Spravato (esketamine) label, contraindications"
CONSENSUS = "Cohen SP et al. Reg Anesth Pain Med 2018;43:521: consensus on intravenous ketamine infusions for pain"
LABEL = "Ketalar (ketamine) label, warnings"
PRACTICE = "Sanacora G et al. JAMA Psychiatry 2017;74:399: what to ask before an infusion"


class Question(StrEnum):
    """One thing that is asked before a first infusion."""

    VESSELS = "vessels"  # an aneurysm, or a malformation between artery and vein
    BRAIN_BLEED = "brain_bleed"
    KETAMINE_REACTION = "ketamine_reaction"
    HEART = "heart"
    HIGH_PRESSURE = "high_pressure"
    PSYCHOSIS = "psychosis"
    LIVER = "liver"
    HEAD_OR_EYE_PRESSURE = "head_or_eye_pressure"
    SUBSTANCES = "substances"
    PREGNANCY = "pregnancy"
    SLEEP_APNOEA = "sleep_apnoea"
    BLADDER = "bladder"


# Where a "yes" is a reason not to treat, as the labels have it; elsewhere it asks for care.
STOPS: Mapping[Question, str] = {
    Question.VESSELS: SPRAVATO,
    Question.BRAIN_BLEED: SPRAVATO,
    Question.KETAMINE_REACTION: SPRAVATO,
}
CARE: Mapping[Question, str] = {
    Question.HEART: CONSENSUS,
    Question.HIGH_PRESSURE: LABEL,
    Question.PSYCHOSIS: CONSENSUS,
    Question.LIVER: CONSENSUS,
    Question.HEAD_OR_EYE_PRESSURE: CONSENSUS,
    Question.SUBSTANCES: CONSENSUS,
    Question.PREGNANCY: LABEL,
    Question.SLEEP_APNOEA: PRACTICE,
    Question.BLADDER: PRACTICE,
}
QUESTIONS: tuple[Question, ...] = tuple(Question)


def judge_screening(answers: Mapping[Question, Said]) -> tuple[Finding, ...]:
    """One finding for each question that no "no" has settled, what speaks against it first.

    `speaks_against` and `asks_for_care` are soft: somebody who decides to treat all the same says why.
    """
    said = {question: answers.get(question, Said.NOT_ASKED) for question in QUESTIONS}
    ordered = sorted(said, key=lambda question: (said[question] is not Said.YES, question not in STOPS))
    return tuple(finding for question in ordered if (finding := _judge(question, said[question])))


def _judge(question: Question, said: Said) -> Finding | None:
    facts, source = {"question": question.value}, STOPS.get(question) or CARE[question]
    if said is Said.NO:
        return None
    if said is Said.UNKNOWN:
        return Finding("screening_unknown", Severity.NOTE, facts, source)
    if said is Said.NOT_ASKED:
        return Finding("screening_not_asked", Severity.NOTE, facts, source)
    if question in STOPS:
        return Finding("speaks_against", Severity.SOFT, facts, source)
    return Finding("asks_for_care", Severity.SOFT, facts, source)
