"""A consultation: nobody's words are lost, what is signed stays, and a worry is asked about under a name."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from stillroom.clinics.rows import clinic_scope
from stillroom.core.outcomes.instruments import GAD7
from stillroom.core.safety.nausea import Said
from stillroom.core.safety.screening import QUESTIONS, Question
from stillroom.intake.consulting import open_consultation, standing_text
from stillroom.intake.models import Consultation, ConsultationText, RiskForm
from stillroom.outcomes.listing import open_concerns
from stillroom.outcomes.models import Decision, Questionnaire
from stillroom.outcomes.wording import bring_in
from stillroom.patients.history import screening_of
from tests.cast import Cast, nobody_asked, signed_in
from tests.outcomes.test_wording import form_of, packed

ALL_NO = {question.value: "no" for question in QUESTIONS}
NOT_ASKED = {f"initial-{question.value}": "not_asked" for question in QUESTIONS}
SAME = {question.value: "not_asked" for question in QUESTIONS}


@pytest.fixture
def cast(cast: Cast) -> Cast:
    return nobody_asked(cast)


def address(cast: Cast) -> str:
    return f"/intake/patients/{cast.patient.pk}/consultation/"


def seen(browser: Client, cast: Cast) -> str:
    found = re.search(r'name="seen"(?: value="([^"]*)")?', browser.get(address(cast)).content.decode())
    assert found is not None
    return found[1] or ""


def said(**words: str) -> dict[str, str]:
    return {"decision": "open", **SAME, **NOT_ASKED, **words}


def standing(cast: Cast) -> ConsultationText:
    with clinic_scope(cast.clinic.pk):
        text = standing_text(open_consultation(cast.patient))
    assert text is not None
    return text


def test_of_two_who_write_at_once_both_are_shown_and_both_are_kept(cast: Cast) -> None:
    ada, ben = signed_in(cast.ada), signed_in(cast.ben)
    first = seen(ada, cast)
    assert ben.post(address(cast), said(assessment="Ben: moderate", seen=first)).status_code == 302
    answer = ada.post(address(cast), said(assessment="Ada: severe", review="Letter read", seen=first))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Ben Osei wrote while you did" in page
    for words in ("Ben: moderate", "Ada: severe", "Letter read"):
        assert words in page
    assert standing(cast).assessment == "Ben: moderate"
    with clinic_scope(cast.clinic.pk):
        assert ConsultationText.objects.get(set_aside=True).assessment == "Ada: severe"
    again = re.search(r'name="seen" value="([^"]+)"', page)
    assert again is not None
    both = said(assessment="Ben: moderate. Ada: severe", review="Letter read", seen=again[1])
    assert ada.post(address(cast), both).status_code == 302
    assert standing(cast).assessment == "Ben: moderate. Ada: severe"
    with clinic_scope(cast.clinic.pk):
        pk = Consultation.objects.get().pk
    whole = ben.get(f"/intake/consultations/{pk}/").content.decode()
    assert "Ada: severe" in whole
    assert "kept beside it" in whole


def test_not_asked_unknown_and_no_are_three_things(cast: Cast) -> None:
    signed_in(cast.ben).post(address(cast), said(heart="no", liver="unknown"))
    with clinic_scope(cast.clinic.pk):
        assert screening_of(cast.patient) == {Question.HEART: Said.NO, Question.LIVER: Said.UNKNOWN}
    page = signed_in(cast.ben).get(address(cast)).content.decode()
    assert "Liver disease: asked, not known. That is not a no." in page
    assert "10 questions not asked yet" in page
    assert "Heart disease: " not in page


def test_an_answer_a_colleague_took_in_meanwhile_is_not_undone_by_an_older_page(cast: Cast) -> None:
    ben, nan = signed_in(cast.ben), signed_in(cast.nan)
    nan.post(address(cast), said(heart="yes"))
    ben.post(address(cast), said(liver="no", seen=seen(ben, cast)))
    with clinic_scope(cast.clinic.pk):
        assert screening_of(cast.patient)[Question.HEART] is Said.YES


def test_a_colleagues_yes_is_never_undone_unseen_by_a_no_of_an_older_page(cast: Cast) -> None:
    ben, nan = signed_in(cast.ben), signed_in(cast.nan)
    nan.post(address(cast), said(heart="yes"))
    answer = ben.post(address(cast), said(heart="no", liver="no", seen=seen(ben, cast)))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "theirs: yes; yours: no" in page
    with clinic_scope(cast.clinic.pk):
        assert screening_of(cast.patient) == {Question.HEART: Said.YES, Question.LIVER: Said.NO}
    assert 'name="initial-heart" value="yes"' in page
    again = said(heart="no", liver="no", seen=seen(ben, cast)) | {"initial-heart": "yes", "initial-liver": "no"}
    assert ben.post(address(cast), again).status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert screening_of(cast.patient)[Question.HEART] is Said.NO


def sign(cast: Cast, browser: Client) -> bool:
    text = standing(cast)
    browser.post(f"/intake/consultations/{text.consultation_id}/sign/", {"seen": str(text.pk)})
    with clinic_scope(cast.clinic.pk):
        return Consultation.objects.filter(pk=text.consultation_id).exclude(signed=None).exists()


def test_treating_is_not_signed_while_something_was_not_asked_or_speaks_against_it_without_a_reason(cast: Cast) -> None:
    ada = signed_in(cast.ada)
    ada.post(address(cast), said(assessment="TRD", decision="treat"))
    assert not sign(cast, ada)
    assert "ask what was not asked yet" in ada.get(address(cast)).content.decode()
    ada.post(
        address(cast), {**said(assessment="TRD", decision="treat", seen=seen(ada, cast)), **ALL_NO, "vessels": "yes"}
    )
    assert not sign(cast, ada)
    assert "say why to treat" in ada.get(address(cast)).content.decode()
    because = said(assessment="TRD", decision="treat", because="Clipped in 2012, cleared", seen=seen(ada, cast))
    ada.post(address(cast), because)
    assert sign(cast, ada)


def test_a_decision_not_to_treat_needs_no_list(cast: Cast) -> None:
    ada = signed_in(cast.ada)
    ada.post(address(cast), said(assessment="Not this", decision="not_here"))
    assert sign(cast, ada)


def test_what_is_signed_takes_no_further_words_by_any_path(cast: Cast) -> None:
    ada = signed_in(cast.ada)
    ada.post(address(cast), said(assessment="Not now", decision="not_now"))
    text = standing(cast)
    assert sign(cast, ada)
    with clinic_scope(cast.clinic.pk):
        late = ConsultationText(
            clinic=cast.clinic, consultation_id=text.consultation_id, replaces=text, written_by=cast.ben
        )
        with pytest.raises(DatabaseError, match="takes no further words"), transaction.atomic():
            late.save(force_insert=True)
        with pytest.raises(DatabaseError), transaction.atomic():
            ConsultationText.objects.filter(pk=text.pk).update(assessment="other")
    ada.post(address(cast), said(assessment="Later"))
    with clinic_scope(cast.clinic.pk):
        assert Consultation.objects.count() == 2


def test_what_was_not_seen_is_not_signed(cast: Cast) -> None:
    ada, ben = signed_in(cast.ada), signed_in(cast.ben)
    ada.post(address(cast), said(decision="not_now"))
    old = standing(cast)
    ben.post(address(cast), said(decision="not_now", assessment="more", seen=str(old.pk)))
    ada.post(f"/intake/consultations/{old.consultation_id}/sign/", {"seen": str(old.pk)})
    with clinic_scope(cast.clinic.pk):
        assert open_consultation(cast.patient) is not None


def test_item_nine_above_nought_leads_to_asking_and_to_a_decision_by_name(cast: Cast) -> None:
    ben = signed_in(cast.ben)
    answers = {f"q{number}": "0" for number in range(1, 9)} | {"q9": "1"}
    answer = ben.post(f"/intake/patients/{cast.patient.pk}/ask/phq9/", answers)
    assert re.fullmatch(r"/intake/concerns/[0-9a-f-]+/risk/", answer["Location"])
    assert "answered 1 of 3" in ben.get(answer["Location"]).content.decode()
    assert ben.post(answer["Location"], {"thoughts": "yes", "plan": "no"}).status_code == 422
    with clinic_scope(cast.clinic.pk):
        assert open_concerns().count() == 1
    typed = {"thoughts": "yes", "plan": "no", "what": "plan", "words": "Sister told"}
    assert ben.post(answer["Location"], typed).status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert open_concerns().count() == 0
        form = RiskForm.objects.get()
        assert (form.thoughts, form.plan, form.means) == ("yes", "no", "not_asked")
        assert Decision.objects.get().decided_by == cast.ben


def test_a_form_without_a_worry_leads_back(cast: Cast) -> None:
    answers = {f"q{number}": "1" for number in range(1, 9)} | {"q9": "0"}
    answer = signed_in(cast.ben).post(f"/intake/patients/{cast.patient.pk}/ask/phq9/", answers)
    assert answer["Location"] == address(cast)
    assert "mild" in signed_in(cast.ben).get(address(cast)).content.decode()


def test_an_instrument_is_asked_only_once_its_words_were_brought_in(cast: Cast) -> None:
    ben, path = signed_in(cast.ben), f"/intake/patients/{cast.patient.pk}/ask/gad7/"
    assert ben.get(path).status_code == 404
    with clinic_scope(cast.clinic.pk):
        bring_in(cast.clinic, GAD7, packed(form_of(GAD7)))
    assert ben.post(path, {f"q{number}": "2" for number in range(1, 8)}).status_code == 302
    with clinic_scope(cast.clinic.pk):
        kept = Questionnaire.objects.get()
        assert (kept.total, kept.band, kept.version) == (14, "moderate", GAD7.version)


def test_a_call_with_the_referrer_stands_beside_the_consultation(cast: Cast) -> None:
    ben, path = signed_in(cast.ben), f"/intake/patients/{cast.patient.pk}/call/"
    call = {"with_whom": "Dr Weber", "day": "1 May 2020", "words": "Three trials, none helped."}
    assert ben.post(path, {**call, "day": "1 May 2099"}).status_code == 422
    assert ben.post(path, call).status_code == 302
    page = ben.get(address(cast)).content.decode()
    for words in ("Dr Weber", "1 May 2020", "Three trials, none helped.", "Ben Osei"):
        assert words in page
