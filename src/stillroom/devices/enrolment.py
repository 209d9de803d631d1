"""Whose is a message? The enrolled monitor that its address, MSH-3 and PV1-3 name, if it is exactly one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from uuid import UUID
from zoneinfo import ZoneInfo

from stillroom.clinics.rows import clinic_ids, clinic_scope
from stillroom.devices.drivers import LISTENED_FOR
from stillroom.devices.models import Monitor
from stillroom.gateways.hl7.wire import Origin

MAX_REMEMBERED = 4096
LONGEST_REMEMBERED = 400
"""Characters of what a sender says of itself. Names of two megabytes are looked up anew each time."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One monitor as the gateway knows it. A blank `sender` or `bed` stands for any.

    With a `certificate` (SHA-256, hex) only a line that showed it is this monitor's; without, any line is.
    One with an `address` is called there by its `driver`, and sends from nowhere by itself.
    """

    id: UUID
    clinic_id: UUID
    networks: tuple[IPv4Network | IPv6Network, ...]
    sender: str
    bed: str
    zone: ZoneInfo | None
    certificate: str = ""
    driver: str = LISTENED_FOR
    address: str = ""

    def may_send_by(self, address: IPv4Address | IPv6Address, certificate: str) -> bool:
        return self.certificate in ("", certificate) and self.has_address(address)

    def has_address(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self.networks)

    def is_named_by(self, origin: Origin) -> bool:
        senders = ("", origin.sender, origin.sender.split("^")[0])
        return self.sender in senders and self.bed in ("", origin.bed)

    @property
    def names_given(self) -> int:
        return bool(self.sender) + bool(self.bed) + bool(self.certificate)


class Roster:
    """All enrolled monitors of all clinics, as they were when it was read."""

    def __init__(self, enrolments: Iterable[Enrolment] = (), clinics: Iterable[UUID] = ()) -> None:
        self.enrolments = tuple(enrolments)
        self.clinics = tuple(clinics)
        # Senders say the same with every message.
        self._remembered_owner_of = lru_cache(maxsize=MAX_REMEMBERED)(self._owner_of)
        self._remembered_at = lru_cache(maxsize=MAX_REMEMBERED)(self._at)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Roster) and (self.enrolments, self.clinics) == (other.enrolments, other.clinics)

    __hash__ = None  # type: ignore[assignment]

    def admits(self, peer: str, certificate: str = "") -> bool:
        return bool(self.at(peer, certificate))

    def at(self, peer: str, certificate: str = "") -> tuple[Enrolment, ...]:
        """The monitors that may send from this address by a line that showed this certificate, or none."""
        return self._remembered_at(peer, certificate)

    def _at(self, peer: str, certificate: str) -> tuple[Enrolment, ...]:
        address = plain_address(peer)
        return tuple(enrolment for enrolment in self.enrolments if enrolment.may_send_by(address, certificate))

    def concerned(self, peer: str) -> set[UUID]:
        """The clinics that somebody at this address may concern: those with a monitor there, else all of them."""
        address = plain_address(peer)
        there = {enrolment.clinic_id for enrolment in self.enrolments if enrolment.has_address(address)}
        return there or set(self.clinics)

    def owner_of(self, peer: str, origin: Origin, certificate: str = "") -> Enrolment | None:
        """The monitor that is named most closely; none if two are named alike."""
        is_short = origin.length <= LONGEST_REMEMBERED
        return (self._remembered_owner_of if is_short else self._owner_of)(peer, origin, certificate)

    def _owner_of(self, peer: str, origin: Origin, certificate: str) -> Enrolment | None:
        named = [enrolment for enrolment in self.at(peer, certificate) if enrolment.is_named_by(origin)]
        closest = max((enrolment.names_given for enrolment in named), default=0)
        owners = [enrolment for enrolment in named if enrolment.names_given == closest]
        return owners[0] if len(owners) == 1 else None


def read_roster() -> Roster:
    """What is enrolled now, clinic by clinic."""
    enrolments: list[Enrolment] = []
    clinics = clinic_ids()
    for clinic_id in clinics:
        with clinic_scope(clinic_id):
            enrolments += [enrolment_of(monitor) for monitor in Monitor.objects.filter(is_enrolled=True)]
    return Roster(enrolments, clinics)


def enrolment_of(monitor: Monitor) -> Enrolment:
    return Enrolment(
        id=monitor.pk,
        clinic_id=monitor.clinic_id,
        networks=tuple(_network(peer) for peer in monitor.peers),
        sender=monitor.sending_application,
        bed=monitor.bed,
        zone=ZoneInfo(monitor.time_zone) if monitor.time_zone else None,
        certificate=monitor.certificate,
        driver=monitor.driver,
        address=monitor.address,
    )


@lru_cache(maxsize=MAX_REMEMBERED)
def _network(said: str) -> IPv4Network | IPv6Network:
    """Rosters are read each second, and say the same."""
    return ip_network(said)


def plain_address(peer: str) -> IPv4Address | IPv6Address:
    """An address as people write it: a version 4 address that came over version 6 is itself."""
    address = ip_address(peer.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address
