"""What goes over a stream, as bytes (docs/stream.md). Times are the server's, with the clinic's offset from UTC."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from stillroom.clinics.clock import clock_set_by
from stillroom.core.infusion.sounding import is_paused, sounding
from stillroom.core.infusion.state import Alarm
from stillroom.core.safety.priority import Priority


def entry(seq: int, fragments: Sequence[str], alarms: dict[str, Any] | None = None) -> bytes:
    """The last of several says how the alarms stand, so that nothing waits for a heartbeat to be heard."""
    data: dict[str, Any] = {"seq": seq, "fragments": [each for each in fragments if each]}
    return _event("entry", data | ({"alarms": alarms} if alarms else {}), seq=seq)


def samples(fragments: Sequence[str]) -> bytes:
    return _event("samples", {"fragments": fragments})


def board(fragments: Sequence[str]) -> bytes:
    return _event("board", {"fragments": fragments})


def heartbeat(
    at: datetime,
    alarms: dict[str, Any],
    *,
    head_seq: int | None = None,
    is_watched: bool = True,
    calls_fail: bool = False,
    fragments: Sequence[str] = (),
) -> bytes:
    data: dict[str, Any] = {"server_time": server_time(at), "alarms": alarms, "watched": is_watched}
    if calls_fail:
        data["calls_fail"] = True
    if set_by := clock_set_by():
        data["clock_set_by_s"] = round(set_by.total_seconds())
    if head_seq is not None:
        data["head_seq"] = head_seq
    if fragments:
        data["fragments"] = fragments
    return _event("heartbeat", data)


def server_time(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="milliseconds")


def alarms_in_short(alarms: Iterable[Alarm], *, at: datetime, calls: Iterable[Priority] = ()) -> dict[str, Any]:
    """How many are open, how many of them are paused, and the most urgent that is heard.

    `calls` are those from other rooms: help, and what nobody there has answered.
    """
    open_now = list(alarms)
    heard = {*calls, sounding(open_now, at=at)}
    sounds = next((priority.value for priority in Priority if priority in heard), None)
    return {"open": len(open_now), "paused": sum(is_paused(each, at=at) for each in open_now), "sounds": sounds}


def _event(name: str, data: dict[str, Any], *, seq: int | None = None) -> bytes:
    """JSON has no line breaks of its own, so one `data` line holds all of it."""
    head = "" if seq is None else f"id: {seq}\n"
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
