"""What an editor writes is shown as words, never run, and asks nobody else for anything."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.guide.markdown import html_of

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](//elsewhere.test/x)",
    "[a](vbscript:x)",
    "![a](https://elsewhere.test/p.png)",
    '<https://ok.test/"onmouseover=alert(1)>',
    "[a]: javascript:alert(1)\n\n[a]",
    "```picture ../../base\nx\n```",
    "```picture hour\n<script>alert(1)</script>\n```",
    "```questions\n<b onclick=x>?\n```",
    "| <script> |\n|---|\n| <style> |",
    "[^1]\n\n[^1]: <iframe src=https://elsewhere.test>",
    "&lt;script&gt; <!-- <script> -->",
]
TAGS = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "a", "div", "table", "thead", "tbody", "tr"),
    *("th", "td", "sup", "pre", "code", "br", "hr", "figure", "svg", "path", "rect", "g", "line", "circle", "text"),
    *("figcaption", "label", "span", "input", "output", "b"),
}


class Seen(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def must_be_harmless(html: str) -> None:
    seen = Seen(html)
    assert seen.tags <= TAGS
    assert [name for name, _ in seen.attributes if name.startswith("on") or name in {"style", "src", "srcdoc"}] == []
    links = [value for name, value in seen.attributes if name == "href"]
    assert [link for link in links if not re.match(r"/(?!/)|#|https?://|mailto:", link, re.IGNORECASE)] == []


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_markdown_is_shown_and_not_run(body: str) -> None:
    must_be_harmless(html_of(body))


@given(
    st.lists(st.sampled_from([*HOSTILE, "# a", "> b", "* c", "\n", "`d`", "**e**", "[f](/g)"]), max_size=8).map(
        "\n".join
    )
)
def test_no_mixture_of_them_is_run(body: str) -> None:
    must_be_harmless(html_of(body))


def test_the_page_has_one_heading_of_the_first_rank_and_it_is_not_here() -> None:
    assert html_of("# A\n\n## B") == "<h2>A</h2>\n<h2>B</h2>\n"


def test_a_note_leads_to_its_source() -> None:
    html = html_of("Half of them[^x], and half again[^x].\n\n[^x]: Somebody, 2020.")
    assert html.count('<a href="#note-1" aria-label="Source 1">1</a>') == 2
    assert '<li id="note-1"><p>Somebody, 2020.' in html
