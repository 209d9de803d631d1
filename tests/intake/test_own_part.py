"""A patient's own part: by a link and a birth date, a page at a time, kept, and changed as often as they like."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope, open_link, row_transaction
from stillroom.intake.models import Link, OwnAnswer
from stillroom.intake.own_part import standing_answers
from stillroom.intake.questions import STEPS
from stillroom.outcomes.models import Concern, Questionnaire, Wishes
from stillroom.patients.models import Patient, Weight
from stillroom.web.by_link import digest_of
from tests.cast import Cast, signed_in
from tests.intake.links import BORN, link_of, opened


def said(cast: Cast) -> dict[str, tuple[str, str]]:
    with clinic_scope(cast.clinic.pk):
        return {code: (each.said, each.words) for code, each in standing_answers(cast.patient).items()}


def test_the_link_alone_opens_nothing(cast: Cast) -> None:
    link = link_of(cast)
    stranger = Client()
    for page in ("", "health/", "wishes/", "questionnaire/"):
        text = stranger.get(link + page).content.decode()
        assert "when you were born" in text
        assert "Pat" not in text
        assert "Alder Clinic" not in text
    wrong = stranger.post(link, {"born": "18 May 1984"})
    assert wrong.status_code == 422
    assert "not the birth date" in wrong.content.decode()
    assert "when you were born" in stranger.get(link).content.decode()


def test_who_guesses_birth_dates_is_slowed_down(cast: Cast) -> None:
    link, guesser = link_of(cast), Client()
    codes = [guesser.post(link, {"born": f"{day} May 1990"}).status_code for day in range(1, 22)]
    assert codes == [422] * 20 + [429]
    assert guesser.post(link, BORN).status_code == 429


def test_a_birth_date_said_for_one_link_opens_no_other(cast: Cast) -> None:
    first, second = link_of(cast), link_of(cast)
    pat = opened(first)
    pat.cookies["own_part"]["path"] = "/"
    assert "when you were born" in pat.get(second).content.decode()


def test_revoked_ended_and_invented_links_look_the_same(cast: Cast) -> None:
    revoked = link_of(cast)
    pat = opened(revoked)
    with clinic_scope(cast.clinic.pk):
        pk = Link.objects.get().pk
    assert signed_in(cast.fay).post(f"/intake/links/{pk}/revoke/").status_code == 302
    ended = _ended(cast)
    answers = [pat.get(revoked), Client().get(ended), Client().get("/intake/own/nothing/")]
    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({re.sub(r'nonce="[^"]*"', "", answer.content.decode()) for answer in answers}) == 1


def test_not_asked_unknown_and_no_stay_three_things(cast: Cast) -> None:
    pat = opened(link := link_of(cast))
    assert pat.post(f"{link}health/", {"heart": "no", "liver": "unknown"}).status_code == 302
    assert said(cast) == {"heart": ("no", ""), "liver": ("unknown", "")}
    page = pat.get(link).content.decode()
    assert f"2 of {len(STEPS['health'])} answered" in page


def test_one_comes_back_and_changes_an_answer_and_the_first_stays_readable(cast: Cast) -> None:
    link = link_of(cast)
    opened(link).post(f"{link}sick/", {"motion_sickness": "no"})
    pat = opened(link)
    assert 'value="no" checked' in pat.get(f"{link}sick/").content.decode()
    pat.post(f"{link}sick/", {"motion_sickness": "yes"})
    pat.post(f"{link}sick/", {"motion_sickness": "yes"})
    with clinic_scope(cast.clinic.pk):
        assert [each.said for each in OwnAnswer.objects.all()] == ["yes", "no"]


def test_a_second_link_shows_what_was_written_by_the_first(cast: Cast) -> None:
    first = link_of(cast)
    opened(first).post(f"{first}worries/", {"worries_words": "being alone"})
    second = link_of(cast)
    assert "being alone" in opened(second).get(f"{second}worries/").content.decode()


def test_a_yes_without_its_words_is_asked_once_more_and_nothing_is_lost(cast: Cast) -> None:
    pat = opened(link := link_of(cast))
    answer = pat.post(f"{link}medicines/", {"medicines": "yes", "allergies": "yes", "allergies_words": "latex: rash"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Which? As well as you know." in page
    assert "latex: rash" in page
    assert said(cast) == {}


def test_words_without_a_yes_are_not_taken_for_one(cast: Cast) -> None:
    pat = opened(link := link_of(cast))
    assert pat.post(f"{link}medicines/", {"medicines": "no", "medicines_words": "lithium"}).status_code == 422
    assert said(cast) == {}


def test_wishes_have_one_home(cast: Cast) -> None:
    signed_in(cast.pat).post("/journal/prepare/", {"music": "slow strings"})
    pat = opened(link := link_of(cast))
    assert 'value="slow strings"' in pat.get(f"{link}wishes/").content.decode()
    pat.post(f"{link}wishes/", {"music": "piano", "warmth": "a blanket", "way_home": "with_adult"})
    with clinic_scope(cast.clinic.pk):
        assert Wishes.objects.get(music="piano").warmth == "a blanket"
    assert 'value="piano"' in signed_in(cast.pat).get("/journal/prepare/").content.decode()


def marks(browser: Client, href: str) -> dict[str, str]:
    """What the page carries about the answers that it shows."""
    page = browser.get(href).content.decode()
    return dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', page))


def test_a_page_left_open_on_another_phone_undoes_nothing(cast: Cast) -> None:
    link = link_of(cast)
    one, other = opened(link), opened(link)
    old = marks(other, f"{link}health/")
    one.post(f"{link}health/", {**marks(one, f"{link}health/"), "heart": "yes", "liver": "no"})
    assert other.post(f"{link}health/", {**old, "psychosis": "no"}).status_code == 302
    assert said(cast) == {"heart": ("yes", ""), "liver": ("no", ""), "psychosis": ("no", "")}


def test_where_two_phones_answer_one_question_both_are_shown_and_both_are_kept(cast: Cast) -> None:
    link = link_of(cast)
    one, other = opened(link), opened(link)
    page = f"{link}worries/"
    old = marks(other, page)
    one.post(page, {**marks(one, page), "worries_words": "Being alone."})
    answer = other.post(page, {**old, "worries_words": "The needle.", "tried_words": "Two medicines."})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "This page was saved somewhere else while it was open here." in text
    assert "<dd>Being alone.</dd>" in text
    assert "<dd>The needle.</dd>" in text
    assert said(cast) == {"worries": ("yes", "Being alone."), "tried": ("yes", "Two medicines.")}
    desk = f"/intake/patients/{cast.patient.pk}/"
    assert "The needle." in signed_in(cast.ben).get(desk).content.decode()
    again = dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', text))
    both = {**again, "worries_words": "Being alone. The needle.", "tried_words": "Two medicines."}
    assert other.post(page, both).status_code == 302
    assert said(cast)["worries"] == ("yes", "Being alone. The needle.")
    assert "Written at the same time" not in signed_in(cast.ben).get(desk).content.decode()


def test_wishes_of_two_phones_are_brought_together_and_what_differs_is_asked(cast: Cast) -> None:
    link = link_of(cast)
    one, other = opened(link), opened(link)
    page = f"{link}wishes/"
    old = marks(other, page)
    one.post(page, {**marks(one, page), "music": "piano", "lights": "low"})
    answer = other.post(page, {**old, "music": "rain", "warmth": "a blanket"})
    assert answer.status_code == 409
    assert "<dd>piano</dd>" in answer.content.decode()
    with clinic_scope(cast.clinic.pk):
        newest = Wishes.objects.filter(patient=cast.patient).order_by("-written_at")[0]
        assert (newest.music, newest.lights, newest.warmth) == ("piano", "low", "a blanket")
        assert Wishes.objects.filter(music="rain").exists()


def test_a_worry_in_the_questionnaire_is_on_the_list_at_once(cast: Cast) -> None:
    pat = opened(link := link_of(cast))
    answers = {f"q{number}": "1" for number in range(1, 10)}
    assert pat.post(f"{link}questionnaire/", answers).status_code == 302
    with clinic_scope(cast.clinic.pk):
        form = Questionnaire.objects.get()
        assert (form.total, form.source, form.items) == (9, "patient", [1] * 9)
        assert Concern.objects.get().reason == "harm"
    assert "Pat Example" in signed_in(cast.ben).get("/office/concerns/").content.decode()


def test_a_questionnaire_with_gaps_has_no_score(cast: Cast) -> None:
    pat = opened(link := link_of(cast))
    assert pat.post(f"{link}questionnaire/", {"q1": "0"}).status_code == 422
    assert pat.post(f"{link}questionnaire/", {"q1": "0", "as_it_is": "on"}).status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert Questionnaire.objects.get().total is None


def test_the_letter_says_nothing_of_health_of_the_clinic_or_of_anybody(cast: Cast) -> None:
    link_of(cast, address="pat@home.test")
    (letter,) = mail.outbox
    text = f"{letter.subject} {letter.body}".lower()
    assert "/intake/own/" in text
    for word in ("pat", "alder", "clinic", "ketamine", "health", "infusion", "patient", "doctor"):
        assert word not in re.sub(r"http\S+", "", text), word


def test_a_link_opens_its_patients_own_rows_and_no_others(cast: Cast) -> None:
    link_of(cast)
    with clinic_scope(cast.clinic.pk):
        pk = Link.objects.get().pk
    with row_transaction():
        open_link(pk)
        assert [each.pk for each in Patient.objects.all()] == [cast.patient.pk]
        assert not Weight.objects.exists()
        answer = OwnAnswer(clinic=cast.clinic, patient=cast.neighbour, link_id=pk, question="heart", said="no")
        with pytest.raises(DatabaseError), transaction.atomic():
            answer.save(force_insert=True)


@pytest.mark.parametrize("page", ["", "health/"])
def test_searchers_and_caches_are_told_to_keep_away(cast: Cast, page: str) -> None:
    link = link_of(cast)
    answer = opened(link).get(link + page)
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert answer.headers["Cache-Control"] == "no-store"


def _ended(cast: Cast) -> str:
    """One that was made a month ago for two weeks."""
    token, now = "t" * 43, timezone.now()
    with clinic_scope(cast.clinic.pk):
        Link.objects.create(
            clinic=cast.clinic,
            kind=Link.Kind.OWN_PART,
            patient=cast.patient,
            token_digest=digest_of(token),
            made_by=cast.ben,
            made_at=now - timedelta(days=30),
            expires_at=now - timedelta(days=16),
        )
    return f"/intake/own/{token}/"
