"""How many messages a second a link brings: by whole seconds, over ten, in a memory that does not grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from stillroom.clinics import clock
from stillroom.clinics.rows import clinic_scope
from stillroom.devices.enrolment import enrolment_of
from stillroom.devices.links import Links
from stillroom.devices.models import LinkState
from stillroom.devices.rates import Rate
from stillroom.gateways.contract import Answer, Report
from tests.cast import Cast
from tests.devices.premises import make_monitor

BEGIN = datetime(2026, 3, 2, 10, 0, 0, tzinfo=UTC)


def rate_of(every_s: float, for_s: float) -> Rate:
    rate = Rate()
    for number in range(round(for_s / every_s)):
        rate.count(BEGIN + timedelta(seconds=number * every_s))
    return rate


@pytest.mark.parametrize(
    ("every_s", "for_s", "per_s"), [(1, 30, 1.0), (0.1, 30, 10.0), (0.25, 3, 4.0), (5, 30, 0.2), (0.01, 12, 100.0)]
)
def test_it_is_what_comes_over_ten_seconds_or_since_the_link_was_first_heard(
    every_s: float, for_s: float, per_s: float
) -> None:
    assert rate_of(every_s, for_s).per_s(BEGIN + timedelta(seconds=for_s)) == pytest.approx(per_s)


def test_nothing_is_said_before_a_second_is_over() -> None:
    rate = Rate()
    assert rate.per_s(BEGIN) is None
    rate.count(BEGIN)
    assert rate.per_s(BEGIN + timedelta(seconds=0.9)) is None
    assert rate.per_s(BEGIN + timedelta(seconds=1)) == 1.0


def test_it_falls_to_nothing_as_nothing_comes() -> None:
    rate = rate_of(0.5, 20)
    found = [rate.per_s(BEGIN + timedelta(seconds=20 + after_s)) for after_s in (0, 5, 10, 100)]
    assert found == [2.0, 1.0, 0.0, 0.0]


def test_a_clock_that_is_set_back_makes_no_rate_of_its_own() -> None:
    rate = rate_of(1, 20)
    rate.count(BEGIN)
    assert rate.per_s(BEGIN + timedelta(seconds=20)) == pytest.approx(1.1)


@pytest.mark.django_db
def test_the_gateway_writes_it_down_with_the_link(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monitor = make_monitor(cast.clinic)
    links = Links()
    with clinic_scope(cast.clinic.pk):
        noted = links.of(enrolment_of(monitor))
    for number in range(40):
        noted.hear(1, "127.0.0.1", Report(Answer.ACCEPT), BEGIN + timedelta(seconds=number / 2))
    monkeypatch.setattr(clock, "now", lambda: BEGIN + timedelta(seconds=20))
    links.take_changes().write_down()
    with clinic_scope(cast.clinic.pk):
        assert LinkState.objects.get().messages_per_s == 2.0
