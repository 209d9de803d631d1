"""The editors' inbox: private, with states that follow from steps; an answer is sent before it is written down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from smtplib import SMTPException
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.test.utils import override_settings

from stillroom.clinics.rows import clinic_scope
from stillroom.guide import shelf
from stillroom.guide.critique.plain import plain
from stillroom.guide.critique.taking_in import take_in
from stillroom.guide.models import Critique, CritiqueStep
from tests.cast import Cast, signed_in
from tests.guide.test_critique import HOSTILE

SAID = {"name": "Mara", "username": "m.", "email": "mara@place.example", "comments": "<b>More</b> about music."}


@pytest.fixture(autouse=True)
def site(cast: Cast) -> Iterator[None]:
    shelf.look_again()
    with override_settings(PUBLIC_CLINIC=str(cast.clinic.pk)):
        yield
    shelf.look_again()


@pytest.fixture
def editor(cast: Cast) -> Client:
    return signed_in(cast.edi)


def received(cast: Cast, **more: str) -> str:
    take_in(cast.clinic.pk, shelf.shelf().shown["en", "music"], SAID | more)
    with clinic_scope(cast.clinic.pk):
        return f"/guide/desk/critiques/{Critique.objects.latest('received_at').pk}/"


def steps(cast: Cast) -> list[str]:
    with clinic_scope(cast.clinic.pk):
        return list(CritiqueStep.objects.values_list("kind", flat=True))


def test_the_inbox_shows_what_is_open_as_words(editor: Client, cast: Cast) -> None:
    empty = editor.get("/guide/desk/").content.decode()
    assert "Nothing is open." in empty
    received(cast)
    page = editor.get("/guide/desk/").content.decode()
    assert "&lt;b&gt;More&lt;/b&gt; about music." in page
    assert "<b>More" not in page


def test_forty_hostile_comments_are_words_in_the_inbox_and_on_their_pages(editor: Client, cast: Cast) -> None:
    paths = [received(cast, comments=plain(comments).strip(), name=f"Mara {n}") for n, comments in enumerate(HOSTILE)]
    for path in ["/guide/desk/", "/guide/desk/?leaf=2", *paths]:
        page = editor.get(path).content.decode()
        ours = re.sub(r'<script (?:type="module" |nonce="[^"]*" )?src="/static/[^"]*"[^>]*></script>', "", page)
        assert not re.search(r"<script|<svg/onload|<img src=x|<meta http-equiv|<base |<style|onerror=alert\(1\)>", ours)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", page.replace("\r\n", "\n"))
    assert len(set(paths)) == len(HOSTILE)


def test_a_state_follows_from_the_last_step(editor: Client, cast: Cast) -> None:
    path = received(cast)
    for kind in ("considered", "settled", "reopened", "settled"):
        assert editor.post(path, {"step": kind, "words": "a note"}).status_code == 302
    assert steps(cast) == ["considered", "settled", "reopened", "settled"]
    assert "Nothing is open." in editor.get("/guide/desk/").content.decode()
    assert "Music and company" in editor.get("/guide/desk/?which=all").content.decode()


def test_a_step_that_cannot_follow_is_refused_and_the_words_stay(editor: Client, cast: Cast) -> None:
    path = received(cast)
    answer = editor.post(path, {"step": "reopened", "words": "my words"})
    assert answer.status_code == 422
    assert "my words" in answer.content.decode()
    assert steps(cast) == []


def test_an_answer_goes_to_the_address_that_was_given(editor: Client, cast: Cast) -> None:
    path = received(cast)
    assert editor.post(path, {"step": "answered", "words": "Thank you.\nWe added a line."}).status_code == 302
    (sent,) = mail.outbox
    assert sent.to == ["mara@place.example"]
    assert sent.subject == "Your words about the page “Music and company”"
    assert "We added a line." in sent.body
    assert SAID["comments"] in sent.body
    assert steps(cast) == ["answered"]


def test_an_answer_that_could_not_be_sent_is_not_written_down_and_not_lost(editor: Client, cast: Cast) -> None:
    path = received(cast)
    with patch("stillroom.guide.critique.answering.EmailMessage.send", side_effect=SMTPException):
        answer = editor.post(path, {"step": "answered", "words": "Thank you."})
    assert answer.status_code == 503
    assert "The mail could not be sent" in answer.content.decode()
    assert "Thank you." in answer.content.decode()
    assert steps(cast) == []


def test_no_answer_without_an_address_or_without_words(editor: Client, cast: Cast) -> None:
    with_address = received(cast)
    assert editor.post(with_address, {"step": "answered", "words": " "}).status_code == 422
    without = received(cast, email="")
    assert editor.post(without, {"step": "answered", "words": "Thank you."}).status_code == 422
    assert "Send as an answer" not in editor.get(without).content.decode()
    assert mail.outbox == []


def test_it_says_which_text_was_read_and_that_it_has_changed(editor: Client, cast: Cast) -> None:
    path = received(cast)
    assert "as it came with Stillroom" in editor.get(path).content.decode()
    with clinic_scope(cast.clinic.pk):
        old = Critique.objects.create(
            clinic=cast.clinic,
            language="en",
            slug="music",
            page_title="Music",
            version_number=3,
            page_digest="0" * 64,
            comments="Old.",
        )
    page = editor.get(f"/guide/desk/critiques/{old.pk}/").content.decode()
    assert "version 3; the page has changed since" in page


def test_a_name_kept_long_enough_is_shown_to_nobody_even_before_it_is_deleted(editor: Client, cast: Cast) -> None:
    with time_machine.travel("2026-01-01T10:00:00+00:00"):
        path = received(cast)
    page = editor.get(path).content.decode()
    assert "no longer kept" in page
    assert "Mara" not in page
    assert "mara@place.example" not in page


@pytest.mark.parametrize("who", ["ada", "ben", "fay", "ann", "pat", "cleo"])
def test_nobody_but_an_editor_reads_what_came_in(cast: Cast, who: str) -> None:
    path = received(cast)
    assert signed_in(getattr(cast, who)).get(path).status_code in (403, 404)
    assert Client().get(path).status_code == 302


def test_what_was_said_cannot_be_changed_or_deleted(cast: Cast) -> None:
    received(cast)
    with clinic_scope(cast.clinic.pk):
        for change in (
            lambda: Critique.objects.update(comments="x"),
            lambda: Critique.objects.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                change()
