"""What a patient wrote, and keeping what they write now: page by page, as often as they come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from stillroom.intake.models import Link, OwnAnswer
from stillroom.intake.questions import ASKED, QUESTIONNAIRE, STEPS, WISHES
from stillroom.outcomes.models import Questionnaire
from stillroom.outcomes.reading import wishes_of
from stillroom.patients.models import Answer, Patient


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer on its way in."""

    said: str = Answer.NOT_ASKED
    words: str = ""


def standing_answers(patient: Patient) -> dict[str, OwnAnswer]:
    """The newest answer to each question; one that was taken back is not there."""
    newest = OwnAnswer.objects.filter(patient=patient).order_by("question", "-written_at").distinct("question")
    return {each.question: each for each in newest.select_related("review__reviewed_by") if _says_something(each)}


def keep(link: Link, replies: Mapping[str, Reply]) -> None:
    """Add what differs from what stands. The same page sent twice adds nothing."""
    standing = standing_answers(link.the_patient)
    for code, reply in replies.items():
        before = standing.get(code)
        if (reply.said, reply.words) != ((before.said, before.words) if before else (Answer.NOT_ASKED, "")):
            OwnAnswer.objects.create(
                clinic_id=link.clinic_id,
                patient=link.the_patient,
                link=link,
                question=code,
                said=reply.said,
                words=reply.words,
            )


def progress(patient: Patient) -> dict[str, tuple[int, int]]:
    """Page -> how many of its questions have an answer, of how many."""
    answered = standing_answers(patient)
    found = {page: (sum(each.code in answered for each in asked), len(asked)) for page, asked in STEPS.items()}
    has_filled_in = Questionnaire.objects.filter(patient=patient, source=Questionnaire.Source.PATIENT).exists()
    return found | {WISHES: (int(wishes_of(patient) is not None), 1), QUESTIONNAIRE: (int(has_filled_in), 1)}


def in_order(answers: Mapping[str, OwnAnswer]) -> list[OwnAnswer]:
    """As they were asked."""
    return [answers[code] for code in ASKED if code in answers]


def _says_something(answer: OwnAnswer) -> bool:
    return answer.said != Answer.NOT_ASKED or bool(answer.words)
