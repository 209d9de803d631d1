"""In which languages is the directory read? Its own, and each that has a catalogue. The address says which."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, reverse
from django.utils import translation

from stillroom.web.languages import LANGUAGE

CATALOGUES = Path(__file__).parent / "locale"
IN = "_in"  # the name of an address ends so where it names its language

View = Callable[..., HttpResponse]


def languages() -> tuple[str, ...]:
    """Its own first."""
    return _with_a_catalogue((str(CATALOGUES), *settings.LOCALE_PATHS))


def in_language(view: View) -> View:
    """The page in the language of its address; the house's own where it names none."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, language: str = "", **more: Any) -> HttpResponse:
        if language and language not in languages()[1:]:
            raise Http404("the directory is not read in this language")
        with translation.override(language or LANGUAGE):
            return view(request, *args, **more)

    return spoken


def address(name: str, *args: str) -> str:
    """Where a public page is, in the language that is active now."""
    language = translation.get_language() or LANGUAGE
    return _address(name, list(args), language if language in languages() else LANGUAGE)


def elsewhere(match: ResolverMatch | None) -> list[tuple[str, str]]:
    """The page that was asked for in every language, with where; nothing where there is one language only."""
    if match is None or match.url_name is None or len(languages()) == 1:
        return []
    args = [value for name, value in match.kwargs.items() if name != "language"]
    name = match.url_name.removesuffix(IN)
    return [(language, _address(name, args, language)) for language in languages()]


def _address(name: str, args: list[str], language: str) -> str:
    if language == LANGUAGE:
        return reverse(f"directory:{name}", args=args)
    return reverse(f"directory:{name}{IN}", args=[language, *args])


@cache
def _with_a_catalogue(folders: tuple[str, ...]) -> tuple[str, ...]:
    files = (file for folder in folders for file in Path(folder).glob("??/LC_MESSAGES/django.mo"))
    return (LANGUAGE, *sorted({file.parts[-3] for file in files} - {LANGUAGE}))
