"""Pages for whoever holds a link: no sign-in, nothing for searchers, and who tries links at random is slowed down.

A refusal is an answer, not an exception: an exception would take back the count of tries. What somebody proved or said
on the first page is remembered for a while, for that one link, in a signed cookie that goes to its pages alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from secrets import token_urlsafe
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

WRONG_TRIES, TRIES_COUNT_FOR_S = 20, 300
SECRET_BYTES = 32

View = Callable[..., HttpResponse]


def new_token() -> str:
    """A link's secret. It is said once, when the link is made; the database has its digest alone."""
    return token_urlsafe(SECRET_BYTES)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def address_of(request: HttpRequest) -> str:
    return str(get_adapter().get_client_ip(request))


def for_no_searcher(view: View) -> View:
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        # Not "no-referrer": a browser would then send its form with no origin, and be refused as a forgery.
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return answer


@dataclass(frozen=True, slots=True)
class Tries:
    """How often there was a wrong try lately, from one address or at one link (`who`); `about` says at what."""

    about: str

    def are_too_many(self, *who: str) -> bool:
        return any(cache.get(self._key(each), 0) >= WRONG_TRIES for each in who)

    def count(self, *who: str) -> None:
        for each in who:
            cache.add(self._key(each), 0, TRIES_COUNT_FOR_S)
            cache.incr(self._key(each))

    def _key(self, who: str) -> str:
        return f"{self.about}-tries:{who}"


@dataclass(frozen=True, slots=True)
class Remembered:
    """A word about who holds a link, kept in their browser for `lasts_s`."""

    cookie: str
    lasts_s: int

    def keep(self, response: HttpResponse, token: str, words: str, *, path: str) -> None:
        response.set_cookie(
            self.cookie,
            self._signer.sign_object([token[-8:], words]),
            max_age=self.lasts_s,
            path=path,
            secure=settings.BEHIND_TLS,
            httponly=True,
            samesite="Strict",
        )

    def of(self, request: HttpRequest, token: str) -> str:
        try:
            link, words = self._signer.unsign_object(request.COOKIES.get(self.cookie, ""), max_age=self.lasts_s)
        except BadSignature:
            return ""
        return str(words) if link == token[-8:] else ""

    @property
    def _signer(self) -> TimestampSigner:
        return TimestampSigner(salt=f"by_link.{self.cookie}")
