"""Keeping machines out of the form under a page: the guard of every form that anybody may send, for this one."""

from __future__ import annotations

from django.http import HttpRequest

from stillroom.web import guard

SALT = "stillroom.guide.critique"
WAIT_MIN = 10


def stamp() -> str:
    return guard.stamp(SALT)


def fault_of_stamp(given: str) -> str | None:
    """Why the form may not be taken yet: `too_fast`, or `too_old` (or never ours); None when it may."""
    return guard.fault_of_stamp(given, SALT)


def came_too_often(request: HttpRequest) -> bool:
    return guard.came_too_often(request, "critique")
