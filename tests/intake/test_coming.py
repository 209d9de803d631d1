"""By their link a patient reads how to come, on page, paper and calendar, signs the consent, and takes it back."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pypdf import PdfReader

from stillroom.clinics.models import Clinic
from stillroom.clinics.rows import clinic_scope
from stillroom.core.safety.consent import Consented
from stillroom.patients.consents import consented
from stillroom.patients.models import Consent
from stillroom.schedule.before import template_words, write
from stillroom.schedule.models import Appointment, BeforeYouCome
from tests.cast import Cast, signed_in
from tests.intake.links import link_of, opened
from tests.patients.test_consents import actor_of, text_of

PRICE = {"price": "450 €", "price_covers": "The drug and the room. Not the first visit.", "arriving": "3 Quay Street."}
WAYS = {"adult": "they come for you, sign that they take you along", "stay": "kept here until every effect is gone"}


def told(cast: Cast, **said: object) -> BeforeYouCome:
    with clinic_scope(cast.clinic.pk):
        return write(actor_of(cast, cast.ann), {**template_words(), **PRICE, **said})


def text(answer: object) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages  # type: ignore[attr-defined]
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_nothing_is_told_before_somebody_of_the_clinic_wrote_it(cast: Cast) -> None:
    pat = opened(link := link_of(cast))
    page = pat.get(f"{link}coming/").content.decode()
    assert "has not written this page yet" in page
    assert "6 hours" not in page


def test_page_and_paper_say_the_same(cast: Cast) -> None:
    told(cast)
    pat = opened(link := link_of(cast))
    page = " ".join(pat.get(f"{link}coming/").content.decode().split())
    paper = text(pat.get(f"{link}coming/paper/"))
    for words in (
        "full meal in the 8 hours before", "in the 6 hours before", "until 2 hours before", "American Society of",
        "sip of water", "no other patient can see or hear you", "cuff on your arm", "Calm, quiet pieces",
        "floating, dreamlike", "450 €", "Not the first visit", "3 Quay Street", "Alder Clinic",
    ):  # fmt: skip
        assert words in page, words
        assert words in paper, words


@pytest.mark.parametrize(
    ("adult", "stay", "ways"), [(True, True, "two ways home"), (True, False, "one way"), (False, True, "one way")]
)
def test_it_names_the_ways_home_that_the_clinic_opens_and_no_third(
    cast: Cast, adult: bool, stay: bool, ways: str
) -> None:
    told(cast)
    with clinic_scope(cast.clinic.pk):
        Clinic.objects.update(opens_door_with_adult=adult, opens_door_stay_until_clear=stay)
    pat = opened(link := link_of(cast))
    page = " ".join(pat.get(f"{link}coming/").content.decode().split())
    assert ways in page
    assert (WAYS["adult"] in page, WAYS["stay"] in page) == (adult, stay)
    assert ("yours to choose" in page) == (adult and stay)
    assert "There is no other way" in page


def test_a_newer_version_is_read_and_the_earlier_one_is_kept(cast: Cast) -> None:
    told(cast)
    told(cast, price="500 €", arriving="<b>Ring</b> twice.")
    pat = opened(link := link_of(cast))
    page = pat.get(f"{link}coming/").content.decode()
    assert "500 €" in page
    assert "450 €" not in page
    assert "&lt;b&gt;Ring&lt;/b&gt; twice." in page
    with clinic_scope(cast.clinic.pk):
        assert [each.price for each in BeforeYouCome.objects.all()] == ["500 €", "450 €"]


def test_their_calendar_holds_when_they_come_and_nothing_else(cast: Cast) -> None:
    starts_at = timezone.now().replace(microsecond=0) + timedelta(days=4)
    with clinic_scope(cast.clinic.pk):
        for patient, hours in ((cast.patient, 0), (cast.neighbour, 5)):
            Appointment.objects.create(
                clinic=cast.clinic, patient=patient, room=cast.room, made_by=cast.fay,
                starts_at=starts_at + timedelta(hours=hours), ends_at=starts_at + timedelta(hours=hours + 2),
            )  # fmt: skip
    pat = opened(link := link_of(cast))
    (event,) = Calendar.from_ical(pat.get(f"{link}calendar/").content).walk("VEVENT")
    assert (str(event["summary"]), event.decoded("dtstart")) == ("Appointment", starts_at)
    assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "CLASS"}


def test_they_sign_the_words_they_read_and_it_is_kept_with_time_language_and_version(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        text_of(cast)
        german = text_of(cast, "Was es ist\n\nDas und das.", language="de")
    pat = opened(link := link_of(cast))
    page = pat.get(f"{link}consent/?language=de").content.decode()
    assert '<article class="sheet" lang="de"' in page
    assert "Das und das." in page
    before = timezone.now()
    assert pat.post(f"{link}consent/", {"text": german.pk, "name": "Pat Example"}).status_code == 302
    with clinic_scope(cast.clinic.pk):
        kept = Consent.objects.get(text=german)
        assert (kept.version, kept.language, kept.how, kept.signed_name) == ("1", "de", "alone", "Pat Example")
        assert before <= kept.signed_at <= timezone.now()
        assert kept.by.startswith("link:")
        assert kept.witnessed_by is None
        assert consented(cast.patient) is Consented.SIGNED
    assert "You signed this on" in pat.get(f"{link}consent/").content.decode()


def test_words_that_changed_while_they_read_are_shown_and_not_signed(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        first = text_of(cast)
    pat = opened(link := link_of(cast))
    with clinic_scope(cast.clinic.pk):
        text_of(cast, "What it is, said better.")
    answer = pat.post(f"{link}consent/", {"text": first.pk, "name": "Pat Example"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A newer text has come into force" in page
    assert "said better" in page
    assert 'value="Pat Example"' in page
    with clinic_scope(cast.clinic.pk):
        assert not Consent.objects.filter(text=first).exists()


@pytest.mark.parametrize(
    "said", [{"name": ""}, {"name": " "}, {"text": "x"}, {"text": "6f1f0c2b-7e11-4e57-9a5c-000000000000"}]
)
def test_without_a_name_or_the_words_nothing_is_signed(cast: Cast, said: dict[str, str]) -> None:
    with clinic_scope(cast.clinic.pk):
        words = text_of(cast)
    pat = opened(link := link_of(cast))
    assert pat.post(f"{link}consent/", {"text": words.pk, "name": "Pat", **said}).status_code == 422
    with clinic_scope(cast.clinic.pk):
        assert not Consent.objects.filter(text=words).exists()


def test_they_take_it_back_by_one_press_and_can_sign_again(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        words = text_of(cast)
    pat = opened(link := link_of(cast))
    pat.post(f"{link}consent/", {"text": words.pk, "name": "Pat Example"})
    assert pat.get(f"{link}consent/back/").status_code == 405
    assert pat.post(f"{link}consent/back/").status_code == 302
    with clinic_scope(cast.clinic.pk):
        assert consented(cast.patient) is Consented.WITHDRAWN
        assert Consent.objects.get(text=words).withdrawn_by.startswith("link:")
        assert consented(cast.neighbour) is Consented.OF_EARLIER_TEXT
    pat.post(f"{link}consent/", {"text": words.pk, "name": "Pat Example"})
    with clinic_scope(cast.clinic.pk):
        assert consented(cast.patient) is Consented.SIGNED
        assert cast.patient.consents.filter(text=words).count() == 2


@pytest.mark.parametrize("page", ["coming/", "coming/paper/", "calendar/", "consent/", "consent/back/"])
def test_the_link_alone_opens_none_of_it(cast: Cast, page: str) -> None:
    told(cast)
    answer = Client().get(link_of(cast) + page)
    assert "when you were born" in answer.content.decode()


def test_the_letter_and_the_address_in_it_say_nothing_of_health(cast: Cast) -> None:
    told(cast)
    link_of(cast, address="pat@home.test")
    (letter,) = mail.outbox
    said = f"{letter.subject} {letter.body}".lower()
    for word in ("ketamine", "health", "infusion", "consent", "clinic", "alder", "pat ", "fasting", "depress"):
        assert word not in said, word


def test_the_desk_prints_it_for_who_has_no_e_mail(cast: Cast) -> None:
    fay = signed_in(cast.fay)
    address = f"/office/patients/{cast.patient.pk}/before/paper/"
    assert "has not been written yet" in fay.get(address, follow=True).content.decode()
    told(cast)
    assert "Pat Example" in text(fay.get(address))
