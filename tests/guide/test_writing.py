"""Editors look, keep, publish and take down; every version stays as it was written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.test.utils import override_settings

from stillroom.clinics.rows import clinic_scope
from stillroom.guide import shelf
from stillroom.guide.models import PageVersion, Publication
from stillroom.guide.writing import difference
from tests.cast import Cast, signed_in

NEW = "/guide/desk/pages/new/"
MUSIC = "/guide/desk/pages/en/music/"
TYPED = {
    "title": "Parking",
    "lead": "Where to leave the car of whoever fetches you.",
    "order": "20",
    "body": "Behind the house. <script>alert(1)</script>",
    "what_changed": "A new page.",
    "after_number": "0",
}
PLACED = {"slug": "parking", "language": "en"}


@pytest.fixture(autouse=True)
def site(cast: Cast) -> Iterator[None]:
    shelf.look_again()
    with override_settings(PUBLIC_CLINIC=str(cast.clinic.pk)):
        yield
    shelf.look_again()


@pytest.fixture
def editor(cast: Cast) -> Client:
    return signed_in(cast.edi)


def public(path: str) -> tuple[int, str]:
    shelf.look_again()
    answer = Client().get(path)
    return answer.status_code, answer.content.decode()


def kept(cast: Cast) -> list[PageVersion]:
    with clinic_scope(cast.clinic.pk):
        return list(PageVersion.objects.select_related("written_by"))


def test_looking_keeps_nothing_and_shows_the_page_with_its_reading_age(editor: Client, cast: Cast) -> None:
    page = editor.post(NEW, TYPED | PLACED | {"do": "look"}).content.decode()
    assert "How it will look" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page
    assert "Reads well from about" in page
    assert kept(cast) == []


def test_a_draft_is_seen_by_editors_only_until_it_is_published(editor: Client, cast: Cast) -> None:
    answer = editor.post(NEW, TYPED | PLACED | {"do": "keep"})
    assert public("/guide/parking/")[0] == 404
    editor.post(f"{answer.headers['Location']}publish/")
    status, page = public("/guide/parking/")
    assert status == 200
    assert "Behind the house." in page
    assert "<script>alert" not in page
    assert 'href="/guide/parking/"' in public("/guide/")[1]


def test_a_packaged_page_is_changed_and_comes_back_when_that_is_taken_down(editor: Client, cast: Cast) -> None:
    before = public("/guide/music/")[1]
    answer = editor.post(MUSIC, TYPED | {"title": "Music here", "do": "publish"})
    assert "Music here" in public("/guide/music/")[1]
    editor.post(f"{answer.headers['Location']}take-down/")
    assert "Music and company" in public("/guide/music/")[1]
    assert "Music here" not in public("/guide/music/")[1]
    assert "Music and company" in before


def test_a_version_says_who_when_and_what_changed(editor: Client, cast: Cast) -> None:
    editor.post(MUSIC, TYPED | {"do": "publish"})
    answer = editor.post(MUSIC, TYPED | {"body": "Behind the new house.", "after_number": "1", "do": "publish"})
    page = editor.get(answer.headers["Location"]).content.decode()
    assert "Edi Brandt" in page
    assert "<ins>Behind the new house.</ins>" in page
    assert "<del>Behind the house. &lt;script&gt;" in page
    assert [version.number for version in kept(cast)] == [2, 1]
    listed = editor.get(MUSIC).content.decode()
    assert listed.count("shown to everybody") == 1


def test_two_who_write_at_once_lose_nothing(editor: Client, cast: Cast) -> None:
    editor.post(MUSIC, TYPED | {"do": "keep"})
    answer = editor.post(MUSIC, TYPED | {"body": "My own words.", "do": "keep"})
    assert answer.status_code == 409
    assert "My own words." in answer.content.decode()
    assert len(kept(cast)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("slug", "desk", "Write small letters"),
        ("slug", "../x", "Write small letters"),
        ("slug", "Parking Here", "Write small letters"),
        ("language", "xyz", "Too long"),
        ("language", "E1", "two small letters"),
        ("language", "xx", "two small letters"),
        ("title", "", "Fill this in."),
        ("title", "t" * 121, "Too long"),
        ("order", "0", "from 1 to 999"),
        ("order", "first", "whole number"),
        ("body", "b" * 40_001, "Too long"),
        ("what_changed", "  ", "Fill this in."),
    ],
)
def test_what_cannot_be_a_page_is_refused_in_words_and_not_lost(
    editor: Client, cast: Cast, field: str, typed: str, said: str
) -> None:
    answer = editor.post(NEW, TYPED | PLACED | {field: typed, "do": "publish"})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert typed in answer.content.decode()
    assert kept(cast) == []


def test_a_title_cannot_break_out_of_the_head(editor: Client, cast: Cast) -> None:
    editor.post(NEW, TYPED | PLACED | {"title": "a\n---\nb: c", "lead": "d: e --- f", "do": "publish"})
    (version,) = kept(cast)
    assert (version.page.title, version.page.lead) == ("a --- b: c", "d: e --- f")
    assert public("/guide/parking/")[0] == 200


def test_a_page_in_another_language_has_an_address_of_its_own_and_both_name_each_other(
    editor: Client, cast: Cast
) -> None:
    said = {"title": "Musik und Begleitung", "slug": "music", "language": "de", "do": "publish"}
    editor.post(NEW, TYPED | said)
    status, page = public("/guide/de/music/")
    assert (status, '<html lang="de"' in page) == (200, True)
    for html in (page, public("/guide/music/")[1]):
        assert '<link rel="alternate" hreflang="de" href="http://testserver/guide/de/music/">' in html
        assert '<link rel="alternate" hreflang="en" href="http://testserver/guide/music/">' in html


def test_an_editor_of_another_clinic_changes_nothing_that_the_public_reads(cast: Cast) -> None:
    from stillroom.clinics.models import Role, Staff
    from tests.cast import LONG_AGO

    with clinic_scope(cast.other_clinic.pk):
        row = {"role": Role.EDITOR, "short_name": "C. Farrow", "from_date": LONG_AGO}
        Staff.objects.create(clinic=cast.other_clinic, person=cast.cleo, **row)
    cleo = signed_in(cast.cleo)
    assert "is not this clinic's" in cleo.get("/guide/desk/").content.decode()
    assert cleo.post(MUSIC, TYPED | {"title": "Not theirs", "do": "publish"}).status_code == 302
    assert "Not theirs" not in public("/guide/music/")[1]


def test_versions_and_what_was_shown_are_never_changed_or_deleted(editor: Client, cast: Cast) -> None:
    editor.post(MUSIC, TYPED | {"do": "publish"})
    with clinic_scope(cast.clinic.pk):
        for model, change in ((PageVersion, {"text": "x"}), (Publication, {"is_shown": False})):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                model.objects.update(**change)
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                model.objects.all()._raw_delete("default")


def test_a_difference_names_what_is_gone_and_what_is_new() -> None:
    assert list(difference("a\nb", "a\nc")) == [("same", "a"), ("gone", "b"), ("new", "c")]
