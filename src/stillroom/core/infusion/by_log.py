"""What do alarms ask of the log alone? Worked out once, and again when the log has grown; never by the clock.

Of a log nothing is forgotten here and nothing added: for the same entries it is always the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from stillroom.core.drip.comparing import Apart, apart
from stillroom.core.drip.history import History
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.due import DRIP_IN_USE, last_pressure_at
from stillroom.core.infusion.elapsed import Running, running
from stillroom.core.infusion.review import review_wanted_since
from stillroom.core.infusion.state import AFTER, InfusionState, Status, settings_of
from stillroom.core.infusion.timeline import drip_history
from stillroom.core.order import AlarmSettings
from stillroom.core.vitals import Sample, Signal, is_possible

CHARTED: Mapping[str, Signal] = {
    "sbp_mmhg": Signal.SBP_MMHG,
    "dbp_mmhg": Signal.DBP_MMHG,
    "pulse_per_min": Signal.PULSE_PER_MIN,
    "spo2_percent": Signal.SPO2_PERCENT,
    "resp_per_min": Signal.RESP_PER_MIN,
    "breaths_per_min": Signal.RESP_PER_MIN,
}


@dataclass(frozen=True, slots=True)
class Extremes:
    """Of both pressures, where both were measured."""

    highest_sbp_mmhg: int
    lowest_sbp_mmhg: int
    highest_dbp_mmhg: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLog:
    """How the drip ran, when a pressure was last charted, every sign that a hand wrote down, and what was said last.

    `extremes`: of the pressures charted since the start; `from_monitor_at`: when one of the monitor's was last written
    down.
    `drops_and_bag_ml`: what was counted and what the bag lost, where the two cannot both be. `review_since`: alarms
    were silenced too often. `watched_again_at`: until when it was last said that nobody had watched.
    """

    ran: Running
    pressure_at: datetime | None
    extremes: Extremes | None
    from_monitor_at: datetime | None
    by_hand: tuple[Sample, ...]
    anxious: int | None
    nauseous: int | None
    drops_and_bag_ml: tuple[str, str] | None
    review_since: datetime | None
    watched_again_at: datetime | None


def by_log(state: InfusionState, surviving: Sequence[e.Logged]) -> ByLog:
    """Of the surviving entries of a log, and the state that they fold to."""
    is_in_use = is_dripping(state)
    resumed = (each.fact for each in reversed(surviving))
    return ByLog(
        ran=running(surviving),
        pressure_at=last_pressure_at(surviving),
        extremes=_extremes(state, surviving),
        from_monitor_at=_from_monitor_at(surviving),
        by_hand=tuple(_by_hand(surviving)),
        anxious=_last_score(surviving, "anxious") if is_in_use or state.status in AFTER else 0,
        nauseous=_last_score(surviving, "nauseous") if is_in_use or state.status in AFTER else 0,
        drops_and_bag_ml=_drops_and_bag_ml(surviving, settings_of(state)) if is_in_use else None,
        review_since=review_wanted_since(surviving, settings_of(state)) if is_in_use else None,
        watched_again_at=next((fact.until for fact in resumed if isinstance(fact, e.WatchResumed)), None),
    )


def is_dripping(state: InfusionState) -> bool:
    """Also while it is in doubt whether a clamp was opened."""
    return state.status in DRIP_IN_USE or (state.status is Status.READY and state.may_be_running)


def _drops_and_bag_ml(surviving: Sequence[e.Logged], settings: AlarmSettings) -> tuple[str, str] | None:
    if not any(isinstance(each.fact, e.BagRead) for each in surviving):
        return None
    history = drip_history(surviving)
    found = differing(history, settings) if history else None
    if found is None or not found.is_beyond(settings.volumes_differ_percent):
        return None
    return str(round(found.counted_ml)), str(round(found.bag_ml))


def differing(history: History, settings: AlarmSettings) -> Apart | None:
    """Counted drops and the bag, if they differ by more than the order lets pass unsaid."""
    notice, alarm = settings.volumes_notice_percent, settings.volumes_differ_percent
    return apart(history, notice_percent=notice, alarm_percent=alarm)


def _last_score(surviving: Sequence[e.Logged], name: str) -> int | None:
    """What the patient last said, in a look or a recovery check, and not what was written down last.

    A look without an answer changes nothing.
    """
    looks = (each for each in surviving if isinstance(each.fact, e.PatientWatched | e.RecoveryChecked))
    in_time = sorted(looks, key=lambda each: each.occurred_at)
    scores: Iterator[int | None] = (getattr(each.fact, name) for each in reversed(in_time))
    return next((score for score in scores if score is not None), None)


def _by_hand(surviving: Iterable[e.Logged]) -> Iterator[Sample]:
    """Vital signs that a hand charted, by whichever sheet. What the chart took from the monitor is there already."""
    for entry in surviving:
        if not _is_of_hand(entry.fact):
            continue
        for name, signal in CHARTED.items():
            value = getattr(entry.fact, name, None)
            if value is not None and is_possible(signal, Decimal(value)):
                yield Sample(signal, Decimal(value), entry.occurred_at, entry.recorded_at)


def _is_of_hand(fact: e.Fact) -> bool:
    is_set = isinstance(fact, e.VitalsCharted) and fact.source is e.Source.BY_HAND
    return is_set or isinstance(fact, e.PatientWatched | e.RecoveryChecked)


def _extremes(state: InfusionState, surviving: Iterable[e.Logged]) -> Extremes | None:
    began_at = state.started_at
    sets = (
        (each.fact.sbp_mmhg, each.fact.dbp_mmhg)
        for each in surviving
        if isinstance(each.fact, e.VitalsCharted | e.RecoveryChecked) and began_at and each.occurred_at > began_at
    )
    seen = [(sbp, dbp) for sbp, dbp in sets if sbp is not None and dbp is not None]
    if not seen:
        return None
    upper, lower = [sbp for sbp, _ in seen], [dbp for _, dbp in seen]
    return Extremes(max(upper), min(upper), max(lower))


def _from_monitor_at(surviving: Iterable[e.Logged]) -> datetime | None:
    return max((each.recorded_at for each in surviving if is_from_monitor(each.fact)), default=None)


def is_from_monitor(fact: e.Fact) -> bool:
    """Whether the chart has this set of vital signs from the monitor, and not from a hand."""
    return isinstance(fact, e.VitalsCharted) and fact.source is e.Source.MONITOR
