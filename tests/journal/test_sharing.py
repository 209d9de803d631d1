"""A link for a doctor: no sign-in, seen by nobody else, and every use of it is read by the patient."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope, person_scope
from stillroom.journal.models import Share, ShareUse
from tests.cast import Cast, signed_in
from tests.exchange.records import furnish

WEBER = {"name": "Dr Weber,  Quay Street"}


def link_of(cast: Cast, **more: str) -> str:
    """Pat makes one, and it is said this once."""
    page = signed_in(cast.pat).post("/journal/sharing/", {"for_whom": "Dr Weber", "days": "7", **more})
    assert page.status_code == 200
    found = re.search(r"http://testserver(/journal/shared/[\w-]{43}/)", page.content.decode())
    assert found is not None
    return found[1]


def opened(link: str) -> Client:
    """A browser of nobody we know, in which somebody said who they are."""
    doctor = Client()
    assert doctor.post(link, WEBER).status_code == 302
    return doctor


def test_a_doctor_says_who_they_are_and_sees_the_infusions(cast: Cast) -> None:
    furnish(cast)
    link = link_of(cast)
    first = Client().get(link).content.decode()
    assert "Write who you are" in first
    assert "Example" not in first
    page = opened(link).get(link).content.decode()
    for words in ("0.32 mg/kg</span>", "Pat Example", "17 May 1984"):
        assert words in page
    (path,) = re.findall(rf'href="({re.escape(link)}infusions/[^"]+)"', page)
    assert "not yet signed" in opened(link).get(path).content.decode()


def test_its_form_is_taken_from_a_browser_that_says_where_it_comes_from(cast: Cast) -> None:
    """A browser told to send no referrer sends a form with the origin "null", which is refused as a forgery."""
    link, doctor = link_of(cast), Client(enforce_csrf_checks=True)
    page = doctor.get(link)
    assert page.headers["Referrer-Policy"] != "no-referrer"
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    said = {**WEBER, "csrfmiddlewaretoken": token}
    assert doctor.post(link, said, headers={"Origin": "http://testserver"}).status_code == 302


def test_the_patient_sees_who_used_it_and_when(cast: Cast) -> None:
    furnish(cast)
    link = link_of(cast)
    opened(link).get(link)
    page = signed_in(cast.pat).get("/journal/sharing/").content.decode()
    assert "“Dr Weber, Quay Street”" in page
    assert timezone.now().strftime("%b %Y") in page
    assert link not in page  # it was said once


def test_days_and_scores_are_there_only_when_wanted_and_own_words_never(cast: Cast) -> None:
    furnish(cast)
    plain, whole = link_of(cast), link_of(cast, with_weeks="on")
    assert "PHQ-9" not in opened(plain).get(plain).content.decode()
    page = opened(whole).get(whole).content.decode()
    assert "PHQ-9" in page
    for words in ("a hard day", "Only for me"):
        assert words not in page


@pytest.mark.parametrize("path", ["", "infusions/00000000-0000-4000-8000-000000000000/"])
def test_searchers_and_caches_are_told_to_keep_away(cast: Cast, path: str) -> None:
    link = link_of(cast)
    for answer in (Client().get(link + path), opened(link).get(link + path)):
        assert answer.headers["X-Robots-Tag"].startswith("noindex")
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"  # no other server learns the link


def test_revoked_expired_and_invented_links_look_the_same(cast: Cast) -> None:
    revoked, invented = link_of(cast), "/journal/shared/nothing/"
    doctor = opened(revoked)
    assert doctor.get(revoked).status_code == 200
    with person_scope(cast.pat.pk):
        (row,) = Share.objects.all()
        expired = _expired(cast)
    assert signed_in(cast.pat).post(f"/journal/sharing/{row.pk}/revoke/").status_code == 302
    answers = [doctor.get(revoked), Client().get(expired), Client().get(invented)]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len({re.sub(r'nonce="[^"]*"', "", answer.content.decode()) for answer in answers}) == 1


def test_who_tries_links_is_slowed_down(cast: Cast) -> None:
    guesser = Client()
    codes = [guesser.get(f"/journal/shared/guess-{number}/").status_code for number in range(21)]
    assert codes[:20] == [404] * 20
    assert codes[20] == 429
    assert guesser.get(link_of(cast)).status_code == 429


def test_a_name_for_one_link_opens_no_other(cast: Cast) -> None:
    first, second = link_of(cast), link_of(cast)
    doctor = opened(first)
    doctor.cookies["shared"]["path"] = "/"
    assert "Write who you are" in doctor.get(second).content.decode()


def test_another_patients_infusion_is_not_there(cast: Cast) -> None:
    furnish(cast)
    with person_scope(cast.kim.pk):
        Share.objects.create(
            person=cast.kim, token_digest="0" * 64, for_whom="x", expires_at=timezone.now() + timedelta(days=1)
        )
    page = signed_in(cast.kim).post("/journal/sharing/", {"for_whom": "Dr Weber", "days": "7"}).content.decode()
    found = re.search(r"http://testserver(/journal/shared/[\w-]{43}/)", page)
    assert found is not None
    doctor = opened(found[1])
    assert "No infusion yet" in doctor.get(found[1]).content.decode()
    with clinic_scope(cast.clinic.pk):
        theirs = cast.patient.infusions.get().pk
    assert doctor.get(f"{found[1]}infusions/{theirs}/").status_code == 404


def test_nobody_but_the_function_writes_or_changes_a_use(cast: Cast) -> None:
    link = link_of(cast)
    opened(link).get(link)
    for statement in ("DELETE FROM journal_shareuse", "UPDATE journal_shareuse SET name = 'x'"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), person_scope(cast.pat.pk):
            connection.cursor().execute(statement)
    with person_scope(cast.pat.pk):
        assert ShareUse.objects.count() == 1
    with person_scope(cast.kim.pk):
        assert not ShareUse.objects.exists()
        assert not Share.objects.exists()


def _expired(cast: Cast) -> str:
    """One that was made a week ago for a day."""
    token, now = "t" * 43, timezone.now()
    Share.objects.create(
        person=cast.pat,
        token_digest=hashlib.sha256(token.encode()).hexdigest(),
        for_whom="Dr Weber",
        made_at=now - timedelta(days=7),
        expires_at=now - timedelta(days=6),
    )
    return f"/journal/shared/{token}/"
