"""What a patient wrote enters the record one answer at a time, by a named clinician, and reaches nothing before."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from stillroom.bedside.reading import read_patient
from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Role
from stillroom.clinics.rows import clinic_scope
from stillroom.core.safety.nausea import Said, judge_antiemetic
from stillroom.core.safety.screening import Question
from stillroom.infusions.known import known_of
from stillroom.intake.models import AnswerReview, OwnAnswer
from stillroom.intake.reviewing import review, waiting_answers
from stillroom.patients.history import history_of, items_of, screening_of
from stillroom.patients.known import allergies_of
from stillroom.patients.models import AllergyStatement, Patient
from tests.cast import Cast, nobody_asked, signed_in
from tests.examples import ORDER
from tests.intake.links import link_of, opened

WROTE = {
    "sick": {"motion_sickness": "yes", "nausea_after_anaesthesia": "unknown", "needles": "yes"},
    "medicines": {
        "medicines": "yes",
        "medicines_words": "sertraline 100 mg, mornings\nlithium",
        "allergies": "yes",
        "allergies_words": "latex: rash",
    },
    "health": {"heart": "no", "psychosis": "unknown"},
}


@pytest.fixture
def wrote(cast: Cast) -> Cast:
    cast = nobody_asked(cast)
    with clinic_scope(cast.clinic.pk):
        AllergyStatement.objects.create(
            clinic=cast.clinic, patient=cast.patient, is_none_known=True, stated_by=cast.ben
        )
    pat = opened(link := link_of(cast))
    for page, answers in WROTE.items():
        assert pat.post(f"{link}{page}/", answers).status_code == 302
    return cast


def decide(cast: Cast, **what: str) -> None:
    """Ben decides about some of the questions."""
    with clinic_scope(cast.clinic.pk):
        answers = {each.question: str(each.pk) for each in waiting_answers(cast.patient)}
    typed = {answers[question]: decided for question, decided in what.items()}
    assert signed_in(cast.ben).post(f"/intake/patients/{cast.patient.pk}/", typed).status_code == 302


def patient(cast: Cast) -> Patient:
    return Patient.objects.get(pk=cast.patient.pk)


def suggestions(cast: Cast) -> set[str]:
    """What an order of this patient would be told about nausea."""
    now = timezone.now()
    known = known_of(
        patient(cast), due_at=now + timedelta(days=1), ordered_at=now, vial_mg_per_ml=Decimal(50)
    ).easily_sick
    return {finding.code for finding in judge_antiemetic(ORDER, known)}


def test_nothing_is_in_the_record_before_a_clinician_took_it_in(wrote: Cast) -> None:
    with clinic_scope(wrote.clinic.pk):
        assert patient(wrote).motion_sickness == "not_asked"
        assert allergies_of(wrote.patient) == ()
        assert not items_of(wrote.patient)
        assert suggestions(wrote) == {"nausea_not_asked"}
        assert read_patient(wrote.patient.pk).on_record == {}


def test_motion_sickness_taken_in_suggests_a_medicine_against_nausea(wrote: Cast) -> None:
    decide(wrote, motion_sickness="taken", nausea_after_anaesthesia="taken")
    with clinic_scope(wrote.clinic.pk):
        assert patient(wrote).motion_sickness == "yes"
        assert patient(wrote).nausea_after_anaesthesia == "unknown"
        assert suggestions(wrote) == {"antiemetic_suggested"}


def test_what_was_left_out_reaches_nothing_and_stays_readable(wrote: Cast) -> None:
    decide(wrote, motion_sickness="left")
    with clinic_scope(wrote.clinic.pk):
        assert patient(wrote).motion_sickness == "not_asked"
    page = signed_in(wrote.ben).get(f"/intake/patients/{wrote.patient.pk}/").content.decode()
    assert "Read, and left out of the record, Ben Osei" in page


def test_medicines_and_needles_stand_beside_the_questions_before_the_drip(wrote: Cast) -> None:
    decide(wrote, medicines="taken", needles="taken")
    with clinic_scope(wrote.clinic.pk):
        record = read_patient(wrote.patient.pk).on_record
        assert record == {"medicines": "sertraline 100 mg, mornings; lithium", "needles": "yes"}
        assert {each.told_by for each in items_of(wrote.patient)} == {"the patient, before the visit"}


def test_allergies_taken_in_are_a_statement_with_its_author(wrote: Cast) -> None:
    decide(wrote, allergies="taken")
    with clinic_scope(wrote.clinic.pk):
        assert allergies_of(wrote.patient) == ("latex: rash",)


def test_unknown_is_kept_as_unknown_and_what_was_not_asked_is_not_there(wrote: Cast) -> None:
    decide(wrote, heart="taken", psychosis="taken")
    with clinic_scope(wrote.clinic.pk):
        assert screening_of(wrote.patient) == {Question.HEART: Said.NO, Question.PSYCHOSIS: Said.UNKNOWN}


def test_of_two_who_decide_at_once_the_first_stands(wrote: Cast) -> None:
    with clinic_scope(wrote.clinic.pk):
        actor = Actor(Proof.SIGN_IN, wrote.ben, wrote.clinic, frozenset({Role.NURSE}))
        heart = next(each for each in waiting_answers(wrote.patient) if each.question == "heart")
        assert review(actor, heart, what=AnswerReview.What.LEFT)
        assert not review(actor, OwnAnswer.objects.get(pk=heart.pk), what=AnswerReview.What.TAKEN)
        assert history_of(wrote.patient) == {}


def test_an_answer_that_was_changed_after_it_was_read_waits_again(wrote: Cast) -> None:
    decide(wrote, heart="taken")
    link = link_of(wrote)
    opened(link).post(f"{link}health/", {"heart": "yes", "psychosis": "unknown"})
    with clinic_scope(wrote.clinic.pk):
        waiting = {each.question: each.said for each in waiting_answers(wrote.patient)}
        assert waiting["heart"] == "yes"
        assert history_of(wrote.patient)["heart"].said == "no"


def test_the_patients_page_says_that_something_waits(wrote: Cast) -> None:
    assert (
        "wrote 7 answers that nobody has read"
        in signed_in(wrote.ben).get(f"/office/patients/{wrote.patient.pk}/").content.decode()
    )
    assert "nobody has read" not in signed_in(wrote.fay).get(f"/office/patients/{wrote.patient.pk}/").content.decode()


@pytest.mark.parametrize("words", [",", "latex, " + "a very long story " * 20])
def test_whatever_a_patient_wrote_of_allergies_can_be_taken_in_and_stays_whole(cast: Cast, words: str) -> None:
    link = link_of(cast)
    opened(link).post(f"{link}medicines/", {"allergies": "yes", "allergies_words": words})
    decide(cast, allergies="taken")
    with clinic_scope(cast.clinic.pk):
        assert allergies_of(cast.patient)
        assert history_of(cast.patient)["allergies"].words == words.strip()
