"""The web application with a stopwatch: writes down when an act was durable and when the streams had read and drawn it.

Served in place of `stillroom.project.asgi`, with one address more: a plain list, to compare the board with. Times are
of the monotonic clock, which is one for all processes of a machine; they go to the file that TIMES_FILE names.
"""

from __future__ import annotations

import asyncio
import functools
import json
import os
import time
from pathlib import Path
from typing import Any

from stillroom.project.asgi import application

# Django is set up by the import above, and must be before those below.
# isort: split
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from stillroom.bedside import tail
from stillroom.bedside.views import acts
from stillroom.clinics.access import public
from stillroom.project import urls

__all__ = ["application"]

_times = Path(os.environ["TIMES_FILE"]).open("a", buffering=1)  # noqa: SIM115  open as long as the process

WRITES_AFTER_S = 0.02
"""What it takes to write down when something was told is no part of how long the telling took."""

LIST = engines["django"].from_string(Path(__file__).with_name("plain_list.html").read_text())


def _note(what: str, at_s: float, **facts: Any) -> None:
    _times.write(json.dumps({"what": what, "at_s": at_s, **facts}) + "\n")


@public
def plain_list(request: HttpRequest) -> HttpResponse:
    """Twenty-five rows of twenty thousand with the row each belongs to, through a template: what Django does daily."""
    rows = EmailAddress.objects.select_related("user").order_by("-pk")[:25]
    return HttpResponse(LIST.render({"rows": rows}, request))


def _poke_and_note() -> None:
    """Called as soon as the act's transaction has committed."""
    _note("durable", time.monotonic())
    tail.poke_all()


_tell = tail.Tail._tell


def _tell_and_note(self: tail.Tail, each: tail.News | tail.Gone) -> None:
    if isinstance(each, tail.News) and each.seq > each.place.seq:
        note = functools.partial(_note, "read", time.monotonic(), infusion=str(each.place.topic.infusion), seq=each.seq)
        asyncio.get_running_loop().call_later(WRITES_AFTER_S, note)
    _tell(self, each)


acts.poke_all = _poke_and_note  # type: ignore[attr-defined]
tail.Tail._tell = _tell_and_note  # type: ignore[method-assign]
urls.urlpatterns.append(path("plain/", plain_list, name="plain_list"))
