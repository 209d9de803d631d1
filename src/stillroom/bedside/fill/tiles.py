"""The four vital signs as tiles: the newest reading of each, by monitor or by hand, and how long it may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from stillroom.bedside.parts import Etco2, Tile, TileKind
from stillroom.bedside.situation import Situation
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.due import Sent, intervals_of, pressure_again_at
from stillroom.core.infusion.pulse_source import pulse_counts_by
from stillroom.core.safety.limit_watch import RATES
from stillroom.core.safety.priority import Priority
from stillroom.core.vitals import Freshness, Lifetime, Sample, Signal, Validity, freshness_of, lifetime_of
from stillroom.web.charts import draw_spark

SPARK_FOR = timedelta(minutes=30)

# Which alarms stand on which tile, by the conditions' names (core.safety).
ABOUT: dict[TileKind, tuple[str, ...]] = {
    TileKind.PRESSURE: ("sbp", "dbp", "pressure", "cuff"),
    TileKind.PULSE: ("pulse", "probe", "leads"),
    TileKind.OXYGEN: ("spo2", "probe"),
    TileKind.BREATHING: ("resp", "leads_frozen"),
}
SIGNALS: dict[TileKind, tuple[Signal, ...]] = {
    TileKind.PRESSURE: (Signal.SBP_MMHG,),
    TileKind.PULSE: (Signal.PULSE_PER_MIN, Signal.HEART_RATE_PER_MIN, Signal.CUFF_PULSE_PER_MIN),
    TileKind.OXYGEN: (Signal.SPO2_PERCENT,),
    TileKind.BREATHING: (Signal.RESP_PER_MIN,),
}
"""The signals of a tile; of the pulse's the one that counts goes first."""
KIND_OF = {signal: kind for kind, signals in SIGNALS.items() for signal in signals}

