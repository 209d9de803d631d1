"""Was what the script expects done: in time, late, not at all; and was anything done that was not needed?

Scored on the log alone, by the times at which things happened as the log has them. An empty log: nothing was done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.alarm_history import alarm_history
from stillroom.rehearsal.play.acts import Done, answers_any, done_by_staff
from stillroom.rehearsal.play.clock import ScriptClock
from stillroom.rehearsal.play.parts import Drift, Event, Expectation, Kind, Mishap, Misread, Script, Sign


class Verdict(StrEnum):
    IN_TIME = "in_time"
    LATE = "late"
    NOT_DONE = "not_done"
    NEEDLESS = "needless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One line of the script and what became of it. `took_s` counts from the event, or from its alarm (`of_alarm`)."""

    event: Event
    expectation: Expectation
    verdict: Verdict
    done_at: datetime | None = None
    took_s: float | None = None
    of_alarm: bool = False


OF_SIGNS: Mapping[Sign, tuple[str, ...]] = {
    Sign.PRESSURE: ("sbp", "dbp"),
    Sign.PULSE: ("pulse",),
    Sign.SATURATION: ("spo2",),
    Sign.BREATHING: ("resp",),
}
OF_MISHAPS: Mapping[Kind, tuple[str, ...]] = {
    Kind.VOMITS: ("nausea",),
    Kind.FRIGHT: ("distress",),
    Kind.FAINTS: ("sbp", "dbp", "pulse"),
    Kind.MOVES: ("spo2", "pressure"),
    Kind.KINK: (),
    Kind.FREE_FLOW: ("stream",),
    Kind.PROBE_OFF: ("spo2_missing", "probe", "monitor_lost"),
    Kind.SILENT: ("monitor_lost", "spo2_missing"),
    Kind.POWER: ("monitor_lost", "spo2_missing"),
}
"""How the names of the alarms begin that an event calls."""


def score(script: Script, surviving: Sequence[e.Logged], clock: ScriptClock, *, until: datetime) -> tuple[Scored, ...]:
    """Every expectation of what has come by `until`, in the order of the script, and then what was not needed."""
    come = [event for event in script.events if clock.at(event.minute) <= until]
    done = list(done_by_staff(surviving))
    wanted = [
        _scored(event, each, surviving, done, clock)
        for event in come
        for each in event.expected
        if not each.is_needless
    ]
    return (*wanted, *(scored for event in come for scored in _needless(event, done, clock)))


def is_over(script: Script, surviving: Sequence[e.Logged], clock: ScriptClock, *, at: datetime) -> bool:
    """The script has come to its end, and nobody has time left for what is still expected."""
    ends_at = clock.at(script.end_min)
    if at < ends_at:
        return False
    return all(
        scored.verdict is not Verdict.NOT_DONE or _due_at(scored, surviving, clock) <= at
        for scored in score(script, surviving, clock, until=at)
        if scored.expectation.within_s is not None
    )


def helped_at(script: Script, surviving: Sequence[e.Logged], clock: ScriptClock) -> dict[int, float]:
    """By the line of each event that staff could help: the patient's minute at which they first did."""
    done, found = list(done_by_staff(surviving)), {}
    for event in script.events:
        unless = event.what.unless if isinstance(event.what, Drift | Mishap) else ()
        first = next(_answers(unless, done, clock.at(event.minute)), None) if unless else None
        if first is not None:
            found[event.line] = clock.minute(first.entry.occurred_at)
    return found


def _scored(
    event: Event, expected: Expectation, surviving: Sequence[e.Logged], done: Sequence[Done], clock: ScriptClock
) -> Scored:
    begins_at = clock.at(event.minute)
    alarm_at = _alarm_at(event, surviving, begins_at) if expected.of_alarm else None
    found = next(_answers(expected.acts, done, begins_at), None)
    if found is None:
        return Scored(event=event, expectation=expected, verdict=Verdict.NOT_DONE, of_alarm=alarm_at is not None)
    took_s = max((found.entry.occurred_at - (alarm_at or begins_at)).total_seconds(), 0.0)
    is_late = expected.within_s is not None and took_s > expected.within_s
    return Scored(
        event=event,
        expectation=expected,
        verdict=Verdict.LATE if is_late else Verdict.IN_TIME,
        done_at=found.entry.occurred_at,
        took_s=took_s,
        of_alarm=alarm_at is not None,
    )


def _needless(event: Event, done: Sequence[Done], clock: ScriptClock) -> Iterator[Scored]:
    """The first of each: three stops are one mistake."""
    for expected in event.expected:
        found = next(_answers(expected.acts, done, clock.at(event.minute)), None) if expected.is_needless else None
        if found is not None:
            at = found.entry.occurred_at
            yield Scored(event=event, expectation=expected, verdict=Verdict.NEEDLESS, done_at=at)


def _answers(acts: Sequence[str], done: Sequence[Done], since: datetime) -> Iterator[Done]:
    """In the order of time, as what was written late happened earlier."""
    found = [each for each in done if each.entry.occurred_at >= since and answers_any(acts, each)]
    return iter(sorted(found, key=lambda each: each.entry.occurred_at))


def _alarm_at(event: Event, surviving: Sequence[e.Logged], since: datetime) -> datetime | None:
    """One that stood before and is heard again is no alarm of this event."""
    times = (each.raised_at for each in alarm_history(surviving) if each.condition.startswith(_conditions(event)))
    return next((at for at in times if at >= since), None)


def _conditions(event: Event) -> tuple[str, ...]:
    what = event.what
    if isinstance(what, Drift):
        return OF_SIGNS[what.sign]
    if isinstance(what, Mishap):
        return OF_MISHAPS[what.kind]
    return ("sbp", "dbp") if isinstance(what, Misread) else ()


def _due_at(scored: Scored, surviving: Sequence[e.Logged], clock: ScriptClock) -> datetime:
    begins_at = clock.at(scored.event.minute)
    alarm_at = _alarm_at(scored.event, surviving, begins_at) if scored.expectation.of_alarm else None
    return (alarm_at or begins_at) + timedelta(seconds=scored.expectation.within_s or 0)
