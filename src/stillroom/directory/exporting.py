"""The directory as a folder of files that open from a disk: the same pages, their links made to lead from file to file.

What only a server can do (searching, applying) is left out. A link to a page that is in no folder leads to `address`
where one is given; without, its words stand there and lead nowhere.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape

from stillroom.directory.document import written
from stillroom.directory.publishing import Shown
from stillroom.directory.table import table
from stillroom.directory.views.public import page_of_clinic, page_of_clinics

STATIC = "/static/"
LINK = re.compile(r'(?P<before><(?:a|link|img)\b[^>]*?\s(?:href|src)=")(?P<to>/[^"]*)"')
DEAD_LINK = re.compile(r'<a\b(?P<rest>[^>]*?)\shref=""')
SCRIPT = re.compile(r'<script (?!type="application/ld\+json")[^>]*>.*?</script>\s*', re.DOTALL)
PRINTS = re.compile(r"<button[^>]*data-prints[^>]*>.*?</button>\s*", re.DOTALL)
CANONICAL = re.compile(r'<link rel="(?:canonical|alternate)"[^>]*>\s*')


def export(shown: Shown, folder: Path, *, address: str = "") -> int:
    """How many files were written. What else is in the folder stays."""
    pages = {path: _page(path, words, address) for path, words in _pages(shown)}
    files: dict[str, bytes] = {path: words.encode() for path, words in pages.items()}
    files |= {
        "clinics.json": written(shown.document).encode(),
        "clinics.csv": table(shown.document, shown.day).encode(),
    }
    files |= {path: content for words in pages.values() for path, content in _styles(words)}
    for path, content in files.items():
        _write(folder / path, content)
    return len(files)


def _pages(shown: Shown) -> Iterator[tuple[str, str]]:
    """Where in the folder, and the page as a server would show it."""
    copy = {"is_copy": True}
    request = _request(reverse("directory:clinics"))
    yield "index.html", render_to_string("directory/clinics.html", page_of_clinics(request, shown) | copy, request)
    request = _request(reverse("directory:criteria"))
    asked = {"criteria": shown.document.criteria}
    yield "criteria/index.html", render_to_string("directory/criteria.html", asked | copy, request)
    for clinic in shown.document.clinics:
        request = _request(reverse("directory:clinic", args=[clinic.slug]))
        page = page_of_clinic(request, shown, clinic.slug)
        yield f"clinics/{clinic.slug}/index.html", render_to_string("directory/clinic.html", page | copy, request)


def _request(path: str) -> HttpRequest:
    """What a template asks of a request: nobody's, for this path."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    return request


def _page(path: str, words: str, address: str) -> str:
    """The page as it stands in the folder at `path`."""
    words = CANONICAL.sub("", PRINTS.sub("", SCRIPT.sub("", words)))
    words = LINK.sub(lambda found: f'{found["before"]}{escape(_leads_to(found["to"], path, address))}"', words)
    return DEAD_LINK.sub(r"<a\g<rest>", words)


def _leads_to(to: str, path: str, address: str) -> str:
    """From one file of the folder to another; outside it, to `address`."""
    inside = _in_folder(to.partition("#")[0])
    if inside is None:
        return f"{address.rstrip('/')}{to}" if address else ""
    fragment = to.partition("#")[2]
    relative = os.path.relpath(inside, PurePosixPath(path).parent)
    return f"{relative}#{fragment}" if fragment else relative


def _in_folder(to: str) -> str | None:
    """The file of the folder that an address of ours stands for; None when it is in no folder."""
    top = reverse("directory:clinics")
    if to.startswith(STATIC):
        return to.lstrip("/")
    known = {top: "index.html", f"{top}criteria/": "criteria/index.html"}
    known |= {f"{top}{name}": name for name in ("clinics.json", "clinics.csv")}
    if to in known:
        return known[to]
    clinic = re.fullmatch(rf"{re.escape(top)}clinics/([a-z0-9-]+)/", to)
    return f"clinics/{clinic[1]}/index.html" if clinic else None


def _styles(words: str) -> Iterator[tuple[str, bytes]]:
    """The files that a page looks like itself with."""
    for name in re.findall(r'(?:href|src)="(?:\.\./)*static/([^"]+)"', words):
        found = finders.find(name)
        if isinstance(found, str):
            yield f"static/{name}", Path(found).read_bytes()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
