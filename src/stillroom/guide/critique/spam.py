"""Keeping machines out without asking anybody else about the reader: a signed time, a field nobody sees, and a count.

None of these loses what was typed: each answer shows the form again with every word in it.
"""

from __future__ import annotations

from allauth.core.ratelimit import consume
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.utils import timezone

FASTEST_S = 3
LASTS_S = 2 * 24 * 3600
SALT = "stillroom.guide.critique"
WAIT_MIN = 10


def stamp() -> str:
    """Goes out with the form: when the page was drawn, signed, so that nobody can set it back."""
    return _signer().sign(str(int(timezone.now().timestamp())))


def fault_of_stamp(given: str) -> str | None:
    """Why the form may not be taken yet: `too_fast`, or `too_old` (or never ours); None when it may."""
    try:
        age_s = timezone.now().timestamp() - int(_signer().unsign(given))
    except (BadSignature, ValueError):
        return "too_old"
    if age_s < FASTEST_S:
        return "too_fast"
    return "too_old" if age_s > LASTS_S else None


def came_too_often(request: HttpRequest) -> bool:
    """Counts this one. How many may come from one place is said by ACCOUNT_RATE_LIMITS, beside those of sign-in."""
    return not consume(request, action="critique")


def _signer() -> Signer:
    return Signer(salt=SALT)