# The smallest range that fills a small line's height, so that a steady sign looks steady: a choice of ours.
LEAST_SPAN: dict[TileKind, float] = {
    TileKind.PRESSURE: 40.0,
    TileKind.PULSE: 30.0,
    TileKind.OXYGEN: 6.0,
    TileKind.BREATHING: 10.0,
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A sample and whether a hand wrote it."""

    sample: Sample
    is_by_hand: bool = False

    @property
    def number(self) -> int:
        return round(self.sample.value)


@dataclass(frozen=True, slots=True)
class ByHand:
    """What hands wrote down: of each tile its readings, and the diastolic and mean pressures by the time of each."""

    readings: Mapping[TileKind, Sequence[Reading]] = field(default_factory=dict)
    partners: Mapping[Signal, Mapping[datetime, int]] = field(default_factory=dict)


def fill_tiles(
    now: Situation, *, by_hand: ByHand | None = None, sparks: Mapping[TileKind, str] | None = None
) -> tuple[Tile, ...]:
    """`by_hand` is `by_hand_of(now)`, where it is known: it stays so until the log grows. `sparks` are the small lines
    that stay as they are, or none with {}.
    """
    written = by_hand_of(now) if by_hand is None else by_hand
    sent: dict[TileKind, list[Sample]] = {kind: [] for kind in TileKind}
    for sample in now.readings:
        if kind := KIND_OF.get(sample.signal):
            sent[kind].append(sample)
    return tuple(_tile(now, kind, sent[kind], written, sparks) for kind in TileKind)


def by_hand_of(now: Situation) -> ByHand:
    return ByHand(
        {kind: tuple(_by_hand(now, kind)) for kind in TileKind},
        {signal: _partners_by_hand(now, signal) for signal in (Signal.DBP_MMHG, Signal.MBP_MMHG)},
    )


def readings_of(now: Situation, kind: TileKind) -> list[Reading]:
    """All readings of a tile that may be believed, oldest first: the monitor's preferred signal, and those by hand."""
    sent = [sample for sample in now.readings if sample.signal in SIGNALS[kind]]
    return _believed(now, kind, sent, _by_hand(now, kind))


def _believed(now: Situation, kind: TileKind, sent: Iterable[Sample], written: Iterable[Reading]) -> list[Reading]:
    good = [sample for sample in sent if sample.validity is not Validity.INVALID]
    signal = _signal_that_counts(now, kind, good)
    found = [Reading(sample) for sample in good if sample.signal is signal]
    return sorted([*found, *written], key=lambda reading: reading.sample.measured_at)


def _signal_that_counts(now: Situation, kind: TileKind, sent: Sequence[Sample]) -> Signal:
    """The first of the tile's signals that is fresh, the one that counts before all. Where none is, the first that was
    ever sent, so that the tile says how old it is."""
    newest = {sample.signal: sample for sample in sent}
    seen = [signal for signal in _in_order(now, kind) if signal in newest]
    return next((each for each in seen if _is_fresh(now, newest[each])), seen[0] if seen else SIGNALS[kind][0])


def _in_order(now: Situation, kind: TileKind) -> list[Signal]:
    counting = pulse_counts_by(now.state, now.monitor.pulse_first) if now.monitor else None
    return sorted(SIGNALS[kind], key=lambda signal: signal is not counting)


def _is_fresh(now: Situation, sample: Sample) -> bool:
    return freshness_of(sample, now.at, lifetime_by(now, sample.signal, is_by_hand=False)) is Freshness.FRESH


def _other_rate(now: Situation, shown: Reading, sent: Iterable[Sample]) -> int | None:
    """What the other sensor says at the same time: one who sees them disagree has learned something."""
    if shown.is_by_hand or shown.sample.signal not in RATES:
        return None
    others = [each for each in sent if each.signal in RATES and each.signal is not shown.sample.signal]
    other = _newest_good(now, others)
    return Reading(other).number if other else None


def _newest_good(now: Situation, sent: Iterable[Sample]) -> Sample | None:
    """What was sent last of this, if it is fresh and may be true."""
    newest = max(sent, key=lambda sample: sample.measured_at, default=None)
    is_good = newest is not None and newest.validity is not Validity.INVALID and _is_fresh(now, newest)
    return newest if is_good else None


def _etco2(now: Situation, kind: TileKind) -> Etco2 | None:
    """It stands beside how often the patient breathes."""
    if kind is not TileKind.BREATHING:
        return None
    said = _newest_good(now, [each for each in now.readings if each.signal is Signal.ETCO2_MMHG])
    if said is None:
        return None
    sources = now.monitor.sources if now.monitor else {}
    source = sources.get(Signal.ETCO2_MMHG, "")
    return Etco2(
        mmhg=Reading(said).number,
        is_doubted=said.validity is Validity.QUESTIONABLE,
        source=source if source != sources.get(Signal.RESP_PER_MIN, "") else "",
    )


def partners_of_cuff(now: Situation, signal: Signal) -> dict[datetime, int]:
    """The diastolic or mean pressures, by monitor or by hand, at the times of the cuff's systolic ones."""
    return _partners_sent(now, signal) | _partners_by_hand(now, signal)


def _partners_sent(now: Situation, signal: Signal) -> dict[datetime, int]:
    sent = (each for each in now.readings if each.signal is signal and each.validity is not Validity.INVALID)
    return {sample.measured_at: round(sample.value) for sample in sent}


def _partners_by_hand(now: Situation, signal: Signal) -> dict[datetime, int]:
    by_hand = ((entry.occurred_at, getattr(entry.fact, signal.value, None)) for entry in now.surviving)
    return {at: value for at, value in by_hand if value is not None}


def _partner(now: Situation, signal: Signal, last: Reading, written: ByHand) -> int | None:
    """The diastolic or mean pressure of the same time."""
    at = last.sample.measured_at
    by_hand = written.partners[signal].get(at)
    return _partners_sent(now, signal).get(at) if by_hand is None else by_hand


def cuff_measured_at(now: Situation) -> datetime | None:
    """When the last pressure was measured, by monitor or by hand."""
    readings = readings_of(now, TileKind.PRESSURE)
    return readings[-1].sample.measured_at if readings else None


def saturation_measured_at(now: Situation) -> datetime | None:
    """Likewise the last saturation."""
    readings = readings_of(now, TileKind.OXYGEN)
    return readings[-1].sample.measured_at if readings else None


def breaths_sent_at(now: Situation) -> datetime | None:
    """When a monitor last counted breaths that may be believed."""
    sent = (each for each in now.readings if each.signal is Signal.RESP_PER_MIN and each.validity is Validity.VALID)
    return max((each.measured_at for each in sent), default=None)


def sent_now(now: Situation) -> Sent:
    """When a monitor last sent what a recovery check asks for too."""
    saturation = readings_of(now, TileKind.OXYGEN)
    saturation_at = saturation[-1].sample.measured_at if saturation else None
    return Sent(cuff_measured_at(now), saturation_at, breaths_sent_at(now))


def lifetime_by(now: Situation, signal: Signal, *, is_by_hand: bool) -> Lifetime:
    """How long a reading may be shown. Written by hand it holds like a cuff's: until the next set is well overdue."""
    if is_by_hand or now.monitor is None:
        set_every_s = intervals_of(now.state).pressure_every_min * 60.0
        return lifetime_of(Signal.SBP_MMHG, interval_s=1.0, cuff_interval_s=set_every_s)
    interval_s = now.monitor.intervals_s.get(signal, now.monitor.interval_s)
    return lifetime_of(signal, interval_s=interval_s, cuff_interval_s=now.monitor.cuff_interval_s)


def _by_hand(now: Situation, kind: TileKind) -> Iterator[Reading]:
    """What was charted from the monitor is in the monitor's own samples already."""
    name = SIGNALS[kind][0].value
    for entry in now.surviving:
        if isinstance(entry.fact, e.VitalsCharted) and entry.fact.source is e.Source.MONITOR:
            continue
        value = getattr(entry.fact, name, None)
        if value is None and kind is TileKind.BREATHING:
            value = getattr(entry.fact, "breaths_per_min", None)
        if value is not None and not isinstance(entry.fact, e.InfusionPlanned):
            yield Reading(
                Sample(SIGNALS[kind][0], Decimal(value), entry.occurred_at, entry.recorded_at), is_by_hand=True
            )


def _tile(
    now: Situation,
    kind: TileKind,
    sent: Sequence[Sample],
    written: ByHand,
    sparks: Mapping[TileKind, str] | None,
) -> Tile:
    readings = _believed(now, kind, sent, written.readings[kind])
    next_due_at, alarm = _next_due_at(now, kind, readings), _alarm_on(now, kind)
    limit, impossible = _limit(now, kind), _impossible(sent)
    if not readings:
        return Tile(
            kind=kind, state=Freshness.LOST, next_due_at=next_due_at, alarm=alarm, limit=limit, impossible=impossible
        )
    last = readings[-1]
    lifetime = lifetime_by(now, last.sample.signal, is_by_hand=last.is_by_hand)
    return Tile(
        kind=kind,
        state=freshness_of(last.sample, now.at, lifetime),
        figure=_figure(now, kind, last, written),
        measured_at=min(last.sample.measured_at, last.sample.received_at),
        good_for_s=int(lifetime.fresh_s),
        is_by_hand=last.is_by_hand,
        next_due_at=next_due_at,
        since_arrival=_since_arrival(now, kind, last),
        limit=limit,
        mean_mmhg=_partner(now, Signal.MBP_MMHG, last, written) if kind is TileKind.PRESSURE else None,
        oxygen_l_per_min=now.state.watched.fact.oxygen_l_per_min if now.state.watched else None,
        alarm=alarm,
        spark=_spark(now, kind, readings) if sparks is None else sparks.get(kind, ""),
        impossible=impossible,
        source=_source(now, last),
        signal=last.sample.signal,
        other_rate=_other_rate(now, last, sent),
        etco2=_etco2(now, kind),
    )


def _impossible(sent: Iterable[Sample]) -> str | None:
    """What the monitor sent last, where that cannot be true: kept and shown as such, and no sign of life."""
    last = max(sent, key=lambda sample: sample.measured_at, default=None)
    return f"{last.value.normalize():f}" if last and last.validity is Validity.INVALID else None


def _source(now: Situation, last: Reading) -> str:
    """What the device is called, where several could have measured it."""
    return "" if last.is_by_hand or now.monitor is None else now.monitor.sources.get(last.sample.signal, "")


def _figure(now: Situation, kind: TileKind, last: Reading, written: ByHand) -> str:
    if kind is TileKind.OXYGEN:
        return f"{last.number}%"
    if kind is TileKind.PRESSURE:
        diastolic = _partner(now, Signal.DBP_MMHG, last, written)
        return f"{last.number}/{'–' if diastolic is None else diastolic}"
    return str(last.number)


def _since_arrival(now: Situation, kind: TileKind, last: Reading) -> int | None:
    """The change since the set that was charted before the start."""
    arrival = now.state.arrival_vitals
    then: int | None = getattr(arrival.fact, SIGNALS[kind][0].value) if arrival else None
    if then is None or arrival is None or arrival.occurred_at >= last.sample.measured_at:
        return None
    return last.number - then


def _next_due_at(now: Situation, kind: TileKind, readings: list[Reading]) -> datetime | None:
    if kind is not TileKind.PRESSURE:
        return None
    return pressure_again_at(now.state, measured_at=readings[-1].sample.measured_at if readings else None)


def _alarm_on(now: Situation, kind: TileKind) -> Priority | None:
    """The gravest alarm about this sign that lasts: what is seen follows the condition, what is heard the answer."""
    lasting = (alarm for alarm in now.state.alarms if alarm.cleared_at is None)
    about = {alarm.priority for alarm in lasting if alarm.condition.startswith(ABOUT[kind])}
    return next((priority for priority in Priority if priority in about), None)


def _limit(now: Situation, kind: TileKind) -> str:
    limits = now.state.watch_limits
    match kind:
        case TileKind.PRESSURE:
            return f"{limits.sbp_high_mmhg}/{limits.dbp_high_mmhg}"
        case TileKind.PULSE:
            return f"{limits.pulse_low_per_min}–{limits.pulse_high_per_min}"
        case TileKind.OXYGEN:
            return f"{limits.spo2_low_percent}%"
        case TileKind.BREATHING:
            return str(limits.resp_low_per_min)


def _spark(now: Situation, kind: TileKind, readings: list[Reading]) -> str:
    recent = [each.sample for each in readings if now.at - each.sample.measured_at <= SPARK_FOR]
    points = [(now.minute_of(sample.measured_at), float(sample.value)) for sample in recent]
    return draw_spark(points, least_span=LEAST_SPAN[kind])
