"""What should the staff be called to, now? Asked of everything that is known at a moment; nothing is remembered.

Two processes ask this of the same facts and come to the same answer, and so does either of them after a restart: which
alarms are open is one of the facts. A reading that cannot be true raises nothing and clears nothing. What has gone
silent clears nothing either. Times are aware UTC; `at` is the moment asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice

from stillroom.core.order import AlarmSettings, WatchLimits
from stillroom.core.safety import frozen
from stillroom.core.safety.limit_watch import RATES, SENSORS, Crossed, LimitWatch, limit_watches
from stillroom.core.safety.sensors import LEADS, PROBE, sensor_faults
from stillroom.core.vitals import (
    CUFF_SIGNALS,
    Freshness,
    Lifetime,
    MonitorAlarm,
    Sample,
    Signal,
    Validity,
    age_s,
    freshness_at,
    lifetime_of,
)

READINGS_FOR = timedelta(minutes=15)
"""What `assess` wants to see of pressures, and of what a hand wrote: two or three readings at common intervals."""
BY_HAND_BESIDE_S = 90.0
"""So much later than a figure by hand a reading of a monitor must be to say more: the time of a sheet is cut to the
minute. Own choice."""
STREAMED_FOR = timedelta(minutes=2)
"""And of what a monitor sends all the time: longer than any delay there is."""


BY_HAND_ALONE = lifetime_of(Signal.SBP_MMHG, interval_s=1.0, cuff_interval_s=READINGS_FOR.total_seconds() / 3)
"""A reading by hand holds as long as one by a cuff that is used as often as most orders ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSeen:
    """The monitor that stands in the room: how often it sends, how often its cuff inflates, when it was last heard."""

    interval_s: float
    cuff_interval_s: float
    last_heard_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenAlarm:
    """A high alarm that somebody has seen at `seen_at` and that still stands; by `again_at` it is heard again."""

    value: str | None
    limit: str | None
    seen_at: datetime
    again_at: datetime


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One infusion whose drip is in use, or whose patient recovers, as far as alarms ask.

    `readings` are the monitor's of the last minutes (`READINGS_FOR`, `STREAMED_FOR`) and `by_hand` what a hand wrote,
    oldest first. `sent_before`: when a good reading of a sign last came, where that is longer ago than these go back.
    `open` are the conditions raised and not cleared, `raised_at` when; `seen` the high ones of them that somebody has
    seen. A time of None: nothing of the kind lasts or is due.
    `anxious` and `nauseous` are the scores last given; None: none was, and nothing new is known.
    `has_symptom`: chest pain, headache or a nerve sign at the last look; then a pressure over `symptom_sbp_mmhg` or
    `symptom_dbp_mmhg` is grave. `pulls_at_line`: likewise seen.
    `said` are the monitor's own alarms that stand. `review_since`: alarms were silenced too often.
    `drops_and_bag_ml`: what was counted and what the bag lost, where the two cannot both be.
    `unseen_since`: when a screen last showed the room. `is_link_wanted`: the patient is still to be on the monitor.
    `spo2_by_hand_until`: so long a saturation that a hand wrote stands for one of a monitor that is silent or gone, or
    that has sent none since the start.
    `is_link_gone`: a monitor stood in the room since the start and was taken away.
    `pulse_by`: the sensor by which the monitor's rate of the heart counts; None: any that sends one.
    `is_reserve_in_use`: the disk is so full that what was kept free for this drip is being written on.
    """

    at: datetime
    limits: WatchLimits
    settings: AlarmSettings
    watched_since: datetime
    readings: Mapping[Signal, Sequence[Sample]] = field(default_factory=dict)
    by_hand: Mapping[Signal, Sequence[Sample]] = field(default_factory=dict)
    sent_before: Mapping[Signal, datetime] = field(default_factory=dict)
    link: LinkSeen | None = None
    said: tuple[MonitorAlarm, ...] = ()
    open: frozenset[str] = frozenset()
    raised_at: Mapping[str, datetime] = field(default_factory=dict)
    seen: Mapping[str, SeenAlarm] = field(default_factory=dict)
    is_hard_to_rouse: bool = False
    cannot_be_roused: bool = False
    has_symptom: bool = False
    pulls_at_line: bool = False
    symptom_sbp_mmhg: int | None = None
    symptom_dbp_mmhg: int | None = None
    anxious: int | None = None
    nauseous: int | None = None
    pressure_due_at: datetime | None = None
    watch_due_at: datetime | None = None
    saturation_due_at: datetime | None = None
    detached_due_at: datetime | None = None
    paused_at: datetime | None = None
    doubt_since: datetime | None = None
    drops_and_bag_ml: tuple[str, str] | None = None
    stream_seen_at: datetime | None = None
    ends_at: datetime | None = None
    check_due_at: datetime | None = None
    review_since: datetime | None = None
    unseen_since: datetime | None = None
    is_link_wanted: bool = True
    is_link_gone: bool = False
    pulse_by: Signal | None = None
    is_reserve_in_use: bool = False
    spo2_by_hand_until: datetime | None = None

    @cached_property
    def still(self) -> frozenset[Signal]:
        """The signs of sensors whose figures have stayed the same for longer than living ones do."""
        if self.link is None:
            return frozenset()
        longest = frozen.frozen_for(self.settings.frozen_after_s, interval_s=self.link.interval_s)
        still: set[Signal] = set()
        for pair in frozen.SENSORS.values():
            if frozen.have_stood(self.readings, pair, since=self.at - longest) and _are_fresh(self, pair):
                still |= set(pair)
        return frozenset(still)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What is so now, worth calling for, what was open and has passed, and what was seen and is to be heard again.

    `is_lost`: the monitor is silent, or gone; None: neither for long, nor heard just now.
    """

    present: tuple[Crossed, ...]
    over: frozenset[str]
    again: tuple[Crossed, ...] = ()
    is_lost: bool | None = False


