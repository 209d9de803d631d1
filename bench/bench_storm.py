"""What the watch for alarms costs, and how long a grave alarm takes in a storm of alarms (F20).

Rooms of one clinic, and then of two. Their monitors have sent the same figures for twenty minutes, so that all are
looked at further back: the worst there is. Then in every room a pulse is too fast at the same moment, and in the one
that is looked at last a saturation is gravely low, while readings of ten thousand a minute are stored beside it. The
time counts from when the readings that mean it are stored, and a second until the next look comes on top. CPU is what
the looking process takes; the database's own is not in it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from how_soon import STORM_TO_GRAVE_ALARM_MS

from stillroom.project.bench import Figure, budget, clinic_database, goal

if TYPE_CHECKING:
    from ward import Ward

    from stillroom.devices.watch import Watching

ROOMS = (50, 200)
READINGS_PER_MIN = 10_000
QUIET_LIMIT_MS = 300.0
LOOKS = 5
LOOKS_AT_MOST = 60
STORE = """
    INSERT INTO devices_sample (monitor_id, clinic_id, measured_at, received_at, frame_digest, signal, value, validity)
    SELECT m.id, m.clinic_id, at, now(), int8send((extract(epoch FROM at) * 1000)::int8), %s, %s, 'valid'
    FROM devices_monitor m, (SELECT now() - n * interval '5 s' AS at FROM generate_series(0, %s) n) times
    WHERE m.bed = ANY(%s)
"""


def figures() -> Iterator[Figure]:
    with clinic_database():
        import ward
        from django.db import connection

        from stillroom.devices.watch import LOOK_EVERY_S, Watching

        clinics: list[Ward] = []
        for rooms in ROOMS:
            clinics.append(ward.furnish(rooms - sum(len(each.infusions) for each in clinics)))
            connection.close()  # a watch begins with its own, which planned nothing while the tables were empty
            watching = Watching()
            _look_until_quiet(watching)
            quiet_ms = min(_look(watching)[1] for _ in range(LOOKS))
            name = f"storm.quiet_look_{rooms}_rooms"
            yield Figure(name, quiet_ms, "ms CPU", "of a look each second", limit=goal(most=QUIET_LIMIT_MS))
        looks_ms, written_ms = _storm_among_readings(watching, clinics)
        about = f"{len(looks_ms)} looks until nothing was left, {READINGS_PER_MIN} readings a minute"
        yield Figure(f"storm.storms_look_{ROOMS[-1]}_rooms", max(looks_ms), "ms CPU", f"the dearest of {about}")
        whole_ms = written_ms + 1e3 * LOOK_EVERY_S
        yield Figure("storm.grave_alarm_written", whole_ms, "ms", limit=budget(STORM_TO_GRAVE_ALARM_MS))


def _look_until_quiet(watching: Watching) -> list[float]:
    """What stands open where nobody looks is written down first. The CPU of each look, ms."""
    looks_ms: list[float] = []
    for _ in range(LOOKS_AT_MOST):
        written, cpu_ms = _look(watching)
        looks_ms.append(cpu_ms)
        if not written:
            return looks_ms
    raise RuntimeError("the watch goes on writing")


def _look(watching: Watching) -> tuple[int, float]:
    began_s = time.thread_time()
    written = watching.look()
    return written, 1e3 * (time.thread_time() - began_s)


def _storm_among_readings(watching: Watching, clinics: list[Ward]) -> tuple[list[float], float]:
    ended = threading.Event()
    readings = threading.Thread(target=_read_on, args=(clinics[0], ended))
    readings.start()
    try:
        return _storm(watching, clinics)
    finally:
        ended.set()
        readings.join()


def _storm(watching: Watching, clinics: list[Ward]) -> tuple[list[float], float]:
    """CPU of every look of the storm, and how long it was until the grave alarm was there, ms."""
    from stillroom.core.vitals import Signal

    for each in clinics:
        _store(each, Signal.PULSE_PER_MIN, 148, [f"BED{number}" for number in range(1, len(each.infusions) + 1)])
    began_s = time.monotonic()
    looks_ms = [_look(watching)[1]]
    _store(clinics[-1], Signal.SPO2_PERCENT, 84, [f"BED{len(clinics[-1].infusions)}"])
    in_the_midst_s = time.monotonic()
    written_ms = None
    while written_ms is None and len(looks_ms) < LOOKS_AT_MOST:
        looks_ms.append(_look(watching)[1])
        if _is_written(clinics[-1]):
            written_ms = 1e3 * (time.monotonic() - in_the_midst_s)
    if written_ms is None:
        raise RuntimeError(f"no grave alarm in {time.monotonic() - began_s:.0f} s")
    return [*looks_ms, *_look_until_quiet(watching)], written_ms


def _is_written(clinic: Ward) -> bool:
    from stillroom.clinics.rows import clinic_scope
    from stillroom.infusions.models import Entry

    with clinic_scope(clinic.clinic_id):
        return Entry.objects.filter(kind="AlarmRaised", payload__contains="spo2_grave").exists()


def _store(clinic: Ward, signal: str, value: int, beds: list[str], *, before: int = 5) -> None:
    from django.db import connection

    from stillroom.clinics.rows import clinic_scope

    with clinic_scope(clinic.clinic_id), connection.cursor() as cursor:
        cursor.execute(STORE, [signal, value, before, beds])


def _read_on(clinic: Ward, ended: threading.Event) -> None:
    """So many a minute, in fifties."""
    from django.db import connection

    beds = [f"BED{number}" for number in range(1, ROOMS[0] + 1)]
    while not ended.wait(60 * len(beds) / READINGS_PER_MIN):
        _store(clinic, "resp_per_min", 14, beds, before=0)
    connection.close()
