"""Every word that the public reads stands in a catalogue, so that a translation is a file. `make words` takes new ones.

Public is what is not named here as the staff's: a new template or form is looked at unless somebody says otherwise.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

import stillroom
from stillroom.directory.criteria import criteria
from stillroom.directory.criteria_words import words as words_of_criteria

SOURCE = Path(stillroom.__file__).parent
CATALOGUES = [SOURCE / room / "locale/en/LC_MESSAGES/django.po" for room in ("directory", "guide", "web")]
FRAME = (
    *("public.html", "web/_languages.html", "web/_other_languages.html"),
    *("web/not_here.html", "web/not_read.html"),
)
FORMS = ("web/forms/_guard.html", "web/forms/_error_words.html", "web/forms/field.html")
STAFF = (
    *("guide/_desk_bar.html", "guide/_not_ours.html", "guide/_preview.html", "guide/_state_words.html"),
    *("guide/_write_error.html", "guide/_write_line.html", "guide/critique.html", "guide/inbox.html"),
    *("guide/pages.html", "guide/version.html", "guide/write.html"),
)
NOT_WORDS = {"Stillroom", "km"}
READ_ALOUD = ("aria-label", "alt", "title", "placeholder", "label", "content")

# Modules whose sentences the public reads; those of the others are for staff, for the log, or for who runs a command.
MODULES = [
    *("directory/forms.py", "directory/applying.py", "directory/reading.py", "directory/chart.py"),
    *("directory/views/public.py", "directory/views/apply.py", "guide/contents.py", "guide/markdown.py"),
    *("guide/critique/form.py", "guide/critique/answering.py", "guide/critique/spam.py", "guide/views/reading.py"),
    *("web/guard.py", "web/public.py"),
]
NOT_SHOWN = ("Http404", "warning")  # what these are given is read by who runs the server


def _public_templates() -> list[Path]:
    rooms = [SOURCE / room / "templates" for room in ("guide", "directory")]
    found = [path for room in rooms for path in room.rglob("*.*") if "desk" not in path.parts]
    theirs = [path for path in found if not path.as_posix().endswith(STAFF)]
    return [*theirs, *(SOURCE / "web/templates" / name for name in (*FRAME, *FORMS))]


TEMPLATES = [pytest.param(path, id=str(path.relative_to(SOURCE))) for path in _public_templates()]


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_public_template_has_no_word_of_its_own(path: Path) -> None:
    assert _literals(path.read_text()) == []


@pytest.mark.parametrize("name", MODULES)
def test_a_module_has_no_sentence_of_its_own(name: str) -> None:
    tree = ast.parse((SOURCE / name).read_text())
    passed = {id(each) for call in ast.walk(tree) for each in _asked_of_gettext(call)}
    passed |= {id(node.body[0].value) for node in ast.walk(tree) if _has_docstring(node)}  # type: ignore[attr-defined]
    said = {id(node): node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    ours = [words for at, words in said.items() if isinstance(words, str) and at not in passed]
    assert [words for words in ours if re.search(r"[A-Za-z]{2} [a-z]", re.sub(r"<[^>]*>?", "", words))] == []


def test_every_word_stands_in_a_catalogue() -> None:
    known = {words for path in CATALOGUES for words in _catalogued(path.read_text())}
    said = {words for path in _public_templates() for words in _translatable(path.read_text())}
    said |= {words for name in MODULES for words in _given_to_gettext(name)}
    assert len(said) > 150
    assert sorted(words for words in {*said, *words_of_criteria()} if words not in known) == []


def test_the_words_of_the_criteria_are_all_that_a_page_shows_of_them() -> None:
    shown = set(words_of_criteria())
    for each in criteria().criteria:
        assert {each.title, each.question, each.why, each.checked_by, *each.choices.values()} <= shown


def test_a_word_outside_the_catalogue_would_be_found() -> None:
    assert _literals('<p>{% translate "Good" %} Bad {{ words }}</p>') == ["Bad"]
    assert _literals('<a aria-label="Bad">{% blocktranslate %}Good{% endblocktranslate %}</a>') == ["Bad"]


def _literals(template: str) -> list[str]:
    """What stands in a template outside its tags, as text or in what is read aloud."""
    text = re.sub(r"\{#.*?#\}", "", template)
    text = re.sub(r"\{% blocktranslate\b.*?\{% endblocktranslate %\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    found = [word for said in reader.said for word in re.findall(r"[^\W\d_]{2,}", said)]
    return [word for word in found if word not in NOT_WORDS]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("name") not in ("viewport", "robots"):
            self.said += [found[name] or "" for name in READ_ALOUD if name in found]


def _translatable(template: str) -> Iterator[str]:
    """As makemessages finds them."""
    for found in re.finditer(r"gettext\(\s*u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")", templatize(template)):
        yield ast.literal_eval(found[1])


def _given_to_gettext(name: str) -> Iterator[str]:
    tree = ast.parse((SOURCE / name).read_text())
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and ast.unparse(call.func) in ("_", "gettext"):
            yield from (each.value for each in call.args if isinstance(each, ast.Constant))


def _asked_of_gettext(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("_", "gettext", *NOT_SHOWN):
        yield from node.args


def _has_docstring(node: ast.AST) -> bool:
    holds = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
    return holds and ast.get_docstring(node) is not None  # type: ignore[arg-type]


def _catalogued(catalogue: str) -> Iterator[str]:
    for found in re.finditer(r'^msgid((?:\s*"(?:[^"\\\n]|\\.)*"\n)+)', catalogue, re.MULTILINE):
        yield "".join(ast.literal_eval(line.strip()) for line in found[1].strip().splitlines())
