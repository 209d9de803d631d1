"""How a monitor and its link look to a technician now: judged by the clock, from what the gateway wrote down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from stillroom.core.vitals import Freshness, Signal, freshness_at, lifetime_of
from stillroom.devices.assignments import standing_at
from stillroom.devices.drivers import driver_of
from stillroom.devices.enrolment import Roster, enrolment_of
from stillroom.devices.links import MAX_REFUSALS
from stillroom.devices.models import LinkState, Monitor, Stranger
from stillroom.devices.rates import OVER
from stillroom.gateways.contract import Driver
from stillroom.gateways.hl7.wire import Origin

CLOCK_OFF_S = 5.0
"""Beyond this a clock is worth setting: less is the way a message takes."""
INTERVAL_OFF = 1.5
"""So many times longer than set: then what is set makes values stale that are not."""
OF_LATE = 3
"""A gateway that heard nothing for so many times as long as between two messages hears the monitor no more."""
STRANGERS_WITHIN = timedelta(days=1)


class LinkIs(StrEnum):
    NEVER_HEARD = "never_heard"
    HEARD = "heard"
    LATE = "late"
    SILENT = "silent"
    NOT_TAKEN = "not_taken"


_BY_FRESHNESS = {Freshness.FRESH: LinkIs.HEARD, Freshness.STALE: LinkIs.LATE, Freshness.LOST: LinkIs.SILENT}


@dataclass(frozen=True, slots=True)
class Refusal:
    sentence: str
    where: str
    what: str
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Card:
    """One monitor on the page."""

    monitor: Monitor
    room: Any
    link: LinkState | None
    state: LinkIs
    refusals: tuple[Refusal, ...]
    messages_per_s: float | None

    @property
    def driver(self) -> Driver:
        return driver_of(self.monitor.driver)

    @property
    def clock_off_s(self) -> int | None:
        """How far its clock is from ours, where that is worth a word; positive when it is behind."""
        offset_s = self.link.clock_offset_s if self.link else None
        return round(offset_s) if offset_s is not None and abs(offset_s) > CLOCK_OFF_S else None

    @property
    def sends_every_s(self) -> int | None:
        """How often it really sends, where that is longer than what is set."""
        observed_s = self.link.observed_interval_s if self.link else None
        is_longer = observed_s is not None and observed_s > INTERVAL_OFF * self.monitor.interval_s
        return round(observed_s) if observed_s is not None and is_longer else None


def cards(at: datetime) -> list[Card]:
    """Every monitor of the clinic, by name."""
    rooms = {standing.monitor_id: standing.room for standing in standing_at(at)}
    monitors = Monitor.objects.prefetch_related("links").order_by("-is_enrolled", "name")
    return [card_of(monitor, rooms.get(monitor.pk), at) for monitor in monitors]


def strangers(at: datetime) -> list[Stranger]:
    """Who was heard within the day and would not be taken now either."""
    roster = Roster(map(enrolment_of, Monitor.objects.filter(is_enrolled=True)))
    heard = Stranger.objects.filter(last_heard_at__gt=at - STRANGERS_WITHIN)
    return [stranger for stranger in heard if not _is_taken(stranger, roster)]


def card_of(monitor: Monitor, room: Any, at: datetime) -> Card:
    links = list(monitor.links.all())
    link = together(links) if links else None
    refusals = tuple(_refusal(told) for told in link.refusals) if link else ()
    return Card(monitor, room, link, _state(monitor, link, at), refusals, _messages_per_s(links, at))


def together(links: Sequence[LinkState]) -> LinkState:
    """One monitor's links with gateways that run side by side, as one (not saved).

    How its clock goes is told by the one that heard a value last, or was heard last. How often it sends, by all that
    heard it of late: each of two hears every second message.
    """
    newest = max(links, key=lambda link: (_or_never(link.last_sample_at), _or_never(link.last_heard_at)))
    return LinkState(
        monitor_id=newest.monitor_id,
        clinic_id=newest.clinic_id,
        lines=sum(link.lines for link in links),
        peer=newest.peer,
        last_heard_at=_latest(link.last_heard_at for link in links),
        last_sample_at=newest.last_sample_at,
        observed_interval_s=_interval_s(links),
        clock_offset_s=newest.clock_offset_s,
        frames=sum(link.frames for link in links),
        samples=sum(link.samples for link in links),
        refused=sum(link.refused for link in links),
        refusals=_refusals(links),
        noted_at=max(link.noted_at for link in links),
    )


def _interval_s(links: Sequence[LinkState]) -> float | None:
    latest = _or_never(_latest(link.last_heard_at for link in links))
    of_late = [
        link.observed_interval_s
        for link in links
        if link.observed_interval_s
        and (latest - _or_never(link.last_heard_at)).total_seconds() <= OF_LATE * link.observed_interval_s
    ]
    return 1 / sum(1 / each for each in of_late) if of_late else None


def _refusals(links: Sequence[LinkState]) -> list[dict[str, Any]]:
    """Each kind once, the newest first."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for told in sorted((told for link in links for told in link.refusals), key=_told_at):
        kind = told["reason"], told["what"]
        found[kind] = told | {"times": told["times"] + found.pop(kind, {"times": 0})["times"]}
    return list(reversed(found.values()))[:MAX_REFUSALS]


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in times if at is not None), default=None)


def _or_never(at: datetime | None) -> datetime:
    return at or datetime.min.replace(tzinfo=UTC)


def _told_at(told: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(told["at"])


def _state(monitor: Monitor, link: LinkState | None, at: datetime) -> LinkIs:
    if not monitor.is_enrolled:
        return LinkIs.NOT_TAKEN
    if link is None or link.last_heard_at is None:
        return LinkIs.NEVER_HEARD
    lifetime = lifetime_of(Signal.SPO2_PERCENT, interval_s=monitor.interval_s, cuff_interval_s=monitor.cuff_interval_s)
    return _BY_FRESHNESS[freshness_at((at - link.last_heard_at).total_seconds(), lifetime)]


def _messages_per_s(links: Sequence[LinkState], at: datetime) -> float | None:
    """As measured when the last message came; none have come since, if that is longer ago than it is measured over."""
    measured = [
        0.0 if at - link.last_heard_at > OVER else link.messages_per_s
        for link in links
        if link.last_heard_at is not None and link.messages_per_s is not None
    ]
    return sum(measured) if measured else None


def _is_taken(stranger: Stranger, roster: Roster) -> bool:
    """Who was turned away at the door never said a name."""
    if not stranger.sending_application and not stranger.bed:
        return roster.admits(stranger.peer, stranger.certificate)
    origin = Origin(stranger.sending_application, "", stranger.bed, "")
    return roster.owner_of(stranger.peer, origin, stranger.certificate) is not None


def _refusal(told: dict[str, Any]) -> Refusal:
    return Refusal(
        told["sentence"], told["where"], told["what"], datetime.fromisoformat(told["at"]), int(told["times"])
    )
