"""One look of a watch: at every infusion whose drip is in use, and what has happened is written down.

Two of them always run, and both judge. What they ask is the same, so what one has written the other finds open and
leaves. Should both write at the same moment, they send the same act, and the log keeps it once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import chain, islice
from typing import Any, NamedTuple
from uuid import UUID, uuid4, uuid5

from stillroom.clinics import clock
from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.by_log import ByLog, by_log
from stillroom.core.infusion.charting import to_chart
from stillroom.core.infusion.commands import Author, Record
from stillroom.core.infusion.fold import apply, fold, surviving
from stillroom.core.infusion.state import BEFORE_INFUSING, InfusionState
from stillroom.core.infusion.unwatched import UNWATCHED_AFTER, Gap, gap_before, watch_resumed
from stillroom.core.infusion.urgency import GRAVE, urgency
from stillroom.core.infusion.watching import MonitorHeard, noticed
from stillroom.core.safety.frozen import Readings, frozen_for_at_most, may_be_frozen
from stillroom.core.safety.watch import READINGS_FOR, STREAMED_FOR, LinkSeen
from stillroom.core.vitals import CUFF_SIGNALS, NOT_JUDGED, MonitorAlarm, Signal
from stillroom.devices.arrived import Seen
from stillroom.devices.assignments import DeviceHere, devices_in, own_monitors, standing_at, taken_from
from stillroom.devices.last_sent import lacking, last_sent
from stillroom.devices.monitor_alarms import monitor_alarms_in
from stillroom.devices.outcalls import keep_call, keep_help
from stillroom.devices.screens import is_first_watcher, last_looked_at, screens_now, watcher_looked
from stillroom.devices.sources import changed_in, let_count, slowest_in
from stillroom.devices.window import Window, bring_up
from stillroom.infusions.acts import perform
from stillroom.infusions.called import heads_called_after_leaving
from stillroom.infusions.models import HERE, Infusion
from stillroom.infusions.reading import entries_of, state_of
from stillroom.infusions.reserve import reserve

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
SAYS_SO_EVERY_S = 1.0
LATE_S = 0.2
"""A monitor that sends each second is judged when it has sent, and not shortly before that as well."""
WRITES_AT_A_LOOK = 40
"""Of what is not grave. What is left is so at the next look too and found again then: so a storm of alarms keeps no
look from its second, and a grave one that begins in the middle of it waits for these at most (F20)."""
WRITES_AT_LEAST = 8
WRITES_FOR_S = 0.5
"""After so many none is begun later than this: a busy machine, that takes long over each, writes fewer at a look."""
IN_A_ROW = 5
"""Messages of a slow monitor that are read at least: two good ones in a row end an alarm, and one that fell silent is
missed after four."""
CHARTS_AT_A_LOOK = 8
"""Of the monitor's pressures; the others at the next looks. The first look at a large house finds one in every room."""
CHARTS_EVERY_S = 10.0
"""So often a room's pressures are looked through for one to chart: some send one each second, and paper can wait."""
STREAMED = set(Signal) - CUFF_SIGNALS - NOT_JUDGED
CHARTED_LATE = "Charted from what the monitor had sent"
WATCH = Author(by="system:watch", role="system")
ACTS_OF_WATCH = UUID("0b2f4a52-54f7-4f0b-9c1e-6b9f6d5f7a31")
"""The name space of its acts: two processes that notice the same thing after the same entry make the same act."""


