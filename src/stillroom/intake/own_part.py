"""What a patient wrote, and keeping what they write now: page by page, as often as they come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection, transaction

from stillroom.intake.models import Link, OwnAnswer
from stillroom.intake.questions import ASKED, QUESTIONNAIRE, STEPS, WISHES
from stillroom.outcomes.models import Questionnaire
from stillroom.outcomes.reading import wishes_of
from stillroom.patients.models import Answer, Patient

NOTHING_SAID: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer on its way in."""

    said: str = Answer.NOT_ASKED
    words: str = ""


@dataclass(frozen=True, slots=True)
class Twice:
    """One question that was answered on two pages at once: what stands, and what is kept beside it."""

    question: str
    standing: OwnAnswer | None
    mine: OwnAnswer


def standing_answers(patient: Patient) -> dict[str, OwnAnswer]:
    """The newest answer to each question; one that was taken back is not there."""
    return {code: each for code, each in _newest(patient).items() if _says_something(each)}


def seen_marks(patient: Patient) -> dict[str, str]:
    """What a page carries for each question, to say which answer it showed."""
    return {code: str(each.pk) for code, each in _newest(patient).items()}


def beside_standing(patient: Patient) -> list[OwnAnswer]:
    """Answers that were set aside and that nobody has settled since by writing once more."""
    newest = _newest(patient)
    aside = OwnAnswer.objects.filter(patient=patient, set_aside=True).order_by("question", "-written_at")
    return [each for each in aside if each.question not in newest or newest[each.question].written_at < each.written_at]


def keep(link: Link, replies: Mapping[str, Reply], seen: Mapping[str, str] = NOTHING_SAID) -> list[Twice]:
    """Add what differs from what stands. The same page sent twice adds nothing.

    `seen` says which answers the page showed. What it left as it was does not undo what another page has said since;
    what it changed too is kept beside that, and told.
    """
    with transaction.atomic():
        one_page_at_a_time(link)
        newest = _newest(link.the_patient)
        kept = [_keep(link, code, reply, newest.get(code), seen.get(code)) for code, reply in replies.items()]
    return [each for each in kept if each is not None]


def one_page_at_a_time(link: Link) -> None:
    """Until the transaction ends. Who holds a link may change no row that could be locked instead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"own part {link.patient_id}"])


def _keep(link: Link, code: str, reply: Reply, standing: OwnAnswer | None, seen: str | None) -> Twice | None:
    if reply == _reply_of(standing):
        return None
    is_overtaken = seen is not None and seen != (str(standing.pk) if standing else "")
    if is_overtaken and reply == _reply_of(_shown(link, code, seen)):
        return None
    written = OwnAnswer.objects.create(
        clinic_id=link.clinic_id,
        patient=link.the_patient,
        link=link,
        question=code,
        said=reply.said,
        words=reply.words,
        set_aside=is_overtaken,
    )
    return Twice(code, standing, written) if is_overtaken else None


def _shown(link: Link, code: str, seen: str | None) -> OwnAnswer | None:
    shown = OwnAnswer.objects.filter(patient=link.the_patient, question=code, set_aside=False)
    return next((each for each in shown if str(each.pk) == seen), None)


def _reply_of(answer: OwnAnswer | None) -> Reply:
    return Reply(said=answer.said, words=answer.words) if answer else Reply()


def _newest(patient: Patient) -> dict[str, OwnAnswer]:
    rows = OwnAnswer.objects.filter(patient=patient, set_aside=False).order_by("question", "-written_at")
    return {each.question: each for each in rows.distinct("question").select_related("review__reviewed_by")}


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
