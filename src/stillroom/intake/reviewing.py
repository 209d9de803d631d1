"""From what a patient wrote to what the record says: one answer at a time, by a named clinician, and not before.

What an order and the check before a drip are judged by is the record alone, so nothing here reaches them unreviewed.
"""

from __future__ import annotations

from django.db import IntegrityError, transaction

from stillroom.clinics.actor import Actor
from stillroom.core.safety.allergies import substances_in
from stillroom.intake.models import AnswerReview, OwnAnswer
from stillroom.intake.own_part import in_order, standing_answers
from stillroom.intake.questions import NAMES_ALLERGIES, NAMES_MEDICINES
from stillroom.patients.admitting import HISTORY, change
from stillroom.patients.history import lines_of, say, say_item
from stillroom.patients.known import shortened, state_allergies, state_none_known
from stillroom.patients.models import Answer, HistoryItem, Patient

TOLD_BY = "the patient, before the visit"


def waiting_answers(patient: Patient) -> list[OwnAnswer]:
    """Those that nobody of the clinic has read yet, as they were asked."""
    return [each for each in in_order(standing_answers(patient)) if not hasattr(each, "review")]


def review(actor: Actor, answer: OwnAnswer, *, what: AnswerReview.What) -> bool:
    """Take it into the record, or leave it out. False where a colleague was first: theirs stands."""
    try:
        with transaction.atomic():
            AnswerReview.objects.create(clinic=actor.the_clinic, answer=answer, what=what, reviewed_by=actor.the_person)
            if what == AnswerReview.What.TAKEN:
                _take(actor, answer)
    except IntegrityError:
        return False
    return True


def _take(actor: Actor, answer: OwnAnswer) -> None:
    patient = answer.patient
    if answer.question in HISTORY:
        change(patient, {answer.question: answer.said})
    else:
        say(actor, patient, question=answer.question, said=answer.said, words=answer.words, told_by=TOLD_BY)
        if answer.question == NAMES_MEDICINES and answer.said == Answer.YES:
            for line in lines_of(answer.words):
                say_item(actor, patient, kind=HistoryItem.Kind.MEDICINE, words=line, told_by=TOLD_BY)
        if answer.question == NAMES_ALLERGIES and answer.said != Answer.UNKNOWN:
            _take_allergies(actor, patient, answer)


def _take_allergies(actor: Actor, patient: Patient, answer: OwnAnswer) -> None:
    if answer.said == Answer.NO:
        state_none_known(patient, actor)
    else:
        named = substances_in(answer.words) or (answer.words,)
        state_allergies(patient, [shortened(each) for each in named], actor)
