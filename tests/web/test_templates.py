"""Every template of every room: nothing inline, nothing from elsewhere, and words for everything that needs some."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

import stillroom
from stillroom.bedside.sheets import ONE_TAP, Act
from stillroom.core.infusion.entries import KINDS
from tests.test_docs import finding_codes

SOURCE = Path(stillroom.__file__).parent
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
STATIC = sorted(path for path in SOURCE.glob("*/static/**/*") if path.suffix in {".css", ".js", ".svg"})
OURS = [path for path in STATIC if "vendor" not in path.parts]

INLINE = {
    # A block of data for searchers is no script: nothing runs it, and the policy passes it by.
    "a script": re.compile(r"<script(?![^>]*\bsrc=)(?! type=\"application/ld\+json\">)", re.I),
    "a style": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"\sstyle\s*=", re.I),
    "a handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I),
    "a script address": re.compile(r"javascript:", re.I),
}
ELSEWHERE = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9.-]+\.[a-z]{2,}", re.I)


def named(paths: list[Path]) -> list[object]:
    return [pytest.param(path, id=str(path.relative_to(SOURCE))) for path in paths]


@pytest.mark.parametrize("path", named(TEMPLATES))
def test_a_template_has_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    html = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(), flags=re.S)
    assert [what for what, pattern in INLINE.items() if pattern.search(html)] == []
    assert ELSEWHERE.findall(html) == []


@pytest.mark.parametrize("path", named(OURS))
def test_a_static_file_asks_nobody_else_for_anything(path: Path) -> None:
    text = path.read_text()
    assert ELSEWHERE.findall(text) == []
    assert "eval(" not in text
    assert "@import" not in text


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_entry_has_words(kind: str) -> None:
    get_template(f"bedside/log/{kind}.html")


@pytest.mark.parametrize("code", sorted(code for code in finding_codes() if not code.startswith("number_")))
def test_every_finding_has_words(code: str) -> None:
    get_template(f"findings/{code}.html")


def test_every_fault_of_a_number_has_words() -> None:
    words = (SOURCE / "web/templates/web/forms/_error_words.html").read_text()
    assert [code for code in finding_codes() if code.startswith("number_") and f'"{code}"' not in words] == []


@pytest.mark.parametrize("act", sorted(set(Act) - ONE_TAP))
def test_every_act_of_more_than_one_tap_has_a_sheet(act: Act) -> None:
    get_template(f"bedside/acts/{act}.html")


def test_words_stand_in_a_line_without_an_end() -> None:
    """An end of line in a file of words would stand as a space before the comma that follows it."""
    words = [p for p in TEMPLATES if p.name.endswith("_words.html") or p.parent.name in {"log", "doubts"}]
    assert [str(p.relative_to(SOURCE)) for p in words if p.read_text().endswith("\n")] == []