@dataclass(frozen=True, slots=True)
class Said:
    """When a clinic was last told that it is watched, and whether by the first who watches it."""

    at_s: float
    is_first: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """A log as last read, so that only one that grew is read again."""

    entries: tuple[e.Logged, ...]
    surviving: tuple[e.Logged, ...]
    state: InfusionState
    says: ByLog

    @classmethod
    def of(cls, entries: tuple[e.Logged, ...]) -> Kept:
        state, left = fold(entries), tuple(surviving(entries))
        return cls(entries, left, state, by_log(state, left))

    def and_then(self, later: Sequence[e.Logged]) -> Kept:
        """With what was written since. A correction changes the past, so all is judged anew."""
        entries = (*self.entries, *later)
        if any(isinstance(each.fact, e.EntryCorrected) for each in later):
            return Kept.of(entries)
        state, left = reduce(apply, later, self.state), (*self.surviving, *later)
        return Kept(entries, left, state, by_log(state, left))


class Here(NamedTuple):
    """An infusion whose patient is in the clinic, as far as a watch asks: at every look, and of every room."""

    pk: UUID
    room_id: UUID
    status: str
    is_in_doubt: bool
    last_seq: int

    @classmethod
    def of_clinic(cls, **only: Any) -> list[Here]:
        return [
            cls(*row) for row in Infusion.objects.filter(status__in=HERE, **only).order_by().values_list(*cls._fields)
        ]

    @property
    def is_on_a_drip(self) -> bool:
        return self.is_in_doubt or self.status not in BEFORE_INFUSING


