"""Calls out of the house: to people who have no page open, by one address that the clinic names (STILLROOM_CALL_URL).

Alarms that nobody answers, and at once whenever somebody calls for help. A step of an alarm is kept in the transaction
that writes it into the log, a call for help when a watch sees its entry; both are sent by a thread of their own: an
address that is slow, or that nobody answers, delays no look at any room. It is sent until it was taken, so at least
once; a receiver tells repeats by their `id`. It says which room, how urgent, what and since when; nothing of a patient,
and nobody's name or id. While one waits that could not be sent, every page of the rooms says so, and so does /health.
"""

from __future__ import annotations

import http.client
import json
import logging
import ssl
import threading
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from stillroom.clinics import clock
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import OVER, Alarm
from stillroom.core.safety.escalation import Called
from stillroom.core.safety.priority import Priority
from stillroom.devices.models import OutCall
from stillroom.infusions.models import Infusion

log = logging.getLogger(__name__)

CALLS = UUID("6f2d1f0e-0f1e-4c58-9a43-5f0f5a0f6c2b")
"""The name space of their ids: the same step of the same alarm is the same call, whichever process keeps it."""
HELP_CALLED = "help_called"
"""What such a call says for the name of an alarm."""
HELP_AFTER_LEAVING = "help_called_has_left"
"""And where the patient has left the room that it names: somebody else may be in it."""
TAKEN_WITHIN_S = 5.0
"""For each wait on the line: a receiver that says nothing for so long has not taken it."""
LOOK_EVERY_S = 0.5
LONGEST_PAUSE_S = 30
KEPT_FOR = timedelta(days=1)


def keep_call(infusion: Infusion, alarm: Alarm, fact: e.AlarmEscalated, *, at: datetime) -> None:
    """One step of an alarm that nobody answers. In the caller's transaction."""
    _keep(
        infusion,
        f"{alarm.raised_seq} {fact.condition} {fact.step}",
        at=at,
        urgency=list(Priority).index(alarm.priority),
        condition=fact.condition,
        step=fact.step,
        called=fact.called.value,
        since=alarm.raised_at,
    )


def keep_help(infusion: Infusion, *, since: datetime, at: datetime) -> None:
    """Somebody called for help at `since`: to everybody, at once. In the caller's transaction."""
    if at - since > KEPT_FOR:
        return  # it was called out then, and is forgotten here
    _keep(
        infusion,
        f"{HELP_CALLED} {since.isoformat()}",
        at=at,
        urgency=list(Priority).index(Priority.HIGH),
        condition=HELP_AFTER_LEAVING if infusion.status in OVER else HELP_CALLED,
        step=1,
        called=Called.EVERYBODY.value,
        since=since,
    )


def _keep(infusion: Infusion, name: str, *, at: datetime, **what: Any) -> None:
    """To be sent, if the clinic has named an address; not from a rehearsal. Once, whoever keeps it."""
    if not settings.CALL_URL or infusion.clinic.rehearses_id is not None:
        return
    here = {"clinic_id": infusion.clinic_id, "room": infusion.room.name}
    OutCall.objects.get_or_create(
        pk=uuid5(CALLS, f"{infusion.pk} {name}"), defaults=here | what | {"called_at": at, "due_at": at}
    )


def failing_since() -> datetime | None:
    """Since when a call of the clinic waits that was tried and not taken; None while none does, or none can."""
    if not settings.CALL_URL:
        return None
    waiting = OutCall.objects.filter(taken_at=None, tries__gt=0).order_by("called_at").first()
    return waiting.called_at if waiting else None


def forget_calls(at: datetime) -> None:
    OutCall.objects.filter(called_at__lt=at - KEPT_FOR).delete()


def send_due(*, at: datetime) -> int:
    """Send what is due, of every clinic, the most urgent first; how many were taken."""
    taken = 0
    for clinic_id in clinic_ids():
        while (call := _next_due(clinic_id, at)) is not None:
            fault = post(settings.CALL_URL, call)
            _note(clinic_id, call, fault, at=at)
            taken += fault is None
    return taken


def _next_due(clinic_id: UUID, at: datetime) -> OutCall | None:
    """The next one, put off while it is tried, so that another process takes the one after it."""
    with clinic_scope(clinic_id):
        waiting = OutCall.objects.select_for_update(skip_locked=True).filter(taken_at=None, due_at__lte=at)
        call = waiting.order_by("urgency", "called_at").first()
        if call is not None:
            OutCall.objects.filter(pk=call.pk).update(due_at=at + timedelta(seconds=LONGEST_PAUSE_S))
        return call


def _note(clinic_id: UUID, call: OutCall, fault: str | None, *, at: datetime) -> None:
    """What came of it. Tried again after 1, 2, 4 ... 30 s, for a day."""
    pause = timedelta(seconds=min(2**call.tries, LONGEST_PAUSE_S))
    with clinic_scope(clinic_id):
        row = OutCall.objects.filter(pk=call.pk)
        if fault is None:
            row.update(taken_at=at, fault="")
        else:
            row.update(tries=call.tries + 1, due_at=at + pause, fault=fault[:200])
            log.error("A CALL OUT OF THE HOUSE WAS NOT TAKEN: %s, %s, try %d: %s", *_told(call), call.tries + 1, fault)


def _told(call: OutCall) -> tuple[str, str]:
    return call.room, call.condition


def post(address: str, call: OutCall) -> str | None:
    """Post it; None when it was taken (any 2xx), else why not. Nothing is followed anywhere else."""
    where = urlsplit(address)
    host, port = where.hostname or "", where.port
    line: http.client.HTTPConnection = (
        http.client.HTTPSConnection(host, port, timeout=TAKEN_WITHIN_S, context=ssl.create_default_context())
        if where.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=TAKEN_WITHIN_S)
    )
    path = (where.path or "/") + (f"?{where.query}" if where.query else "")
    try:
        with closing(line):
            line.request("POST", path, json.dumps(said(call)), {"Content-Type": "application/json"})
            status = line.getresponse().status
    except (OSError, http.client.HTTPException) as fault:
        return str(fault) or type(fault).__name__
    return None if 200 <= status < 300 else f"answered {status}"


def said(call: OutCall) -> dict[str, Any]:
    """All that leaves the house (docs/operations.md)."""
    return {
        "id": str(call.pk),
        "room": call.room,
        "priority": list(Priority)[call.urgency].value,
        "condition": call.condition,
        "since": call.since.isoformat(),
        "called_at": call.called_at.isoformat(),
        "step": call.step,
        "called": call.called,
    }


def send_until(until: threading.Event) -> None:
    """In a thread of its own, until the event is set."""
    while not until.is_set():
        try:
            send_due(at=clock.now())
        except DatabaseError as fault:
            log.error("nothing is called out of the house: the database is away: %s", str(fault).strip())
        close_old_connections()
        until.wait(LOOK_EVERY_S)