def assess(watched: Watched) -> Assessment:
    """Every condition that is present, and every open one that is over. One that is neither stays as it is.

    A grave condition stands for the milder one of the same sign: that one is not raised beside it.
    """
    found = [*_of_limits(watched), *_of_times(watched)]
    present = tuple(each.crossed for each in found if each.is_present and each.crossed.condition)
    grave = {milder for each in found if each.is_present for milder in each.crossed.stands_for}
    over = {each.crossed.condition for each in found if each.is_over} & watched.open
    now = {each.condition: each for each in present}
    again = _again(watched, now, over)
    called_for = tuple(each for each in present if each.condition not in grave)
    return Assessment(called_for, frozenset(over), tuple(again), is_lost=_is_lost(watched))


@dataclass(frozen=True, slots=True)
class _Found:
    """A condition and what is known of it. Neither present nor over: nothing new is known."""

    crossed: Crossed
    is_present: bool
    is_over: bool


# --- a sign beyond a limit -------------------------------------------------------------------------------------------


def _of_limits(watched: Watched) -> Iterator[_Found]:
    """A monitor and a hand are two witnesses: either may raise; to clear, none may still say otherwise.

    Of two sensors of one rate the one that counts raises, and neither may still say otherwise.
    """
    heard_of = {signal: tuple(_heard(signal, watched)) for signal in watched.readings.keys() | watched.by_hand.keys()}
    for each in limit_watches(watched.limits, watched.settings):
        heard = [one for signal in each.signals for one in heard_of.get(signal, ())]
        crossing = (_Run(one.signal, _crossing_run(each, one.readings), one.is_hand) for one in heard)
        runs = [run for run in crossing if run.readings]
        if not runs and each.condition not in watched.open:
            continue
        lasting = [run.readings[-1].value for run in runs if _counts(run, watched) and _lasts(each, run, watched)]
        worst = max(lasting, key=each.beyond_by, default=None)
        yield _Found(
            each.crossed(worst), is_present=worst is not None, is_over=not runs and _is_over(each, heard, watched)
        )


def _is_over(each: LimitWatch, heard: Iterable[_Witness], watched: Watched) -> bool:
    """What a hand wrote before it was raised says nothing of it."""
    raised_at = watched.raised_at.get(each.condition)
    living = (one for one in heard if one.is_hand or one.signal not in watched.still)
    return any(_is_back(each, _since(raised_at, one) if one.is_hand else one.readings) for one in living)


def _since(raised_at: datetime | None, seen: _Witness) -> Sequence[Sample]:
    """A time is written in whole minutes, and so compared."""
    if raised_at is None:
        return seen.readings
    minute = raised_at.replace(second=0, microsecond=0)
    return [each for each in seen.readings if each.measured_at >= minute]


@dataclass(frozen=True, slots=True)
class _Run:
    """Readings of one signal from one source, oldest first."""

    signal: Signal
    readings: Sequence[Sample]
    is_hand: bool


@dataclass(frozen=True, slots=True)
class _Witness(_Run):
    """All of them, and the newest that can be true."""

    newest: Sample