class Watching:
    """All infusions of all clinics, looked at again and again."""

    def __init__(self, now: Callable[[], datetime] = clock.now) -> None:
        self._now = now
        self._kept: dict[UUID, Kept] = {}
        self._helped: dict[UUID, datetime] = {}
        self._left: dict[UUID, int] = {}
        self._charted_s: dict[UUID, float] = {}
        self._cuff, self._streamed = Window(CUFF_SIGNALS), Window(STREAMED)
        self._process = uuid4()
        self._is_reserve_in_use = False
        self._is_anybody_on_a_drip = True  # until it is known that nobody is
        self._judged_s: dict[UUID, float] = {}
        self._rooms: frozenset[UUID] = frozenset()
        self._said: dict[UUID, Said] = {}
        self._gaps: dict[UUID, Gap] = {}
        self.is_first = False  # until it has looked

    @property
    def is_due_at_s(self) -> float:
        """When whoever was judged longest ago is so again, by the monotonic clock."""
        return LOOK_EVERY_S + LATE_S + min(self._judged_s.values(), default=time.monotonic())

    def look(self, sent: frozenset[UUID] | None = None) -> int:
        """One look at everything; how many facts were written. What is wrong with one infusion stops no other.

        With `sent`, at what can have changed: rooms in which these devices stand, logs that have grown, and who was not
        judged for `LOOK_EVERY_S`.
        """
        self._keep_reserve()
        began_s = time.monotonic()
        open_infusions: set[UUID] = set()
        open_rooms: set[UUID] = set()
        is_anybody_on_a_drip = False
        firsts: list[bool] = []
        written = 0
        for clinic_id in clinic_ids():
            with clinic_scope(clinic_id, by=WATCH.by):
                here = Here.of_clinic()
                open_infusions |= {infusion.pk for infusion in here}
                open_rooms |= {infusion.room_id for infusion in here}
                is_anybody_on_a_drip |= any(each.is_on_a_drip for each in here)
                wanted = here if sent is None else list(self._due(here, _rooms_of(sent, self._now()), began_s))
                if wanted:
                    said = self._said.get(clinic_id)
                    if said is None or began_s - said.at_s > UNWATCHED_AFTER.total_seconds():  # whatever a clock says
                        self._gaps |= _gap_in(clinic_id, self._now())
                found = self._noticed(wanted, self._gaps.get(clinic_id)) if wanted else {}
                charts = self._to_chart(wanted, began_s)
                self._judged_s.update(dict.fromkeys((each.pk for each in wanted), began_s))
            written += sum(self._write(clinic_id, *each) for each in _gravest_first(found))
            self._call_for_help(clinic_id, wanted)
            open_infusions |= self._call_for_who_left(clinic_id)
            written += sum(self._chart(clinic_id, *each) for each in islice(charts, CHARTS_AT_A_LOOK))
            if here and (found or not wanted):
                firsts.append(self._say_that_it_looked(clinic_id, began_s, at_all=sent is None))
        self._judged_s = {pk: at_s for pk, at_s in self._judged_s.items() if pk in open_infusions}
        self._kept = {pk: kept for pk, kept in self._kept.items() if pk in open_infusions}
        self._charted_s = {pk: at_s for pk, at_s in self._charted_s.items() if pk in open_infusions}
        self._helped = {pk: called_at for pk, called_at in self._helped.items() if pk in open_infusions}
        self._left = {pk: seq for pk, seq in self._left.items() if pk in open_infusions}
        self._rooms = frozenset(open_rooms)
        self._keep_readings(self._rooms)
        self._is_anybody_on_a_drip = is_anybody_on_a_drip
        self.is_first = any(firsts) or not firsts
        return written

    def beside(self) -> Watching:
        """One that judges as this one does and shares with it nothing that changes: for another thread."""
        return Watching(self._now)

    def look_at(self, seen: Collection[Seen], *, whole: Watching) -> int:
        """A look at these alone, in which somebody has just written down what they saw: how many facts were written.

        `whole` is the one that looks at everything: where its last look was, and how far it has read each log.
        """
        self._is_reserve_in_use, known = whole._is_reserve_in_use, whole._kept
        self._kept = {infusion_id: known[infusion_id] for _, infusion_id in seen if infusion_id in known}
        self._keep_readings(whole._rooms)
        written = 0
        for clinic_id in {clinic_id for clinic_id, _ in seen}:
            with clinic_scope(clinic_id, by=WATCH.by):
                of_clinic = [infusion_id for each, infusion_id in seen if each == clinic_id]
                here = Here.of_clinic(pk__in=of_clinic)
                found = self._noticed(here) if here else {}
            written += sum(self._write(clinic_id, *each) for each in _gravest_first(found))
        return written

    def _keep_readings(self, rooms: Collection[UUID]) -> None:
        """Of these rooms alone."""
        self._cuff.keep_only(rooms)
        self._streamed.keep_only(rooms)

    def _keep_reserve(self) -> None:
        """Before the database is asked, which a full disk may have stopped: by what was so at the last look."""
        try:
            reserve().keep(is_running=self._is_anybody_on_a_drip)
            self._is_reserve_in_use = reserve().is_given_up
        except OSError:
            log.exception("the reserve on the disk could not be looked after")

    def _due(self, here: Iterable[Here], rooms: Collection[UUID], began_s: float) -> Iterator[Here]:
        for each in here:
            kept, judged_s = self._kept.get(each.pk), self._judged_s.get(each.pk)
            has_grown = kept is None or kept.state.last_seq < each.last_seq
            if has_grown or each.room_id in rooms or judged_s is None or began_s - judged_s >= LOOK_EVERY_S + LATE_S:
                yield each

    def _say_that_it_looked(self, clinic_id: UUID, began_s: float, *, at_all: bool) -> bool:
        """Pages that hear nothing of this for some seconds say that nobody watches. Whether it is the first of them.

        After a look at some, once a second: whoever was not judged in that time was due in this look.
        """
        said = self._said.get(clinic_id)
        if at_all or said is None or began_s - said.at_s >= SAYS_SO_EVERY_S:
            with clinic_scope(clinic_id, by=WATCH.by):
                at = self._now()
                watcher_looked(self._process, clinic_id=clinic_id, at=at)
                before, said = said, Said(began_s, is_first_watcher(self._process, at=at))
            self._said[clinic_id] = said
            if said.is_first and _was_second(before, began_s):
                log.warning("clinic %s: the first watch has not looked in time; this one goes first now", clinic_id)
        return said.is_first

    def _noticed(self, here: Collection[Here], gap: Gap | None = None) -> dict[UUID, tuple[e.Fact, ...]]:
        """With it, once, that nobody watched before: what one look cannot write of it, the next ones do."""
        at = self._now()
        rooms = {each.room_id for each in here}
        devices = devices_in(rooms, at)
        changed, slowest, said = changed_in(devices, at), slowest_in(devices), monitor_alarms_in(devices, at)
        monitors = {
            room: _heard(monitor, said.get(room, ()), slowest.get(room, (0, 0)))
            for room, monitor in own_monitors(devices).items()
        }
        without = rooms - monitors.keys()
        taken = taken_from(without, at) if without else {}
        readings, screens = self._readings(rooms, monitors, at), screens_now(at)
        known = self._with_their_logs(here)
        sent_before = _sent_before(known, readings, at)
        found: dict[UUID, tuple[e.Fact, ...]] = {}
        for infusion, kept in known:
            try:
                judged = noticed(
                    kept.state,
                    kept.surviving,
                    readings[infusion.room_id],
                    monitors.get(infusion.room_id),
                    at=at,
                    screens=screens.of(infusion.pk),
                    is_reserve_in_use=self._is_reserve_in_use,
                    is_monitor_gone=_is_gone(kept.state, taken.get(infusion.room_id)),
                    sent_before=sent_before.get(infusion.pk, {}),
                    log=kept.says,
                )
                resumed = watch_resumed(kept.state, kept.says, gap)
                found[infusion.pk] = (*changed.get(infusion.room_id, ()), *judged, *((resumed,) if resumed else ()))
            except (ValueError, ArithmeticError):
                log.exception("infusion %s could not be judged", infusion.pk)
        return found

    def _readings(self, rooms: set[UUID], monitors: Mapping[UUID, MonitorHeard], at: datetime) -> dict[UUID, Readings]:
        """Of each room what `assess` wants to see: pressures of a quarter of an hour, and of the rest two minutes.

        Where two signs of a sensor have not changed in that time, further back: they may have stopped long ago.
        """
        cuff_since, since = (dict.fromkeys(rooms, at - each) for each in (READINGS_FOR, STREAMED_FOR))
        for room in rooms & monitors.keys():
            since[room] = min(since[room], at - IN_A_ROW * timedelta(seconds=monitors[room].link.interval_s))
        bring_up({self._cuff: cuff_since, self._streamed: since}, at=at)
        streamed = {room: self._streamed.of(room, since=since[room], until=at) for room in rooms}
        for room, monitor in monitors.items():
            if room in rooms and may_be_frozen(streamed[room]):
                since[room] = min(since[room], at - frozen_for_at_most(monitor.link.interval_s))
        bring_up({self._streamed: self._streamed.lacking(since)}, at=at)
        self._streamed.keep(since)
        self._cuff.keep(cuff_since)
        further = {room for room, each in since.items() if each < at - STREAMED_FOR}
        streamed |= {room: self._streamed.of(room, since=since[room], until=at) for room in further}
        return {room: self._cuff.of(room, since=cuff_since[room], until=at) | streamed[room] for room in rooms}

    def _with_their_logs(self, here: Iterable[Here]) -> list[tuple[Here, Kept]]:
        """Without those whose log cannot be read."""
        known: list[tuple[Here, Kept]] = []
        for each in here:
            try:
                known.append((each, self._brought_up(each)))
            except (ValueError, ArithmeticError):
                log.exception("the log of infusion %s could not be read", each.pk)
        return known

    def _brought_up(self, infusion: Here) -> Kept:
        kept = self._kept.get(infusion.pk)
        if kept is None or kept.state.last_seq < infusion.last_seq:
            if kept is None:
                kept = Kept.of(tuple(entries_of(infusion.pk)))
            else:
                kept = kept.and_then(entries_of(infusion.pk, after=len(kept.entries)))
            self._kept[infusion.pk] = kept
        return kept

    def _write(self, clinic_id: UUID, infusion_id: UUID, fact: e.Fact) -> bool:
        """Each fact is one act, in a transaction of its own: if one is refused, the next is written all the same."""
        seen_seq = self._kept[infusion_id].state.last_seq
        with clinic_scope(clinic_id, by=WATCH.by):
            answer = perform(
                act_id=uuid5(ACTS_OF_WATCH, f"{infusion_id} {_name(fact, seen_seq)}"),
                infusion_id=infusion_id,
                command=Record(fact=fact),
                author=WATCH,
                seen_seq=seen_seq,
                received_at=self._now(),
            )
            if isinstance(fact, e.SourceChanged):
                let_count(Infusion.objects.get(pk=infusion_id).room_id, fact)
            if answer.outcome == "done" and isinstance(fact, e.AlarmEscalated):
                self._call_out(infusion_id, fact)
        return answer.outcome == "done"

    def _to_chart(self, here: Iterable[Here], began_s: float) -> list[tuple[UUID, e.Dated]]:
        """By infusion, of what has been judged: which of the monitor's pressures to write down."""
        at = self._now()
        found: list[tuple[UUID, e.Dated]] = []
        for each in here:
            kept = self._kept.get(each.pk)
            if kept is None or began_s - self._charted_s.get(each.pk, began_s - CHARTS_EVERY_S) < CHARTS_EVERY_S:
                continue
            pressures = self._cuff.of(each.room_id, since=at - READINGS_FOR, until=at)
            streamed = self._streamed.of(each.room_id, since=at - STREAMED_FOR, until=at)
            try:
                charted = to_chart(kept.state, kept.entries, kept.says, pressures | streamed, at=at)
            except (ValueError, ArithmeticError):
                charted = None
                log.exception("what the monitor of infusion %s measured could not be charted", each.pk)
            if charted is None:
                self._charted_s[each.pk] = began_s
            else:
                found.append((each.pk, charted))
        return found

    def _chart(self, clinic_id: UUID, infusion_id: UUID, charted: e.Dated) -> bool:
        """Once, whoever writes it: by when it was measured."""
        with clinic_scope(clinic_id, by=WATCH.by):
            answer = perform(
                act_id=uuid5(ACTS_OF_WATCH, f"{infusion_id} charted {charted.occurred_at.isoformat()}"),
                infusion_id=infusion_id,
                command=Record(fact=charted.fact, occurred_at=charted.occurred_at, late_reason=CHARTED_LATE),
                author=WATCH,
                seen_seq=self._kept[infusion_id].state.last_seq,
                received_at=self._now(),
            )
        return answer.outcome == "done"

    def _call_out(self, infusion_id: UUID, fact: e.AlarmEscalated) -> None:
        alarms = self._kept[infusion_id].state.alarms
        alarm = next((each for each in alarms if each.condition == fact.condition), None)
        if alarm is not None:
            infusion = Infusion.objects.select_related("room", "clinic").get(pk=infusion_id)
            keep_call(infusion, alarm, fact, at=self._now())

    def _call_for_help(self, clinic_id: UUID, here: Iterable[Here]) -> None:
        """Out of the house too, once a look finds that somebody called. What was over by then is not called out."""
        for each in here:
            kept = self._kept.get(each.pk)
            called_at = kept.state.help_called_at if kept else None
            if called_at is not None and self._helped.get(each.pk) != called_at:
                with clinic_scope(clinic_id, by=WATCH.by):
                    infusion = Infusion.objects.select_related("room", "clinic").get(pk=each.pk)
                    keep_help(infusion, since=called_at, at=self._now())
                self._helped[each.pk] = called_at

    def _call_for_who_left(self, clinic_id: UUID) -> set[UUID]:
        """Likewise for who has left and falls in the corridor; of them the log is read again when it has grown."""
        with clinic_scope(clinic_id, by=WATCH.by):
            heads = heads_called_after_leaving(at=self._now())
            grown = {pk: seq for pk, seq in heads.items() if self._left.get(pk) != seq}
            for pk in grown:
                try:
                    called_at = state_of(pk).help_called_at
                except (ValueError, ArithmeticError):
                    log.exception("the log of infusion %s, whose patient has left, could not be read", pk)
                    continue
                if called_at is not None and self._helped.get(pk) != called_at:
                    infusion = Infusion.objects.select_related("room", "clinic").get(pk=pk)
                    keep_help(infusion, since=called_at, at=self._now())
                    self._helped[pk] = called_at
        self._left |= grown
        return set(heads)


