"""The watch process: looks each second and when something was sent or seen, for as long as it is asked to.

When the next look is due, and what becomes of one that the database keeps from it; what a look does is in `watch`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from stillroom.devices.arrived import Ears
from stillroom.devices.ingest import conninfo_of_django
from stillroom.devices.outcalls import send_until
from stillroom.devices.watch import LOOK_EVERY_S, Watching

log = logging.getLogger(__name__)

REST_S = 0.2
"""At least, between two looks that take long."""
RESTS_TIMES = 3
"""So many times as long as a look took it rests before it looks for what was sent: a quarter of a core at most."""
SECOND_RESTS_TIMES = 9
SECOND_LOOKS_EVERY_S = 2.5
"""While another watch looks in time: what that one would miss is found within five seconds all the same, and two
hundred rooms are not judged each second by both. Where a look takes little, both look as often."""
ENDS_WITHIN_S = 0.2


def run_watch(*, until: threading.Event) -> None:
    """Look each second, and soon after something was sent or seen, until the event is set.

    A database that is away is said, and asked again.
    What is called out of the house is sent by a thread beside it: no look waits for an address.
    """
    watching, ears = Watching(), Ears(keeps_seen=True)
    if settings.CALL_URL:
        threading.Thread(target=send_until, args=(until,), name="calls out", daemon=True).start()
    threading.Thread(target=_judge_what_is_seen, args=(until, ears, watching), name="seen", daemon=True).start()
    while not until.is_set():
        began_s = time.monotonic()
        ears.start(conninfo_of_django())
        sent = ears.take()  # what was said before this look is seen by it
        if not watching.is_first:
            ears.take_seen()
        _say_if_away(partial(watching.look, sent if watching.is_first and ears.are_open else None))
        took_s = time.monotonic() - began_s
        _rest(until, ears, took_s, is_due_at_s=watching.is_due_at_s if watching.is_first else None)
    ears.stop()


def _say_if_away(look: Callable[[], int]) -> None:
    try:
        look()
    except DatabaseError as fault:
        log.error("NOBODY IS WATCHING: the database is away: %s", str(fault).strip())
    close_old_connections()


def _judge_what_is_seen(until: threading.Event, ears: Ears, watching: Watching) -> None:
    """At once, however long the look at everything else takes or rests; by the first watch alone. What it leaves or
    cannot do, the next look does.
    """
    beside = watching.beside()
    while not until.is_set():
        if not watching.is_first:
            until.wait(ENDS_WITHIN_S)
        elif seen := ears.take_seen(within_s=ENDS_WITHIN_S):
            try:
                _say_if_away(partial(beside.look_at, seen, whole=watching))
            except Exception:
                log.exception("what was seen could not be judged at once")
    connection.close()


def _rest(until: threading.Event, ears: Ears, took_s: float, *, is_due_at_s: float | None) -> None:
    """Until somebody is due, or something was sent; a while in any case. None: another watch comes first, and this one
    hears of what was seen as well, which that one judges beside its looks.
    """
    is_second = is_due_at_s is None
    rests_s = (SECOND_RESTS_TIMES if is_second else RESTS_TIMES) * took_s
    if is_due_at_s is None:
        is_due_at_s = time.monotonic() - took_s + min(max(LOOK_EVERY_S, rests_s), SECOND_LOOKS_EVERY_S)
    ends_s = max(time.monotonic() + REST_S, is_due_at_s)
    until.wait(min(rests_s, ends_s - time.monotonic()))
    while not until.is_set() and (left_s := ends_s - time.monotonic()) > 0:
        if ears.hear(within_s=min(left_s, ENDS_WITHIN_S), with_seen=is_second):
            return