def _heard(signal: Signal, watched: Watched) -> Iterator[_Witness]:
    """Monitor and hand, each where its newest reading is fresh."""
    for readings, is_hand in ((watched.readings, False), (watched.by_hand, True)):
        sent = readings.get(signal, ())
        newest = next(_believed(sent), None)
        if newest is None:
            continue
        lifetime = _lifetime_by_hand(newest, watched) if is_hand else _lifetime(signal, watched)
        if _is_within(lifetime, newest, watched):
            yield _Witness(signal, sent, is_hand, newest)


def _counts(run: _Run, watched: Watched) -> bool:
    return run.is_hand or watched.pulse_by is None or run.signal not in RATES or run.signal is watched.pulse_by


def _believed(readings: Sequence[Sample]) -> Iterator[Sample]:
    """Those that can be true, the newest first: most questions are answered by few."""
    return (each for each in reversed(readings) if each.validity is not Validity.INVALID)


def _newest_good(watched: Watched, signal: Signal) -> Sample | None:
    sent = reversed(watched.readings.get(signal, ()))
    return next((each for each in sent if each.validity is Validity.VALID), None)


def _crossing_run(each: LimitWatch, readings: Sequence[Sample]) -> list[Sample]:
    """The newest readings beyond the limit, oldest first, since enough good ones were back inside it by the margin.

    None while the newest that says anything is not beyond. A doubted figure that is not says nothing (SR-34).
    """
    run: list[Sample] = []
    back = 0
    for reading in _believed(readings):
        if each.is_beyond(reading.value):
            run.append(reading)
            back = 0
        elif reading.validity is Validity.VALID:
            back += each.is_inside(reading.value)
            if not run or back == each.needs_to_break:
                break
    return run[::-1]


def _lasts(each: LimitWatch, run: _Run, watched: Watched) -> bool:
    """A cuff and a hand give one figure at a time, and that is enough; a stream of figures must stay beyond.

    Never for less time than the link takes between two of them, and never one alone: no single figure of a stream calls
    anybody.
    """
    if each.is_single or run.is_hand:
        return True
    if len(run.readings) < 2:
        return False
    delay_s = max(each.delay_s, watched.link.interval_s if watched.link else 0.0)
    return watched.at - run.readings[0].measured_at >= timedelta(seconds=delay_s)


def _is_back(each: LimitWatch, readings: Sequence[Sample]) -> bool:
    """Enough good readings in a row, each back inside by the margin. No single one clears what is grave (SR-35)."""
    newest = list(islice(_believed(readings), each.needs_to_clear))
    return len(newest) == each.needs_to_clear and all(
        reading.validity is Validity.VALID and each.is_inside(reading.value) for reading in newest
    )


def _is_fresh(reading: Sample, watched: Watched) -> bool:
    return _is_within(_lifetime(reading.signal, watched), reading, watched)


def _is_within(lifetime: Lifetime, reading: Sample, watched: Watched) -> bool:
    return freshness_at(age_s(reading, watched.at), lifetime) is Freshness.FRESH


def _lifetime(signal: Signal, watched: Watched) -> Lifetime:
    link = watched.link
    if link is None:
        return BY_HAND_ALONE
    return lifetime_of(signal, interval_s=link.interval_s, cuff_interval_s=link.cuff_interval_s)


def _lifetime_by_hand(written: Sample, watched: Watched) -> Lifetime:
    """As long as a cuff's, unless a monitor has sent the sign since: that says more, also when it is silent again."""
    if written.signal in CUFF_SIGNALS:
        sent = _lifetime(written.signal, watched)
        return Lifetime(max(sent.fresh_s, BY_HAND_BESIDE_S), max(sent.stale_s, BY_HAND_BESIDE_S))
    since = written.measured_at + timedelta(seconds=BY_HAND_BESIDE_S)
    same = RATES if written.signal in RATES else (written.signal,)
    newest = (next(_believed(watched.readings.get(signal, ())), None) for signal in same)
    is_sent = any(reading is not None and reading.measured_at > since for reading in newest)
    return Lifetime(BY_HAND_BESIDE_S, BY_HAND_BESIDE_S) if is_sent else BY_HAND_ALONE


# --- what was seen, and still stands ---------------------------------------------------------------------------------