def _rooms_of(devices: frozenset[UUID], at: datetime) -> frozenset[UUID]:
    """Where they stand; of this clinic's alone, as row security has it."""
    if not devices:
        return frozenset()
    return frozenset(standing_at(at).filter(monitor_id__in=devices).order_by().values_list("room_id", flat=True))


def _gravest_first(found: Mapping[UUID, tuple[e.Fact, ...]]) -> Iterator[tuple[UUID, e.Fact]]:
    """Every grave alarm of every room, and then of the rest as much as one look writes, the more urgent first."""
    ranked = sorted(((pk, fact) for pk, facts in found.items() for fact in facts), key=lambda each: urgency(each[1]))
    grave = [each for each in ranked if urgency(each[1]) == GRAVE]
    yield from grave
    began_s = time.monotonic()
    for number, each in enumerate(ranked[len(grave) :][:WRITES_AT_A_LOOK]):
        if number >= WRITES_AT_LEAST and time.monotonic() - began_s > WRITES_FOR_S:
            return
        yield each


def _heard(monitor: DeviceHere, said: tuple[MonitorAlarm, ...], slowest: tuple[int, int]) -> MonitorHeard:
    """With the intervals of the slowest device whose values are judged: none is called silent before its time."""
    return MonitorHeard(
        id=monitor.id,
        link=LinkSeen(
            interval_s=max(monitor.interval_s, slowest[0]),
            cuff_interval_s=max(monitor.cuff_interval_s, slowest[1]),
            last_heard_at=monitor.last_heard_at,
        ),
        said=said,
        pulse_first=Signal(monitor.pulse_first),
    )


