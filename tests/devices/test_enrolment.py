"""Whose is a message? Exactly one monitor's, or nobody's."""

from __future__ import annotations

from ipaddress import ip_network
from uuid import UUID, uuid4

import pytest

from stillroom.clinics.rows import clinic_scope
from stillroom.devices.enrolment import Enrolment, Roster, read_roster
from stillroom.gateways.hl7.wire import Origin
from tests.cast import Cast
from tests.devices.premises import make_monitor

CLINIC, OTHER_CLINIC = uuid4(), uuid4()


def enrolment(*networks: str, sender: str = "", bed: str = "", clinic_id: UUID = CLINIC) -> Enrolment:
    return Enrolment(uuid4(), clinic_id, tuple(map(ip_network, networks)), sender, bed, None)


def origin(sender: str = "VSP^080019FFFE134DE4^EUI-64", bed: str = "ICU^^BED 3") -> Origin:
    return Origin(sender, "GE Healthcare", bed, "1")


ANY_AT_7 = enrolment("192.0.2.7")
GATEWAY = enrolment("192.0.2.0/24", sender="VSP")
BED_3 = enrolment("192.0.2.0/24", sender="VSP", bed="ICU^^BED 3")
BED_4 = enrolment("192.0.2.0/24", sender="VSP", bed="ICU^^BED 4")


@pytest.mark.parametrize(
    ("peer", "said", "owner"),
    [
        ("192.0.2.7", origin("Anything"), ANY_AT_7),
        ("192.0.2.9", origin("Anything"), None),
        ("192.0.2.9", origin(bed=""), GATEWAY),
        ("192.0.2.9", origin("VSP", bed=""), GATEWAY),
        ("192.0.2.9", origin(), BED_3),
        ("192.0.2.9", origin(bed="ICU^^BED 4"), BED_4),
        ("192.0.2.9", origin(bed="ICU^^BED 44"), GATEWAY),
        ("::ffff:192.0.2.9", origin(), BED_3),
        ("198.51.100.1", origin(), None),
    ],
)
def test_the_monitor_named_most_closely_owns_the_message(peer: str, said: Origin, owner: Enrolment | None) -> None:
    assert Roster([ANY_AT_7, GATEWAY, BED_3, BED_4]).owner_of(peer, said) is owner


def test_two_monitors_named_alike_own_nothing() -> None:
    assert Roster([GATEWAY, enrolment("192.0.2.0/24", sender="VSP")]).owner_of("192.0.2.9", origin(bed="")) is None


def test_only_listed_addresses_are_admitted() -> None:
    roster = Roster([ANY_AT_7, enrolment("2001:db8::/64")])
    assert roster.admits("192.0.2.7")
    assert roster.admits("2001:db8::12")
    assert not roster.admits("192.0.2.8")
    assert not roster.admits("fe80::1%eth0")


def test_a_stranger_concerns_the_clinic_that_has_a_monitor_there_else_every_clinic() -> None:
    roster = Roster([ANY_AT_7], [CLINIC, OTHER_CLINIC])
    assert roster.concerned("192.0.2.7") == {CLINIC}
    assert roster.concerned("198.51.100.1") == {CLINIC, OTHER_CLINIC}


def test_the_roster_holds_the_enrolled_monitors_of_every_clinic(cast: Cast) -> None:
    ours = make_monitor(cast.clinic, time_zone="Europe/Vienna", bed="BED 1")
    theirs = make_monitor(cast.other_clinic)
    gone = make_monitor(cast.clinic, is_enrolled=False)
    roster = read_roster()
    by_id = {enrolment.id: enrolment for enrolment in roster.enrolments}
    assert set(by_id) == {ours.pk, theirs.pk}
    assert gone.pk not in by_id
    assert by_id[ours.pk].clinic_id == cast.clinic.pk
    assert str(by_id[ours.pk].zone) == "Europe/Vienna"
    assert by_id[theirs.pk].zone is None
    assert {cast.clinic.pk, cast.other_clinic.pk} <= set(roster.clinics)
    with clinic_scope(cast.clinic.pk):
        ours.is_enrolled = False
        ours.save()
    assert {enrolment.id for enrolment in read_roster().enrolments} == {theirs.pk}
