"""What is known of a patient in the room at this moment, on one page: for the ambulance, and for when the power fails.

The same contents are printed as a PDF and kept by the page of the room in its memory (SR-62). All is from one
situation; what nobody asked or measured is said to be so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from stillroom.bedside.fill.drip import elapsed_s
from stillroom.bedside.paper.contents import (
    Contents,
    Letterhead,
    given,
    heading,
    in_words,
    medicine,
    settled_rates,
    time_of,
)
from stillroom.bedside.situation import Situation
from stillroom.core.drip.exact import shown
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.last_seen import roused_last
from stillroom.core.infusion.planning import rate_mg_per_kg_per_h
from stillroom.core.vitals import Sample, Signal, Validity

CHARTED = (e.VitalsCharted, e.RecoveryChecked)
LAST_MINUTES = 15
EVERY_MINUTES = 3
COLUMNS: tuple[tuple[str, tuple[Signal, ...]], ...] = (
    ("Pressure, mmHg", (Signal.SBP_MMHG,)),
    ("Pulse, per min", (Signal.PULSE_PER_MIN, Signal.HEART_RATE_PER_MIN, Signal.CUFF_PULSE_PER_MIN)),
    ("Oxygen, %", (Signal.SPO2_PERCENT,)),
    ("Breaths, per min", (Signal.RESP_PER_MIN,)),
)


def known(now: Situation, letterhead: Letterhead) -> Contents:
    """Who it is, what ran, how they are, and what was given since help was called."""
    zone = letterhead.zone
    with timezone.override(zone):
        return {
            **heading(now, letterhead),
            "known_at": time_of(now.at, zone),
            "known_at_exactly": now.at.isoformat(),
            "allergies": _allergies(now.patient.allergies),
            "conditions": "; ".join(now.patient.conditions) or "none on record",
            "takes": "; ".join(now.patient.takes) or "none on record",
            "times": _times(now, zone),
            "status": in_words("bedside/_status_words.html", status=now.state.status),
            "running": _running(now),
            "is_in_doubt": now.state.is_in_doubt,
            "given": given(now),
            "duration": f"{elapsed_s(now) // 60} min" if now.drip else "not started",
            "rates": settled_rates(now, zone),
            "columns": ["", *(title for title, _ in COLUMNS)],
            "signs": _signs(now, zone),
            "seems": _seems(now, zone),
            "alarms": [
                in_words("bedside/_alarm_words.html", condition=each.condition, value=each.value, limit=each.limit)
                for each in now.state.alarms
                if each.cleared_at is None
            ],
            "help": _help(now, zone),
            "medicines": [f"{time_of(each.occurred_at, zone)} {medicine(each.fact)}" for each in now.state.medicines],
        }


def _allergies(known_ones: tuple[str, ...] | None) -> str:
    return "NOT ASKED" if known_ones is None else ", ".join(known_ones) or "none known"


def _times(now: Situation, zone: ZoneInfo) -> str:
    if now.started_at is None:
        return "not started"
    ended_at = now.state.ended_at
    return f"{time_of(now.started_at, zone)} to {time_of(ended_at, zone) if ended_at else 'now'}"


def _running(now: Situation) -> str:
    """What the drip may be running at: in doubt it is the most that was meant."""
    rate_ml_per_h = now.state.highest_rate_ml_per_h
    if not rate_ml_per_h:
        return ""
    drug = shown(rate_mg_per_kg_per_h(now.state, rate_ml_per_h), decimals=2)
    drops = f", {now.state.drops_per_min} drops/min" if now.state.drops_per_min and not now.state.is_in_doubt else ""
    return f"{rate_ml_per_h.normalize():f} mL/h, {drug} mg/kg/h{drops}"


def _seems(now: Situation, zone: ZoneInfo) -> str:
    """How awake when it was last seen, and when that was."""
    last = roused_last(now.state)
    if last is None:
        return "nobody has seen yet how awake"
    return f"{in_words('infusions/_awake_words.html', awake=last.fact.awake)}, {time_of(last.occurred_at, zone)}"


def _help(now: Situation, zone: ZoneInfo) -> Contents | None:
    """The last call: when and by whom, what of the list is done, and what was given since."""
    calls = [entry for entry in now.surviving if isinstance(entry.fact, e.HelpCalled)]
    if not calls:
        return None
    call = calls[-1]
    steps = [entry for entry in now.surviving if isinstance(entry.fact, e.HelpStepDone) and entry.seq > call.seq]
    return {
        "at": f"{call.occurred_at.astimezone(zone):%H:%M:%S}",
        "by": now.name_of(call.by),
        "is_over": now.state.help_called_at is None,
        "steps": [
            f"{time_of(each.occurred_at, zone)} {in_words('bedside/_help_words.html', step=each.fact.step)}"
            for each in steps
            if isinstance(each.fact, e.HelpStepDone)
        ],
        "given": [
            f"{each.occurred_at.astimezone(zone):%H:%M:%S} {medicine(each.fact)}, {now.name_of(each.by)}"
            for each in now.state.medicines
            if each.occurred_at >= call.occurred_at
        ],
    }


def _signs(now: Situation, zone: ZoneInfo) -> list[list[str]]:
    """The newest of each sign in each few minutes of the last ones, and on arrival; a dash where nothing came."""
    spans = [
        (now.at - timedelta(minutes=back + EVERY_MINUTES), now.at - timedelta(minutes=back))
        for back in range(0, LAST_MINUTES, EVERY_MINUTES)
    ]
    came = _by_time(now)
    rows = [_row(f"until {time_of(until, zone)}", _within(came, since, until)) for since, until in reversed(spans)]
    arrival = now.state.arrival_vitals
    on_arrival = _row("on arrival", _charted(arrival.fact) if arrival else {})
    return [on_arrival, *(row for row in rows if any(cell != "-" for cell in row[1:]))]


def _row(title: str, found: dict[Signal, int]) -> list[str]:
    return [title, *(_cell(found, signals) for _, signals in COLUMNS)]


def _cell(found: dict[Signal, int], signals: Iterable[Signal]) -> str:
    value = next((found[signal] for signal in signals if signal in found), None)
    if value is None:
        return "-"
    diastolic = found.get(Signal.DBP_MMHG) if Signal.SBP_MMHG in signals else None
    return f"{value}/{diastolic}" if diastolic is not None else str(value)


Came = tuple[datetime, dict[Signal, int]]
"""What was measured at one moment."""


def _by_time(now: Situation) -> list[Came]:
    """All signs of the last minutes, by whichever hand or monitor, in the order in which they were measured."""
    since = now.at - timedelta(minutes=LAST_MINUTES)
    sent = ((each.measured_at, each) for each in _sound(now.readings) if each.measured_at > since)
    charted = ((each.occurred_at, each.fact) for each in now.surviving if isinstance(each.fact, CHARTED))
    came = [
        *((at, {each.signal: round(each.value)}) for at, each in sent),
        *((at, _charted(fact)) for at, fact in charted if at > since),
    ]
    return sorted(came, key=lambda each: each[0])


def _within(came: Iterable[Came], since: datetime, until: datetime) -> dict[Signal, int]:
    """The newest of each sign between the two."""
    found: dict[Signal, int] = {}
    for at, values in came:
        if since < at <= until:
            found |= values
    return found


def _sound(readings: Iterable[Sample]) -> Iterable[Sample]:
    return (each for each in readings if each.validity is Validity.VALID)


def _charted(fact: e.Fact) -> dict[Signal, int]:
    values = {signal: getattr(fact, signal.value, None) for signal in Signal}
    return {signal: round(value) for signal, value in values.items() if value is not None}