def _again(watched: Watched, now: Mapping[str, Crossed], over: set[str]) -> Iterator[Crossed]:
    """What is to be heard again: a high alarm whose time is over, or what is clearly worse than when it was seen."""
    for condition, seen in watched.seen.items():
        if condition in over:
            continue
        if watched.at >= seen.again_at:
            yield now.get(condition, Crossed(condition, seen.value, seen.limit))
        elif (worse := _worse(condition, seen, watched)) is not None:
            yield Crossed(condition, worse, seen.limit)


def _worse(condition: str, seen: SeenAlarm, watched: Watched) -> str | None:
    """The figure that since lies beyond what was seen by more than a step, for as long as its limit asks."""
    for each in limit_watches(watched.limits, watched.settings):
        if each.condition != condition or seen.value is None:
            continue
        shown = max((Decimal(seen.value), *_shown_when(seen, each, watched)), key=each.beyond_by)
        further = each.further_than(shown)
        values = _lasting_beyond(further, seen, watched) if further else []
        return each.crossed(max(values, key=each.beyond_by)).value if values else None
    return None


def _shown_when(seen: SeenAlarm, each: LimitWatch, watched: Watched) -> Iterator[Decimal]:
    """What the monitor had sent last when it was seen."""
    for signal in each.signals:
        sent = (one for one in reversed(watched.readings.get(signal, ())) if one.measured_at <= seen.seen_at)
        yield from (one.value for one in islice((one for one in sent if one.validity is Validity.VALID), 1))


def _lasting_beyond(further: LimitWatch, seen: SeenAlarm, watched: Watched) -> list[Decimal]:
    heard = (one for signal in further.signals for one in _heard(signal, watched))
    runs = (replace(one, readings=_crossing_run(further, _after_seen(seen, one))) for one in heard)
    return [
        run.readings[-1].value
        for run in runs
        if run.readings and _counts(run, watched) and _lasts(further, run, watched)
    ]


def _after_seen(seen: SeenAlarm, one: _Witness) -> Sequence[Sample]:
    """By the clock of a monitor, and by the minutes of a sheet."""
    if one.is_hand:
        return _since(seen.seen_at, one)
    return [each for each in one.readings if each.measured_at > seen.seen_at]


# --- something missing, or lasting too long --------------------------------------------------------------------------


def _of_times(watched: Watched) -> Iterator[_Found]:
    settings = watched.settings
    overdue = timedelta(minutes=settings.overdue_after_min), timedelta(minutes=settings.long_overdue_after_min)
    pause = timedelta(minutes=settings.pause_long_after_min), timedelta(minutes=settings.pause_too_long_after_min)
    yield from _of_link(watched)
    yield from _of_sensors(watched)
    yield from _of_rousing(watched)
    yield _of_symptoms(watched)
    yield _Found(Crossed("line_endangered"), watched.pulls_at_line, is_over=not watched.pulls_at_line)
    yield _of_score(watched, "distress_high", watched.anxious, settings.anxious_from)
    yield _of_score(watched, "nausea_high", watched.nauseous, settings.nauseous_from)
    yield from _after(watched, "pressure_overdue", "pressure_long_overdue", watched.pressure_due_at, *overdue)
    yield from _after(watched, "watch_overdue", "watch_long_overdue", watched.watch_due_at, *overdue)
    saturation = ("saturation_overdue", "saturation_long_overdue")
    yield from _after(watched, *saturation, None if _is_link_missed(watched) else watched.saturation_due_at, *overdue)
    yield _lasting(watched, "detached_overdue", watched.detached_due_at, overdue[0])
    yield from _after(watched, "paused_long", "paused_too_long", watched.paused_at, *pause)
    yield _lasting(watched, "doubt_lasts", watched.doubt_since, timedelta(seconds=settings.doubt_lasts_after_s))
    yield _of_drops_and_bag(watched)
    yield _lasting(watched, "stream_running", watched.stream_seen_at, timedelta(0))
    yield _lasting(watched, "end_overdue", watched.ends_at, overdue[0])
    yield from _after(watched, "check_overdue", "check_long_overdue", watched.check_due_at, *overdue)
    yield _lasting(watched, "review_wanted", watched.review_since, timedelta(0))
    in_use = watched.is_reserve_in_use
    yield _Found(Crossed("disk_reserve_in_use"), in_use, is_over=not in_use)
    yield _lasting(watched, "no_screen", watched.unseen_since, timedelta(seconds=settings.no_screen_after_s))


