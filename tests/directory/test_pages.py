"""The pages that anybody reads."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from django.test.utils import override_settings

from stillroom.clinics.rows import clinic_scope
from stillroom.directory.deciding import agree_to_removal, judge, propose_removal
from stillroom.directory.document import read
from stillroom.directory.models import Listing
from stillroom.directory.publishing import publish
from stillroom.directory.searching import WISHES, found_in, search_of
from stillroom.directory.views import public as public_page
from tests.cast import Cast
from tests.directory.listed import GOOD, a_clinic, a_document, another_editor, listed, said_about, taken_up
from tests.weighing import weight_with_all_it_needs

LARGEST_PAGE = 60_000


@pytest.fixture
def public() -> Iterator[Client]:
    with override_settings(DIRECTORY_RUN_BY="Test Network"):
        yield Client()


@pytest.fixture
def alder(cast: Cast) -> str:
    with (
        override_settings(DIRECTORY_RUN_BY="Test Network", PUBLIC_CLINIC=str(cast.clinic.pk)),
        clinic_scope(cast.clinic.pk),
    ):
        return listed(cast, verdict="seen", evidence="visit").slug


def test_an_install_that_keeps_none_says_so(cast: Cast) -> None:
    page = Client().get("/directory/")
    assert page.status_code == 200
    assert "No directory of clinics is kept here" in page.content.decode()
    assert Client().get("/directory/apply/").status_code == 404


def test_the_list_has_the_clinic_its_map_and_what_it_says(public: Client, alder: str) -> None:
    page = public.get("/directory/").content.decode()
    assert "Alder House (invented)" in page
    assert "Every 5 min" in page
    assert "All 10 required statements were seen by an editor." in page
    assert 'class="land" d="M' in page
    assert "Test Network" in page


def test_every_page_is_small_and_may_be_kept_and_sets_no_cookie(public: Client, alder: str) -> None:
    for path in ("", "?near=Dublin", "?near=Newport", "criteria/", f"clinics/{alder}/", "clinics.json", "clinics.csv"):
        answer = public.get(f"/directory/{path}")
        assert answer.status_code == 200, path
        assert len(answer.content) < LARGEST_PAGE, path
        assert answer.headers["Cache-Control"] == "public, max-age=60", path
        assert "Vary" not in answer.headers or "Cookie" not in answer.headers["Vary"], path
        assert not answer.cookies, path
        again = public.get(f"/directory/{path}", headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304, path


@pytest.mark.parametrize(
    "path", ["", "?near=Dublin", "?near=Lisbon", "criteria/", "apply/", "clinics/{alder}/", "clinics/{alder}/renew/"]
)
def test_a_page_is_small_with_everything_it_needs_and_nothing_holds_it_up(
    public: Client, alder: str, cast: Cast, path: str
) -> None:
    with override_settings(PUBLIC_CLINIC=str(cast.clinic.pk)):
        html = public.get(f"/directory/{path.format(alder=alder)}").content.decode()
    assert weight_with_all_it_needs(html) < LARGEST_PAGE
    scripts = re.findall(r"<script[^>]*>", html)
    assert [
        each for each in scripts if not each.startswith(('<script type="module" src=', '<script type="application/ld'))
    ] == []


def test_none_near_says_nothing_about_the_others(public: Client, alder: str) -> None:
    page = public.get("/directory/?near=Lisbon&within=50").content.decode()
    assert "None near you is listed. That says nothing about clinics not listed." in page


def test_a_clinics_page_says_of_each_statement_who_says_so_and_until_when(public: Client, alder: str) -> None:
    page = public.get(f"/directory/clinics/{alder}/").content.decode()
    assert page.count("on a visit; counts until") == 10
    assert page.count("The clinic does not say") == 6
    assert "A. Contact" not in page
    assert "desk@alder.example" not in page


def test_search_engines_are_told_what_kind_of_place_it_is(public: Client, alder: str) -> None:
    page = public.get(f"/directory/clinics/{alder}/").content.decode()
    found = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert (found["@type"], found["name"], found["geo"]["latitude"]) == (
        "MedicalClinic",
        "Alder House (invented)",
        53.3331,
    )


def test_hostile_words_are_shown_as_words(public: Client, cast: Cast) -> None:
    hostile = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    with override_settings(DIRECTORY_RUN_BY="N"), clinic_scope(cast.clinic.pk):
        slug = listed(cast, name=hostile).slug
    with override_settings(PUBLIC_CLINIC=str(cast.clinic.pk)):
        for path in ("", f"clinics/{slug}/"):
            page = public.get(f"/directory/{path}").content.decode()
            assert "<script>alert" not in page
            assert "<img" not in page
            assert "alert(1)" in page


def test_what_was_taken_up_but_not_judged_is_not_shown(public: Client, cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        slug = taken_up(cast).slug
    with override_settings(PUBLIC_CLINIC=str(cast.clinic.pk)):
        assert "No clinic is listed yet" in public.get("/directory/").content.decode()
        assert public.get(f"/directory/clinics/{slug}/").status_code == 404


def test_the_json_is_the_document_itself_and_holds_no_contact(public: Client, alder: str) -> None:
    text = public.get("/directory/clinics.json").content.decode()
    assert [clinic.slug for clinic in read(text).clinics] == [alder]
    assert "A. Contact" not in text


def test_a_cell_that_would_be_a_formula_is_text(public: Client, cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        listed(cast, name='=HYPERLINK("http://evil.example")', street="@SUM(1)")
    with override_settings(PUBLIC_CLINIC=str(cast.clinic.pk)):
        rows = list(csv.DictReader(io.StringIO(public.get("/directory/clinics.csv").content.decode())))
    assert rows[0]["name"].startswith("'=")
    assert rows[0]["street"].startswith("'@")
    assert rows[0]["phone"].startswith("'+")
    assert rows[0]["east"] == "-6.2489"
    assert rows[0]["flow_state"] == "stated"


@pytest.mark.parametrize(
    "query",
    [
        "near=%00",
        "near=" + "x" * 100_000,
        "within=7",
        "within=-1",
        "with=evil",
        "near=%E2%80%AEDublin",
        "within=50%0d%0aX: y",
    ],
)
def test_a_search_that_is_not_understood_says_so_and_finds_nothing(public: Client, alder: str, query: str) -> None:
    answer = public.get(f"/directory/?{query}")
    assert answer.status_code == 200
    assert "was not understood" in answer.content.decode()


def test_a_town_that_nobody_knows_is_named_back_as_words(public: Client, alder: str) -> None:
    page = public.get("/directory/?near=%3Cscript%3Ealert(1)%3C/script%3E").content.decode()
    assert "We don’t know a town called" in page
    assert "<script>alert" not in page


def test_a_statement_that_expired_takes_its_clinic_out_with_no_ones_help(
    public: Client, alder: str, cast: Cast
) -> None:
    with time_machine.travel("2028-06-01T12:00:00Z"):
        assert public.get(f"/directory/clinics/{alder}/").status_code == 404
        assert "No clinic is listed yet" in public.get("/directory/").content.decode()


def test_each_state_is_said_on_the_page_of_a_clinic_and_an_end_flips_it(public: Client, cast: Cast) -> None:
    """One word of three: seen by an editor, stated by the clinic, expired."""
    with clinic_scope(cast.clinic.pk), time_machine.travel("2026-11-20T12:00:00Z"):
        slug = listed(cast, answers={"companion": "welcome"}).slug
        listing = Listing.objects.get()
        for code in GOOD:
            judge(said_about(listing, code), verdict="seen", evidence="document", reason="", by=cast.edi)
    with override_settings(PUBLIC_CLINIC=str(cast.clinic.pk)):
        for day, words, other in (
            ("2027-05-22", "The clinic says so, 20 Nov 2026; counts until 22 May 2027", "Expired"),
            ("2027-05-23", "Expired 22 May 2027: ask the clinic", "The clinic says so, 20 Nov 2026"),
        ):
            with time_machine.travel(f"{day}T12:00:00Z"):
                page = public.get(f"/directory/clinics/{slug}/").content.decode()
            assert words in " ".join(page.split())
            assert other not in page
            assert page.count("in a document; counts until 21 Nov 2027") == len(GOOD)
            assert ("Welcome" in page) == (day == "2027-05-22")


HAS = {
    "pump": ({"flow": "pump"}, {"flow": "counted"}),
    "in-room": ({"watcher": "in_room"}, {"watcher": "sees_and_hears"}),
    "companion": ({"companion": "welcome"}, {"companion": "by_arrangement"}),
    "no-driver": ({"doors_home": "either"}, {"doors_home": "adult"}),
    "no-referral": ({"self_referral": "yes"}, {"self_referral": "no"}),
    "step-free": ({"step_free": "yes"}, {"step_free": "partly"}),
}


@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_leaves_those_who_say_that_they_have_it(wish: str) -> None:
    has, has_not = (a_clinic(name, answers=answers) for name, answers in zip("ab", HAS[wish], strict=True))
    silent = a_clinic("c", statements=tuple(each for each in has.statements if each.criterion not in HAS[wish][0]))
    found = found_in(a_document(has, has_not, silent), search_of(QueryDict(f"with={wish}")))
    assert [each.clinic.slug for each in found] == ["a"]


def test_only_distance_orders_a_search_and_otherwise_country_town_and_name() -> None:
    """No place is for sale: whatever the clinics say, and in whatever order they stand in the document."""
    places = {"Cork": ("51.8979", "-8.4706"), "Dublin": ("53.3331", "-6.2489"), "Galway": ("53.2719", "-9.0489")}
    clinics = [
        a_clinic(town.lower(), town=town, north=Decimal(north), east=Decimal(east), answers={"price": "free" * n})
        for n, (town, (north, east)) in enumerate(places.items(), 1)
    ]
    for document in (a_document(*clinics), a_document(*reversed(clinics))):
        near = found_in(document, search_of(QueryDict("near=Galway&within=500")))
        assert [each.clinic.slug for each in near] == ["galway", "cork", "dublin"]
        assert [each.clinic.slug for each in found_in(document, search_of(QueryDict()))] == ["cork", "dublin", "galway"]
        assert [each.clinic.slug for each in found_in(document, search_of(QueryDict("near=Cork&within=25")))] == [
            "cork"
        ]


def test_what_is_shown_is_what_the_rows_say_if_written_anew(public: Client, alder: str, cast: Cast) -> None:
    before = read(public.get("/directory/clinics.json").content.decode())
    with clinic_scope(cast.clinic.pk):
        publish(cast.clinic.pk)
    assert read(public.get("/directory/clinics.json").content.decode()).clinics == before.clinics


def test_searchers_are_told_of_every_clinic_that_is_listed(public: Client, alder: str) -> None:
    assert f"<loc>http://testserver/directory/clinics/{alder}/</loc>" in public.get("/sitemap.xml").content.decode()


def test_a_page_drawn_before_is_the_page_that_would_be_drawn(public: Client, alder: str) -> None:
    for path in ("", "?near=Dublin", f"clinics/{alder}/"):
        public_page._drawn.clear()
        drawn = public.get(f"/directory/{path}").content
        assert public.get(f"/directory/{path}").content == drawn
        assert len(public_page._drawn) == 1


def test_a_page_drawn_before_is_not_shown_of_another_text_day_or_address(
    public: Client, alder: str, cast: Cast
) -> None:
    assert "Alder House" in public.get("/directory/").content.decode()
    with clinic_scope(cast.clinic.pk):
        listing = Listing.objects.get()
        removal = propose_removal(listing, by=cast.edi, reason="x")
        agree_to_removal(removal, by=another_editor(cast))
    assert "Alder House" not in public.get("/directory/").content.decode()
    with override_settings(PUBLIC_ADDRESS="https://elsewhere.example"):
        assert "https://elsewhere.example/directory/" in public.get("/directory/").content.decode()
