"""F10, F11: the computer's clock is set while Stillroom runs. Time in the house goes on, and it is said."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from stillroom.clinics.clock import HouseClock

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


class SetClock(HouseClock):
    """A clock whose wall can be set, and whose seconds pass when they are told to."""

    def __init__(self) -> None:
        self.passed_s, self.set_by_s = 0.0, 0.0
        super().__init__()

    def wall_s(self) -> float:
        return NOON.timestamp() + self.passed_s + self.set_by_s

    def steady_s(self) -> float:
        return 4711.0 + self.passed_s


@pytest.mark.parametrize("by", [timedelta(days=1), timedelta(hours=-1), timedelta(minutes=3), timedelta(seconds=-6)])
def test_a_clock_that_is_set_moves_no_time_in_the_house_and_is_said(by: timedelta) -> None:
    clock = SetClock()
    clock.passed_s = 60
    clock.set_by_s = by.total_seconds()
    assert clock.now() == NOON + timedelta(seconds=60)
    assert clock.set_by() == by
    clock.passed_s = 90
    assert clock.now() == NOON + timedelta(seconds=90)
    clock.set_by_s = 0
    assert (clock.now(), clock.set_by()) == (NOON + timedelta(seconds=90), None)


@pytest.mark.parametrize("by_s", [-4.0, 0.0, 2.0])
def test_what_a_time_server_does_is_followed(by_s: float) -> None:
    clock = SetClock()
    clock.set_by_s = by_s
    assert clock.now() == NOON + timedelta(seconds=by_s)
    assert clock.set_by() is None


def test_it_counts_from_before_the_processes_are_parted() -> None:
    """Each process is a copy of the supervisor: one that began to count by itself would not agree with the others."""
    loaded = (
        "import sys; from stillroom.project.running import set_up_django; set_up_django();"
        "print('stillroom.clinics.clock' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "True"
