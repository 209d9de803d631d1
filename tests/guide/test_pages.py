"""The packaged pages: they say what they must, plainly, and every number in them has a source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stillroom import guide
from stillroom.guide.contents import contents_page
from stillroom.guide.markdown import html_of, plain_text
from stillroom.guide.packaged import packaged_pages
from stillroom.guide.pagefile import NotAPage, Page, read_page
from stillroom.guide.reading_age import READING_AGE_MOST_Y, reading_age_y

PAGES = {page.slug: page for page in packaged_pages() if page.language == "en"}
DOCS = (Path(__file__).parents[2] / "docs" / "guide.md").read_text()
ROWS = re.findall(r"^\| (\d+) \| ([a-z-]+) \| (.+?) \|$", DOCS, flags=re.MULTILINE)
EVERY_ROW = set(range(1, 27)) - {25}  # 25 is the form itself


AROUND = (
    "thanks",
    "_critique",
    "_critique_faults",
    "_critique_error",
    "pictures/hour",
    "pictures/room",
    "pictures/drops",
)


def _read_aloud(template: str) -> str:
    """The sentences of a template, one to a line."""
    source = (Path(guide.__file__).parent / "templates/guide" / f"{template}.html").read_text()
    said = re.findall(r"""translate ["']([^"']+)["']|%}([^{}<>]{12,})""", source)
    return "\n".join(" ".join(each).strip() for each in said)


def named(pages: dict[str, Page]) -> list[object]:
    return [pytest.param(page, id=slug) for slug, page in pages.items()]


def said_on(page: Page) -> str:
    return " ".join(f"{page.title} {page.lead} {plain_text(page.body)}".split())


def test_every_row_of_the_facts_is_said_somewhere() -> None:
    assert {int(row) for row, _, _ in ROWS} == EVERY_ROW


@pytest.mark.parametrize(("row", "slug", "words"), ROWS)
def test_the_page_says_what_the_table_says_it_does(row: str, slug: str, words: str) -> None:
    assert words in said_on(PAGES[slug])


def test_there_are_eight_to_twelve_pages_in_order() -> None:
    assert 8 <= len(PAGES) <= 12
    assert [page.order for page in PAGES.values()] == list(range(1, len(PAGES) + 1))


@pytest.mark.parametrize("page", named(PAGES))
def test_a_page_reads_at_fourteen(page: Page) -> None:
    age = reading_age_y(f"{page.title}.\n{page.lead}\n{plain_text(page.body)}")
    assert age is not None
    assert age <= READING_AGE_MOST_Y


def test_the_list_of_pages_and_the_words_around_them_read_at_fourteen_too() -> None:
    contents = contents_page(list(PAGES.values()))
    for text in (f"{contents.title}.\n{contents.lead}\n{contents.body}", *(_read_aloud(name) for name in AROUND)):
        age = reading_age_y(text)
        assert age is not None
        assert age <= READING_AGE_MOST_Y, text


@pytest.mark.parametrize("page", named(PAGES))
def test_a_page_is_short_warm_and_without_cries(page: Page) -> None:
    words = said_on(page)
    assert len(words.split()) < 550
    assert "!" not in words
    assert re.search(r"\byou\b", words)
    assert not re.search(r"\bshould\b.{0,20}\b(take|increase|dose)", words)


@pytest.mark.parametrize("page", named(PAGES))
def test_every_link_within_the_guide_leads_somewhere(page: Page) -> None:
    links = re.findall(r"\]\((/[^)]*)\)", page.body)
    assert [link for link in links if link != "/directory/" and link.strip("/").split("/")[-1] not in PAGES] == []


@pytest.mark.parametrize("page", named(PAGES))
def test_every_note_has_its_source_and_every_source_its_note(page: Page) -> None:
    body = page.body
    used, given = set(re.findall(r"\[\^(\d+)\](?!:)", body)), set(re.findall(r"^\[\^(\d+)\]:", body, re.MULTILINE))
    assert used == given


@pytest.mark.parametrize("page", named(PAGES))
def test_every_share_of_people_has_a_source(page: Page) -> None:
    """A paragraph, line or row that counts people in a hundred carries a note, or stands under one on its page."""
    counted = [line for line in page.body.splitlines() if re.search(r"\d+ in 100", line) and "[^" not in line]
    bare = [line for line in counted if not line.startswith(("In the first group", "It often does"))]
    assert bare == []


# Figures as the papers' abstracts have them (facts/pharmacology.md, 2.5 and 2.6), beside the words that say them.
FIGURES = [
    ("hour", "44 in 100 reached 165 over 100"),  # 44.3 %, Rodrigues 2020
    ("hour", "about one in eight of those needed a medicine"),  # 12 %
    ("hour", "by about 13 points for the upper number and 8 for the lower"),  # 12.61 and 8.49, Vankawala 2021
    ("hour", "About one person in three felt apart"),  # 35.6 %
    ("nausea", "about 13 in 100 felt sick"),  # 13.3 %
    ("fades", "In the first group 8 in 100 got worse."),  # 8.4 %, McInnes 2022
    ("fades", "80 in 100 of those who had been helped were still better after four weeks, and 60 in 100 after eight"),
    ("fades", "half of those helped were ill again after 18 days"),  # median relapse, Murrough 2013
    ("fades", "46 in 100 hospital patients were well after ketamine, and 63 in 100"),  # KetECT
    ("known", "between 27 and 72 in 100 people are helped, and between 13 and 38 in 100"),
    (
        "known",
        "60 in 100 of those with ketamine were better, and 50 in 100 of those without. Later there was no difference.",
    ),
    ("known", "Studies in which people couldn't tell what they got were less kind."),
    ("record", "9,016 people had been treated. Only 537 had enough answers"),
]


@pytest.mark.parametrize(("slug", "words"), FIGURES)
def test_the_figures_are_those_of_the_papers(slug: str, words: str) -> None:
    assert words in said_on(PAGES[slug])


def test_the_table_of_response_is_that_of_the_papers() -> None:
    rows = [
        [cell.strip() for cell in line.split("|")[2:4]]
        for line in PAGES["fades"].body.splitlines()
        if "[^" in line and "|" in line
    ]
    assert rows == [["54 in 100", "29 in 100"], ["27 in 100", "13 in 100"], ["71 in 100", "not given"]]


def test_there_are_twelve_questions_and_one_is_the_price() -> None:
    html = html_of(PAGES["questions"].body)
    questions = re.search(r'<ol class="questions">(.*?)</ol>', html, re.DOTALL)
    assert questions is not None
    assert questions[1].count("<li>") == 12
    assert "What does one drip cost" in questions[1]


@pytest.mark.parametrize(
    "text",
    [
        "no head",
        "---\ntitle: a\n---\n",
        "---\ntitle: a\nlead: b\norder: x\nchanged: 2026-01-01\n---\n",
        "---\ntitle\n---\n",
    ],
)
def test_a_file_that_is_no_page_says_what_is_wrong(text: str) -> None:
    with pytest.raises(NotAPage, match="a-slug"):
        read_page(text, slug="a-slug", language="en")


@pytest.mark.parametrize("page", named(PAGES))
def test_a_page_reads_back_as_it_was_written(page: Page) -> None:
    assert read_page(page.text, slug=page.slug, language=page.language) == page
