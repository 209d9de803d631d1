"""What readers send: kept once, shown to nobody, never run, and never lost on the way."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.test.utils import override_settings
from hypothesis import given
from hypothesis import strategies as st

from stillroom.clinics.rows import clinic_scope
from stillroom.guide import shelf
from stillroom.guide.critique import spam
from stillroom.guide.critique.forgetting import forget_everywhere
from stillroom.guide.critique.inbox import critiques, standing
from stillroom.guide.critique.plain import plain, plain_line
from stillroom.guide.models import Critique, CritiqueWriter
from stillroom.guide.packaged import packaged_pages
from tests.cast import Cast

PAGES = [page.slug for page in packaged_pages()]
HOUR = "/guide/hour/"
SAID = {"name": "Mara", "username": "", "email": "", "comments": "The part about music helped me."}

HOSTILE = [
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ settings.SECRET_KEY }}",
    "{% include 'base.html' %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "'; DROP TABLE guide_critique; --",
    "\x00\x01\x02 nought bytes",
    "\x1b[31mred\x1b[0m in a terminal",
    "\x07 bell, \x08 back, \x7f delete",
    "\u202egnp.exe turned round",
    "\u2066isolated\u2069 and \u202aembedded\u202c",
    "\U000e0041\U000e0042 tags that nobody sees",
    "\ufeff begins with a mark",
    "a\r\nb\rc\u2028d\u2029e\x85f",
    "line\r\nBcc: everybody@elsewhere.test",
    "%0d%0aSet-Cookie: a=b",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "مرحبا, this line has two directions",
    "שלום \u200fmarks\u200e",
    "e\u0301" * 200,
    "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308" * 50,
    "👩‍👩‍👧 joined by a joiner",
    "word " * 1900,
    "a" * 10_000,
    "\n" * 500 + "at the end",
    "\t\t\tindented",
    "&lt;b&gt; &amp;amp; &#x3c;script&#x3e;",
    "<!-- --><![CDATA[ x ]]>",
    "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content=0;url=//elsewhere.test>",
    "<base href=//elsewhere.test>",
    "<form action=//elsewhere.test><input name=stamp>",
    "[a](javascript:alert(1)) ![](//elsewhere.test/p.png)",
    '=HYPERLINK("//elsewhere.test")',
    "../../../../etc/passwd",
    "%s %n %x %(name)s {0} {name}",
    "null undefined NaN true 0",
]


@pytest.fixture(autouse=True)
def site(cast: Cast) -> Iterator[None]:
    cache.clear()
    shelf.look_again()
    with override_settings(PUBLIC_CLINIC=str(cast.clinic.pk)):
        yield
    shelf.look_again()


def stamp_on(page: bytes) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page.decode())
    assert found is not None
    return html.unescape(found[1])


def send(client: Client, said: dict[str, str], *, path: str = HOUR, after_s: float = 30, **more: str) -> object:
    """As a person does: reads the page, writes for a while, sends."""
    with time_machine.travel(datetime.fromisoformat("2026-11-25T10:00:00+00:00"), tick=False) as clock:
        stamp = stamp_on(client.get(path).content)
        clock.shift(timedelta(seconds=after_s))
        return client.post(path, {"stamp": stamp, "website": "", **said, **more})


def kept(cast: Cast) -> list[Critique]:
    with clinic_scope(cast.clinic.pk):
        return list(Critique.objects.select_related("writer"))


@pytest.mark.parametrize("slug", PAGES)
def test_every_page_takes_a_critique_and_keeps_which_text_was_read(cast: Cast, slug: str) -> None:
    answer = send(Client(), SAID, path=f"/guide/{slug}/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/guide/thanks/")
    (critique,) = kept(cast)
    page = next(page for page in packaged_pages() if page.slug == slug)
    assert (critique.slug, critique.version_number, critique.page_digest) == (slug, 0, page.digest)
    assert (critique.comments, critique.writer.name) == (SAID["comments"], "Mara")


def test_the_list_of_pages_takes_one_too_and_says_when_it_has_changed_since(cast: Cast) -> None:
    answer = send(Client(), SAID, path="/guide/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/guide/thanks/")
    (critique,) = kept(cast)
    assert (critique.slug, critique.page_title) == ("contents", "What an infusion is like")
    now = shelf.shelf()
    fewer = replace(now, shown={place: each for place, each in now.shown.items() if place[1] != "hour"})
    with clinic_scope(cast.clinic.pk):
        found = critiques().get()
        assert not standing(found, now).page_has_changed
        assert standing(found, fewer).page_has_changed


@pytest.mark.parametrize("comments", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_comment_is_kept_as_words(cast: Cast, comments: str) -> None:
    assert send(Client(), SAID | {"comments": comments, "name": comments[:40].strip() or "Mara"}).status_code == 302
    (critique,) = kept(cast)
    assert critique.comments == plain(comments).strip()
    assert not re.search(
        r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]", critique.comments + critique.writer.name
    )


@pytest.mark.parametrize("comments", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_comment_comes_back_whole_and_is_not_run(comments: str) -> None:
    """Sent without a name, it is shown again: word for word, and as words only."""
    answer = send(Client(), SAID | {"name": "", "comments": comments})
    assert answer.status_code == 422
    page = answer.content.decode()
    shown = re.search(r'<textarea id="critique-comments"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert shown is not None
    assert html.unescape(shown[1]) == plain(comments)
    assert re.findall(r"<script(?! type=\"module\" src=\"/static/)", page) == []


def test_there_are_forty_hostile_comments() -> None:
    assert len(HOSTILE) == 40


def test_a_megabyte_is_refused_in_words_and_not_lost(cast: Cast) -> None:
    answer = send(Client(), SAID | {"comments": "long words " * 100_000})
    assert answer.status_code == 422
    assert "Too long: at most 10,000 letters, and this has 1,099,999." in answer.content.decode()
    assert answer.content.count(b"long words") == 100_000
    assert kept(cast) == []


def test_more_than_a_server_reads_is_refused_in_words(cast: Cast) -> None:
    answer = send(Client(), SAID | {"comments": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "what you wrote is still there" in answer.content.decode()
    assert kept(cast) == []


@pytest.mark.parametrize(
    "email",
    [
        "please write to me at home",
        "mara@place.example\nBcc: everybody@elsewhere.test",
        "mara@place.example\r\nSubject: x",
        "mara@place.example, other@place.example",
        "Mara <mara@place.example>",
        "mara@",
        "a" * 300 + "@place.example",
    ],
)
def test_an_email_that_is_none_is_refused_in_words_and_kept(cast: Cast, email: str) -> None:
    answer = send(Client(), SAID | {"email": email})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Write it as name@place.example, or leave it empty." in page or "Too long" in page
    assert plain(email) in page
    assert SAID["comments"] in page
    assert kept(cast) == []


@pytest.mark.parametrize(
    ("missing", "words"), [("name", "Any name will do."), ("comments", "what we could say better.")]
)
def test_what_is_missing_is_asked_for_and_the_rest_stays(missing: str, words: str) -> None:
    answer = send(Client(), SAID | {"email": "mara@place.example", missing: "  "})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert words in page
    assert 'value="mara@place.example"' in page
    assert all(said in page for name, said in SAID.items() if name != missing)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_same_critique_sent_again_is_one(cast: Cast) -> None:
    client = Client()
    answers = [send(client, SAID) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {302}
    assert len(kept(cast)) == 1
    send(client, SAID | {"comments": "And another thing."})
    assert len(kept(cast)) == 2


def test_a_machine_that_is_quicker_than_anybody_is_asked_to_wait_and_loses_nothing(cast: Cast) -> None:
    client = Client()
    answer = send(client, SAID, after_s=1)
    assert answer.status_code == 422
    assert "That was quick." in answer.content.decode()
    assert SAID["comments"] in answer.content.decode()
    with time_machine.travel("2026-11-25T10:00:20+00:00", tick=False):
        again = client.post(HOUR, SAID | {"stamp": stamp_on(answer.content)})
    assert again.status_code == 302
    assert len(kept(cast)) == 1


@pytest.mark.parametrize("stamp", ["", "0:forged", "9999999999:AAAA", "x" * 500])
def test_a_forged_time_is_not_taken_and_a_right_one_is_given(cast: Cast, stamp: str) -> None:
    answer = Client().post(HOUR, SAID | {"stamp": stamp})
    assert answer.status_code == 422
    assert "This page was open for a long time. Send it again." in answer.content.decode()
    assert spam.fault_of_stamp(stamp_on(answer.content)) == "too_fast"
    assert kept(cast) == []


def test_a_page_left_open_for_days_gives_its_words_back_with_a_new_time(cast: Cast) -> None:
    answer = send(Client(), SAID, after_s=3 * 24 * 3600)
    assert answer.status_code == 422
    assert SAID["comments"] in answer.content.decode()
    assert kept(cast) == []


def test_the_field_that_nobody_sees_catches_who_fills_it_in(cast: Cast) -> None:
    answer = send(Client(), SAID, website="https://elsewhere.test")
    assert answer.status_code == 422
    assert SAID["comments"] in answer.content.decode()
    assert b"elsewhere.test" not in answer.content
    assert kept(cast) == []


def test_the_seventh_within_ten_minutes_waits_and_loses_nothing(cast: Cast) -> None:
    client = Client()
    answers = [send(client, SAID | {"comments": f"Number {n}."}) for n in range(7)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429]
    assert "Number 6." in answers[6].content.decode()
    assert "Wait 10 minutes" in answers[6].content.decode()
    assert len(kept(cast)) == 6


def test_names_go_after_their_time_and_what_was_said_stays(cast: Cast) -> None:
    send(Client(), SAID | {"email": "mara@place.example"})
    with time_machine.travel("2027-05-23T10:00:00+00:00"):  # 179 days later
        assert forget_everywhere() == 0
    with time_machine.travel("2027-05-25T10:00:00+00:00"):
        assert forget_everywhere() == 1
    (critique,) = kept(cast)
    assert critique.comments == SAID["comments"]
    with clinic_scope(cast.clinic.pk):
        assert not CritiqueWriter.objects.exists()


def test_names_go_by_themselves_when_another_critique_comes(cast: Cast) -> None:
    send(Client(), SAID)
    with clinic_scope(cast.clinic.pk), time_machine.travel("2027-11-25T10:00:00+00:00"):
        from stillroom.guide.critique.taking_in import take_in

        take_in(cast.clinic.pk, shelf.shelf().shown["en", "room"], SAID)
        assert CritiqueWriter.objects.count() == 1


@given(st.text())
def test_nothing_is_left_that_draws_nothing_or_turns_a_line(text: str) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", plain(text))
    assert plain(plain(text)) == plain(text)
    assert "\n" not in plain_line(text)