def _sent_before(
    known: Iterable[tuple[Here, Kept]], readings: Mapping[UUID, Readings], at: datetime
) -> Mapping[UUID, Mapping[Signal, datetime]]:
    """By infusion, what of the leads the readings do not say."""
    asked = (
        lacking(each.pk, each.room_id, readings[each.room_id], since=kept.state.started_at) for each, kept in known
    )
    return last_sent(list(chain.from_iterable(asked)), until=at)


def _is_gone(state: InfusionState, taken_at: datetime | None) -> bool:
    """The monitor, since the start."""
    return taken_at is not None and state.started_at is not None and taken_at > state.started_at


def _gap_in(clinic_id: UUID, at: datetime) -> dict[UUID, Gap]:
    """By when this look begins: however long one takes, whoever is looking watches."""
    gap = gap_before(at, looked_at=last_looked_at())
    return {clinic_id: gap} if gap else {}


def _was_second(before: Said | None, began_s: float) -> bool:
    """And looked lately: where nobody was in the clinic since, none of them did."""
    is_of_late = before is not None and began_s - before.at_s <= UNWATCHED_AFTER.total_seconds()
    return is_of_late and before is not None and not before.is_first


def _name(fact: e.Fact, seen_seq: int) -> str:
    """What nobody watched is told once, whatever else was written meanwhile: by when it began."""
    if isinstance(fact, e.WatchResumed):
        return f"{type(fact).__name__} {fact.since.isoformat()}"
    return f"{seen_seq} {type(fact).__name__} {getattr(fact, 'condition', '')}{getattr(fact, 'signal', '')}"