def _after(
    watched: Watched, condition: str, graver: str, since: datetime | None, first: timedelta, second: timedelta
) -> Iterable[_Found]:
    """Two conditions of one thing that lasts; the second takes the first one's place."""
    grave = _lasting(watched, graver, since, second, stands_for=(condition,))
    milder = _lasting(watched, condition, since, first)
    return grave, _Found(milder.crossed, milder.is_present, milder.is_over or grave.is_present)


def _lasting(
    watched: Watched,
    condition: str,
    since: datetime | None,
    longer_than: timedelta,
    *,
    stands_for: tuple[str, ...] = (),
) -> _Found:
    is_present = since is not None and watched.at - since >= longer_than
    return _Found(Crossed(condition, stands_for=stands_for), is_present, not is_present)


def _of_link(watched: Watched) -> Iterator[_Found]:
    """A silent monitor, one that is gone, one that sends all but the saturation. Where none ever was none is missed.

    A saturation that is missing for long is grave whatever the reason (safety.md 2.4), and says it for the monitor too;
    where that is silent, or has sent none since the start, one that a hand wrote down lately stands for it.
    """
    is_lost = _is_lost(watched)
    if not _is_link_missed(watched):
        yield _Found(Crossed("monitor_lost"), is_present=False, is_over=True)
        yield _Found(Crossed("spo2_missing"), is_present=False, is_over=True)
        return
    until = watched.spo2_by_hand_until
    is_measured_by_hand = bool(is_lost) or not was_saturation_sent(
        watched.readings, watched.sent_before, since=watched.watched_since
    )
    is_by_hand = is_measured_by_hand and until is not None and watched.at < until
    is_missing = _is_spo2_missing(watched) and not is_by_hand
    is_heard = watched.link is not None and _are_two_heard(watched, Signal.SPO2_PERCENT)
    is_heard = is_heard and Signal.SPO2_PERCENT not in watched.still
    missing = Crossed("spo2_missing", stands_for=("probe_fault", "monitor_lost"))
    yield _Found(missing, is_missing, is_over=is_heard or is_by_hand)
    yield _Found(Crossed("monitor_lost"), is_lost is True, is_over=is_lost is False or is_missing)


def was_saturation_sent(readings: frozen.Readings, sent_before: Mapping[Signal, datetime], *, since: datetime) -> bool:
    """A good one since then, by whatever monitor stood in the room."""
    sent = reversed(readings.get(Signal.SPO2_PERCENT, ()))
    good_at = next((each.measured_at for each in sent if each.validity is Validity.VALID), None)
    sent_at = good_at or sent_before.get(Signal.SPO2_PERCENT)
    return sent_at is not None and sent_at >= since


def _is_link_missed(watched: Watched) -> bool:
    return watched.is_link_wanted and (watched.link is not None or watched.is_link_gone)


def _is_lost(watched: Watched) -> bool | None:
    if not _is_link_missed(watched):
        return False
    if watched.link is None:
        return True
    lifetime = _lifetime(Signal.SPO2_PERCENT, watched)
    silent_s = (watched.at - (watched.link.last_heard_at or watched.watched_since)).total_seconds()
    if silent_s > lifetime.stale_s:
        return True
    return False if silent_s <= lifetime.fresh_s else None


def _is_spo2_missing(watched: Watched) -> bool:
    good = _newest_good(watched, Signal.SPO2_PERCENT)
    missing_s = (watched.at - (good.measured_at if good else watched.watched_since)).total_seconds()
    stale_s = _lifetime(Signal.SPO2_PERCENT, watched).stale_s if watched.link else 0.0
    return missing_s > max(float(watched.settings.spo2_missing_after_s), stale_s)


def _are_two_heard(watched: Watched, signal: Signal) -> bool:
    """Two in a row, as one message brings them and the next: no single reading ends what is grave (SR-35)."""
    newest = list(islice(_believed(watched.readings.get(signal, ())), 2))
    if len(newest) < 2 or any(each.validity is not Validity.VALID for each in newest):
        return False
    apart_s = (newest[0].measured_at - newest[1].measured_at).total_seconds()
    return _is_fresh(newest[0], watched) and apart_s <= _lifetime(signal, watched).fresh_s


# --- a sensor that is off, or measures no more -----------------------------------------------------------------------


