"""A monitor sends a pulse by the finger and a rate by ECG: one counts, by the rule for two devices, and it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.bedside.parts import Tile, TileKind
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.watching import MonitorHeard, by_signal, noticed
from stillroom.core.safety.watch import LinkSeen
from stillroom.core.vitals import Sample, Signal, Validity
from tests.bedside.rooms import EVERY_5_S, seen, shown
from tests.examples import WATCH, Walk, an_id, infusing

FINGER, ECG = Signal.PULSE_PER_MIN, Signal.HEART_RATE_PER_MIN
SECONDS = 90


def stream(
    signal: Signal, value: int, *, until: datetime, seconds: int = SECONDS, validity: Validity = Validity.VALID
) -> list[Sample]:
    """Every five seconds; the last digit lives."""
    times = [until - timedelta(seconds=each) for each in range(seconds, -1, -5)]
    values = [Decimal(value + index % 2) for index, _ in enumerate(times)]
    return [Sample(signal, figure, at, at, validity) for figure, at in zip(values, times, strict=True)]


def look(walk: Walk, sent: list[Sample], *, first: Signal = FINGER) -> list[e.Fact]:
    """What the watch writes now, of pulses alone; it is written."""
    link = LinkSeen(interval_s=5, cuff_interval_s=300, last_heard_at=walk.at)
    monitor = MonitorHeard(id=an_id("monitor"), link=link, pulse_first=first)
    found = noticed(walk.state, surviving(walk.log), by_signal(sent), monitor, at=walk.at)
    about = [
        fact
        for fact in found
        if isinstance(fact, e.PulseSourceChanged) or getattr(fact, "condition", "")[:5] == "pulse"
    ]
    for fact in about:
        walk.record(fact, WATCH)
    return about


def raised(facts: list[e.Fact]) -> list[str]:
    return [fact.condition for fact in facts if isinstance(fact, e.AlarmRaised)]


def changes(facts: list[e.Fact]) -> list[tuple[str, e.Why]]:
    return [(fact.to, fact.why) for fact in facts if isinstance(fact, e.PulseSourceChanged)]


def later(walk: Walk, seconds: float) -> datetime:
    walk.at += timedelta(seconds=seconds)
    return walk.at


def tile(walk: Walk, sent: list[Sample], first: Signal = FINGER) -> Tile:
    room = shown(seen(walk, monitor=replace(EVERY_5_S, pulse_first=first), readings=sent))
    return next(each for each in room.tiles if each.kind is TileKind.PULSE)


def test_the_one_that_counts_is_shown_and_raises_and_the_other_stands_beside_it() -> None:
    walk = infusing()
    sent = [*stream(FINGER, 70, until=walk.at), *stream(ECG, 160, until=walk.at)]
    assert look(walk, sent) == []
    assert (tile(walk, sent).figure, tile(walk, sent).other_rate) == ("70", 160)
    by_ecg = infusing()
    assert raised(look(by_ecg, sent, first=ECG)) == ["pulse_grave_high"]
    assert (tile(walk, sent, ECG).figure, tile(walk, sent, ECG).other_rate) == ("160", 70)


def test_it_gives_way_when_it_is_invalid_and_the_other_is_judged_at_once() -> None:
    walk = infusing()
    sent = [*stream(FINGER, 70, until=walk.at, validity=Validity.INVALID), *stream(ECG, 160, until=walk.at)]
    found = look(walk, sent)
    assert changes(found) == [(ECG, e.Why.INVALID)]
    assert raised(found) == ["pulse_grave_high"]
    assert tile(walk, sent).signal is ECG
    assert changes(look(walk, sent)) == [], "said once"


def test_it_gives_way_when_it_falls_silent_or_stands_still() -> None:
    walk = infusing()
    silent = stream(FINGER, 70, until=walk.at - timedelta(seconds=30), seconds=60)
    assert changes(look(walk, [*silent, *stream(ECG, 80, until=walk.at)])) == [(ECG, e.Why.SILENT)]
    walk = infusing()
    now = later(walk, 600)
    times = [now - timedelta(seconds=each) for each in range(400, -1, -5)]
    stuck = [Sample(each, Decimal(v), at, at) for at in times for each, v in ((FINGER, 70), (Signal.SPO2_PERCENT, 97))]
    assert changes(look(walk, [*stuck, *stream(ECG, 80, until=now)])) == [(ECG, e.Why.STILL)]


def test_the_one_that_goes_first_counts_again_after_a_minute_and_not_before() -> None:
    walk = infusing()
    look(walk, [*stream(FINGER, 70, until=walk.at, validity=Validity.INVALID), *stream(ECG, 80, until=walk.at)])
    began = walk.at
    for seconds, expected in ((30, []), (75, [(FINGER, e.Why.GOES_BEFORE)])):
        now = later(walk, seconds - (walk.at - began).total_seconds())
        sent = [*stream(FINGER, 70, until=now, seconds=seconds - 5), *stream(ECG, 80, until=now)]
        assert changes(look(walk, sent)) == expected
        assert tile(walk, sent).signal is (FINGER if expected else ECG)


def test_when_neither_measures_nothing_changes() -> None:
    walk = infusing()
    old = walk.at - timedelta(minutes=1)
    assert look(walk, [*stream(FINGER, 70, until=old, seconds=20), *stream(ECG, 80, until=old, seconds=20)]) == []


def test_to_end_an_alarm_neither_may_still_say_otherwise() -> None:
    walk = infusing()
    look(walk, [*stream(FINGER, 70, until=walk.at, validity=Validity.INVALID), *stream(ECG, 160, until=walk.at)])
    assert walk.state.open_conditions == {"pulse_grave_high"}
    now = later(walk, 80)
    found = look(walk, [*stream(FINGER, 70, until=now, seconds=75), *stream(ECG, 160, until=now)])
    assert changes(found) == [(FINGER, e.Why.GOES_BEFORE)]
    assert walk.state.open_conditions == {"pulse_grave_high"}
    now = later(walk, 20)
    look(walk, [*stream(FINGER, 70, until=now, seconds=75), *stream(ECG, 80, until=now, seconds=15)])
    assert walk.state.open_conditions == set()
