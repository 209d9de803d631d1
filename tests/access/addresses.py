"""Every address of Stillroom, as the resolver knows it: ours and those of the libraries we include."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

# Files, not pages: they are served before Django and hold nothing of a clinic.
NOT_PAGES = frozenset({"static"})


@dataclass(frozen=True, order=True)
class Address:
    """The name that `reverse` takes, and the ids that stand in it."""

    name: str
    parameters: tuple[str, ...]
    view: Callable[..., object] = field(compare=False, repr=False)


@cache
def addresses() -> tuple[Address, ...]:
    found = tuple(_walk(get_resolver(), (), ()))
    return tuple(sorted(address for address in found if address.name not in NOT_PAGES))


def _walk(resolver: URLResolver, spaces: tuple[str, ...], parameters: tuple[str, ...]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        inside = (*parameters, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, (*spaces, entry.namespace) if entry.namespace else spaces, inside)
        else:
            yield Address(_name(entry, spaces), inside, entry.callback)


def _name(pattern: URLPattern, spaces: tuple[str, ...]) -> str:
    if not pattern.name:
        raise AssertionError(f"the address {pattern.pattern} has no name, so that nobody can say who may ask for it")
    return ":".join((*spaces, pattern.name))