def _of_sensors(watched: Watched) -> Iterator[_Found]:
    """What the monitor says of its sensors; leads and breaths that fell silent; figures that stay the same.

    What one said that was taken away stands.
    """
    if watched.link is None and watched.is_link_gone and watched.is_link_wanted:
        return
    if watched.link is None or not watched.is_link_wanted:
        for condition in (*SENSORS, *frozen.SENSORS, "leads_missing", "resp_missing"):
            yield _Found(Crossed(condition), is_present=False, is_over=True)
        return
    faults = sensor_faults(watched.said)
    for condition in sorted(SENSORS):
        said = Crossed(condition, stands_for=("leads_missing",) if condition == "leads_off" else ())
        yield _Found(said, condition in faults, is_over=condition not in faults)
    yield _of_silence(watched, Signal.HEART_RATE_PER_MIN, "leads_missing")
    yield _of_silence(watched, Signal.RESP_PER_MIN, "resp_missing")
    for condition, pair in frozen.SENSORS.items():
        is_still = not watched.still.isdisjoint(pair)
        newest = (next(_believed(watched.readings.get(signal, ())), None) for signal in pair)
        is_heard = any(reading is not None and _is_fresh(reading, watched) for reading in newest)
        yield _Found(Crossed(condition), is_still, is_over=is_heard and not is_still)


def _of_silence(watched: Watched, signal: Signal, condition: str) -> _Found:
    """A sign that was sent and is not any more, while the monitor is heard. One that was never sent is not missed."""
    good = _newest_good(watched, signal)
    sent_at = good.measured_at if good else watched.sent_before.get(signal)
    was_sent = sent_at is not None and sent_at >= watched.watched_since
    silent_s = (watched.at - sent_at).total_seconds() if sent_at else 0.0
    longest_s = max(float(watched.settings.spo2_missing_after_s), _lifetime(signal, watched).stale_s)
    others = (each for other, each in watched.readings.items() if other in (PROBE | LEADS) - {signal} and each)
    is_monitor_heard = any(_is_fresh(each[-1], watched) for each in others)
    is_over = good is not None and was_sent and _is_fresh(good, watched)
    return _Found(Crossed(condition), was_sent and silent_s > longest_s and is_monitor_heard, is_over)


def _are_fresh(watched: Watched, pair: Iterable[Signal]) -> bool:
    return all(_is_fresh(watched.readings[signal][-1], watched) for signal in pair)


def _of_drops_and_bag(watched: Watched) -> _Found:
    counted_ml, bag_ml = watched.drops_and_bag_ml or (None, None)
    is_present = watched.drops_and_bag_ml is not None
    return _Found(Crossed("drops_and_bag_differ", counted_ml, bag_ml), is_present, not is_present)


def _of_rousing(watched: Watched) -> Iterator[_Found]:
    grave = watched.cannot_be_roused
    yield _Found(Crossed("cannot_be_roused", stands_for=("hard_to_rouse",)), grave, is_over=not grave)
    yield _Found(Crossed("hard_to_rouse"), watched.is_hard_to_rouse, is_over=not watched.is_hard_to_rouse)


def _of_symptoms(watched: Watched) -> _Found:
    """Beside them a pressure that is only worth a glance is an emergency. Over with them, or when both are back."""
    if not watched.has_symptom:
        return _Found(Crossed("pressure_with_symptom"), is_present=False, is_over=True)
    levels = ((Signal.SBP_MMHG, watched.symptom_sbp_mmhg), (Signal.DBP_MMHG, watched.symptom_dbp_mmhg))
    heard = [
        (_beside_symptoms(signal, level, watched.settings), list(_heard(signal, watched)))
        for signal, level in levels
        if level is not None
    ]
    beyond = [(one.newest.value, each) for each, ones in heard for one in ones if each.is_beyond(one.newest.value)]
    is_over = bool(heard) and not beyond and all(_is_over(each, ones, watched) for each, ones in heard)
    value, worst = max(beyond, key=lambda each: each[0], default=(None, None))
    crossed = worst.crossed(value) if worst else Crossed("pressure_with_symptom")
    return _Found(crossed, bool(beyond), is_over)


def _beside_symptoms(signal: Signal, level: int, settings: AlarmSettings) -> LimitWatch:
    return LimitWatch(
        condition="pressure_with_symptom",
        signals=(signal,),
        limit=level,
        is_high=True,
        margin=settings.pressure_margin_mmhg,
        delay_s=0,
        is_single=True,
        needs_to_clear=2,
    )


def _of_score(watched: Watched, condition: str, score: int | None, calls_from: int) -> _Found:
    """What the patient says, from the score at which the order calls somebody; over when they say less."""
    is_present = score is not None and score >= calls_from
    crossed = Crossed(condition, None if score is None else str(score), str(calls_from))
    return _Found(crossed, is_present, is_over=score is not None and score < calls_from)
