"""Markdown to HTML that is safe to show, whoever wrote it: no raw HTML, no picture from elsewhere, no odd address.

Besides CommonMark: tables, notes (`[^1]`), `> words` as a remark, and two kinds of fenced block of our own:

    ```picture hour          one of the drawn pictures, with the lines inside as its caption
    ```questions             one question a line, numbered, with room to write the answer on paper
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

PICTURES = ("drops", "hour", "room")
# A page of ours, a place on this page, the web, or a letter. Not `//host`, which is the web in disguise.
ADDRESS = re.compile(r"(?:/(?!/)|#|https?://|mailto:)\S*", re.IGNORECASE)


def html_of(body: str) -> SafeString:
    """The text of a page. In the language that is active now, where the frame of a note or picture has words."""
    # Made by the renderer below, which escapes every word it is given.
    return SafeString(_markdown().render(body))


def plain_text(body: str) -> str:
    """What is read aloud: the words alone, a sentence to a line, without tables, addresses and sources."""
    words = []
    for token in _markdown().parse(body):
        if token.type == "footnote_block_open":
            break
        if token.type == "inline" and token.level < TABLE_LEVEL:
            words.append("".join(child.content or " " for child in token.children or () if child.type in SAID))
        elif token.type == "fence":
            words.extend(token.content.splitlines())
    return "\n".join(line for line in words if line.strip())


SAID = ("text", "code_inline", "softbreak", "hardbreak")
TABLE_LEVEL = 4  # table, body, row, cell: deeper than any paragraph of a list in our pages


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image").use(footnote_plugin)
    markdown.validateLink = lambda url: ADDRESS.fullmatch(url) is not None  # type: ignore[method-assign]
    for name, draw in RULES.items():
        markdown.add_render_rule(name, draw)
    return markdown


Tokens = Sequence[Token]


def _heading(self: RendererHTML, tokens: Tokens, at: int, options: Any, env: Any) -> str:
    """The title of the page is its only heading of the first rank."""
    tag = "h2" if tokens[at].tag == "h1" else tokens[at].tag
    return f"<{tag}>" if tokens[at].nesting == 1 else f"</{tag}>\n"


def _fence(self: RendererHTML, tokens: Tokens, at: int, options: Any, env: Any) -> str:
    kind, _, name = tokens[at].info.strip().partition(" ")
    content = tokens[at].content.strip()
    if kind == "picture" and name in PICTURES:
        return render_to_string(f"guide/pictures/{name}.html", {"caption": content})
    if kind == "questions":
        return render_to_string("guide/_questions.html", {"questions": content.splitlines()})
    return format_html("<pre>{}</pre>\n", content)


def _note_mark(self: RendererHTML, tokens: Tokens, at: int, options: Any, env: Any) -> str:
    number = int(tokens[at].meta["id"]) + 1
    return format_html('<sup><a href="#note-{0}" aria-label="{1}">{0}</a></sup>', number, gettext("Source %d") % number)


def _note_open(self: RendererHTML, tokens: Tokens, at: int, options: Any, env: Any) -> str:
    return format_html('<li id="note-{}">', int(tokens[at].meta["id"]) + 1)


TABLE = '<div class="table-frame" tabindex="0" role="region" aria-label="{}"><table>\n'
SOURCES = '<h2>{}</h2>\n<ol class="sources">\n'
RULES: dict[str, Any] = {
    "heading_open": _heading,
    "heading_close": _heading,
    "fence": _fence,
    "blockquote_open": lambda *_: '<div class="remark">\n',
    "blockquote_close": lambda *_: "</div>\n",
    "table_open": lambda *_: format_html(TABLE, gettext("Table")),
    "table_close": lambda *_: "</table></div>\n",
    "footnote_ref": _note_mark,
    "footnote_open": _note_open,
    "footnote_anchor": lambda *_: "",
    "footnote_block_open": lambda *_: format_html(SOURCES, gettext("Sources")),
    "footnote_block_close": lambda *_: "</ol>\n",
}
