"""A clinic applies, confirms, renews and leaves by form and link; hostile forms are refused and lose nothing."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from stillroom.clinics.rows import clinic_scope
from stillroom.directory.models import Application
from stillroom.directory.views.apply import SALT
from stillroom.web.guard import stamp
from tests.cast import Cast
from tests.directory.listed import listed, posted

pytestmark = pytest.mark.usefixtures("kept_by_alder")


@pytest.fixture
def kept_by_alder(cast: Cast) -> Iterator[None]:
    cache.clear()
    with override_settings(DIRECTORY_RUN_BY="Test", PUBLIC_CLINIC=str(cast.clinic.pk)):
        yield


def fresh_stamp() -> str:
    with time_machine.travel(timezone.now() - timedelta(minutes=5), tick=False):
        return stamp(SALT)


def post(path: str = "/directory/apply/", **changes: Any) -> HttpResponse:
    return Client().post(path, {"stamp": fresh_stamp()} | posted(**changes))


def applications(cast: Cast) -> list[Application]:
    with clinic_scope(cast.clinic.pk):
        return list(Application.objects.all())


def link_in(message: Any) -> str:
    found = re.search(r"http://testserver(\S+)", message.body)
    assert found
    return found[1]


def test_a_clinic_applies_and_confirms_by_the_link_it_is_mailed(cast: Cast) -> None:
    assert "Look at your mail" in post().content.decode()
    (application,) = applications(cast)
    assert application.confirmed_at is None
    path = link_in(mail.outbox[0])
    assert mail.outbox[0].to == ["desk@alder.example"]
    assert "Yes, send it" in Client().get(path).content.decode()
    assert applications(cast)[0].confirmed_at is None
    assert "with the editors" in Client().post(path).content.decode()
    assert applications(cast)[0].confirmed_at is not None
    assert application.typed["north"] == "53.3330"  # Dublin, as GeoNames has it, to three places


def test_no_form_needs_a_cookie(cast: Cast) -> None:
    """Who lets no cookies in is not turned away, nor asked for one."""
    with clinic_scope(cast.clinic.pk):
        slug = listed(cast).slug
    browser = Client(enforce_csrf_checks=True)
    assert not browser.get("/directory/apply/").cookies
    assert browser.post("/directory/apply/", {"stamp": fresh_stamp()} | posted(name="Elm")).status_code == 200
    assert browser.post(link_in(mail.outbox[0])).status_code == 200
    assert browser.post(f"/directory/clinics/{slug}/renew/", {"stamp": fresh_stamp()}).status_code == 200
    assert browser.post(link_in(mail.outbox[1]), posted()).status_code == 200


def test_the_form_may_be_asked_after_without_being_fetched(cast: Cast) -> None:
    assert Client().head("/directory/apply/").status_code == 200


def test_the_same_twice_is_one_application_and_one_letter(cast: Cast) -> None:
    post()
    assert "We have this already" in post().content.decode()
    assert len(applications(cast)) == len(mail.outbox) == 1


def test_a_form_filled_in_by_a_machine_is_not_taken_and_nothing_is_lost(cast: Cast) -> None:
    for changes in ({"stamp": stamp(SALT)}, {"fax": "1"}, {"stamp": "forged:x"}, {"stamp": ""}):
        answer = post(**changes)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="Alder House (invented)"' in page
        assert "Nothing is lost" in page
    assert applications(cast) == []
    assert mail.outbox == []


def test_too_many_from_one_place_wait_and_keep_what_they_typed(cast: Cast) -> None:
    answers = [post(name=f"Clinic {number}") for number in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    assert 'value="Clinic 11"' in answers[-1].content.decode()
    assert len(applications(cast)) == 10


HOSTILE = {
    "a script": {"name": "<script>alert(1)</script>" * 10},
    "turned words": {"name": "Alder \u202eesuoH"},
    "a nought byte": {"street": "1\x00"},
    "a bell": {"contact_name": "A\x07"},
    "nothing unseen": {"note_flow": "a\u200bb"},
    "a header in the e-mail": {"contact_email": "a@b.example\nBcc: c@d.example"},
    "a sentence for an e-mail": {"contact_email": "please write to me"},
    "two e-mails": {"contact_email": "a@b.example, c@d.example"},
    "a megabyte": {"note_flow": "x" * 1_000_000},
    "a long name": {"name": "x" * 121},
    "a web address that runs": {"website": "javascript:alert(1)"},
    "a web address with a password": {"website": "https://a:b@evil.example"},
    "no web address": {"website": "alder"},
    "data as web address": {"website": "data:text/html,x"},
    "a telephone of words": {"phone": "ring me"},
    "no town of that name": {"town": "Xyzzyx"},
    "half a coordinate": {"north": "53"},
    "beyond the pole": {"north": "91", "east": "0"},
    "beyond the date line": {"north": "0", "east": "181"},
    "not a number": {"north": "NaN", "east": "0"},
    "without end": {"north": "Infinity", "east": "0"},
    "an exponent": {"north": "1e400", "east": "0"},
    "words for a coordinate": {"north": "north", "east": "east"},
    "an answer that is none": {"answer_flow": "gravity"},
    "no answer": {"answer_flow": ""},
    "minutes below nought": {"answer_pressure": "-5"},
    "nought minutes": {"answer_pressure": "0"},
    "half a minute": {"answer_pressure": "2.5"},
    "minutes in words": {"answer_pressure": "often"},
    "minutes with a unit": {"answer_pressure": "5 min"},
    "other figures": {"answer_pressure": "٥"},
    "a thousand minutes": {"answer_pressure": "1000"},
    "a formula in a long price": {"answer_price": "=1+" * 200},
    "no name": {"name": "   "},
    "no country": {"country": ""},
}


@pytest.mark.parametrize("changes", HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_is_refused_in_words_with_nothing_lost_and_nothing_rendered(
    cast: Cast, changes: dict[str, str]
) -> None:
    answer = post(**changes)
    page = answer.content.decode()
    assert answer.status_code == 422, "it was taken"
    assert "Nothing is lost" in page
    assert "<script>alert" not in page
    assert 'value="A. Contact"' in page or "contact_name" in changes
    (name, typed), *_ = changes.items()
    kept = [each for each in (typed, typed.strip()) if each]
    if name not in ("answer_flow", "which"):
        assert not kept or any(html.escape(each) in page.replace("&#x27;", "'") for each in kept)
    assert applications(cast) == []
    assert mail.outbox == []


def test_a_whole_form_too_large_to_be_one_is_refused_in_words(cast: Cast) -> None:
    answer = post(note_flow="x" * 3_000_000)
    assert answer.status_code == 413
    assert "what you wrote is still there" in answer.content.decode()


def test_a_town_of_which_there_are_several_is_asked_about_and_never_guessed(cast: Cast) -> None:
    answer = post(town="Springfield", country="United States")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Springfield, Illinois, United States" in page
    options = dict(re.findall(r'name="which" value="(\d+)"[^>]*>\s*<span>([^<]+)', page))
    (number,) = (value for value, words in options.items() if words == "Springfield, Illinois, United States")
    assert post(town="Springfield", country="United States", which=number).status_code == 200
    assert applications(cast)[0].typed["north"].startswith("39.8")  # Springfield, Illinois: 39.80 N


def test_a_place_that_no_table_knows_is_taken_by_its_coordinates(cast: Cast) -> None:
    assert post(town="Nowhere-on-Sea", north="51.5", east="-9.25").status_code == 200
    assert applications(cast)[0].typed["east"] == "-9.25"


def test_a_letter_that_does_not_leave_is_said_and_what_was_written_is_kept(cast: Cast) -> None:
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_PORT=1):
        page = post().content.decode()
    assert "did not leave" in page
    assert "/directory/apply/" not in page.split("<main")[1]
    assert len(applications(cast)) == 1


def test_a_link_that_was_never_sent_opens_nothing(cast: Cast) -> None:
    post()
    for path in ("/directory/apply/x/", "/directory/apply/%00/", "/directory/renew/x/", "/directory/renew/a:b:c/"):
        assert Client().get(path).status_code == 404, path


def test_a_clinic_renews_with_what_it_last_said_before_it(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        slug = listed(cast).slug
    answer = Client().post(f"/directory/clinics/{slug}/renew/", {"stamp": fresh_stamp()})
    assert "a link is on its way" in answer.content.decode()
    assert mail.outbox[0].to == ["desk@alder.example"]
    path = link_in(mail.outbox[0])
    page = Client().get(path).content.decode()
    assert 'value="Alder House (invented)"' in page
    assert re.search(r'value="pump"[^>]* checked', page)
    changed = posted(answer_flow="counted") | {"contact_email": ""}
    assert "with the editors" in Client().post(path, changed).content.decode()
    newest = max(applications(cast), key=lambda each: each.sent_at)
    assert newest.confirmed_at
    assert newest.typed["answers"]["flow"]["answer"] == "counted"


def test_a_renewal_that_is_wrong_is_said_in_words_and_loses_nothing(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        slug = listed(cast).slug
    Client().post(f"/directory/clinics/{slug}/renew/", {"stamp": fresh_stamp()})
    wrong = posted(answer_pressure="often", note_flow="Counted twice", answer_price="120, all in", phone="ring me")
    answer = Client().post(link_in(mail.outbox[0]), wrong)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Write “Continuously”, or whole minutes from 1 to 240." in page
    assert all(words in page for words in ('value="often"', "Counted twice", "120, all in", 'value="ring me"'))
    assert len(applications(cast)) == 1


def test_a_renewals_link_ends_after_three_days(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        slug = listed(cast).slug
    Client().post(f"/directory/clinics/{slug}/renew/", {"stamp": fresh_stamp()})
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        assert Client().get(link_in(mail.outbox[0])).status_code == 404


def test_a_clinic_asks_to_leave_by_its_link(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        slug = listed(cast).slug
    Client().post(f"/directory/clinics/{slug}/renew/", {"stamp": fresh_stamp()})
    page = Client().post(link_in(mail.outbox[0]), {"leaves": "yes"}).content.decode()
    assert "We will take your clinic out" in page
    assert max(applications(cast), key=lambda each: each.sent_at).typed["leaves"] is True
