"""F23: a monitor that goes on sending its last figures. No steady patient is called frozen: counted on a recording."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import pytest

from stillroom.core.safety.frozen import READINGS_AT_LEAST, frozen_for, may_be_frozen
from stillroom.core.safety.watch import LinkSeen, Watched
from stillroom.core.vitals import Sample, Signal, Validity
from tests.core.safety.test_watch import NOW, opened, raised, readings, watched

RECORDING = Path(__file__).parents[4] / "shared" / "data" / "vitals" / "mimic_s00001_numerics.csv"
SPO2, PULSE, HEART, RESP = (
    *(Signal.SPO2_PERCENT, Signal.PULSE_PER_MIN),
    *(Signal.HEART_RATE_PER_MIN, Signal.RESP_PER_MIN),
)
EVERY_S = LinkSeen(interval_s=1, cuff_interval_s=300, last_heard_at=NOW)


def same(signal: Signal, value: int, *, for_s: int) -> dict[Signal, list[Sample]]:
    return readings(signal, *[value] * (for_s + 1), every_s=1)


def probe(for_s: int, spo2: int = 97, pulse: int = 61) -> dict[Signal, list[Sample]]:
    return same(SPO2, spo2, for_s=for_s) | same(PULSE, pulse, for_s=for_s)


def asked(seen: dict[Signal, list[Sample]], **known: object) -> Watched:
    return watched(seen, link=EVERY_S, **known)


@pytest.mark.parametrize(("for_s", "is_called"), [(299, False), (300, True)])
def test_a_probe_whose_figures_stand_still_for_five_minutes_is_called_out(for_s: int, is_called: bool) -> None:
    assert ("probe_frozen" in raised(asked(probe(for_s)))) is is_called
    assert may_be_frozen(probe(120))


def test_a_saturation_that_rests_alone_is_a_steady_patient() -> None:
    steady = same(SPO2, 100, for_s=600)
    wavering = readings(PULSE, *[60, 61] * 300, every_s=1)
    assert raised(asked(steady)) == {}
    assert raised(asked(steady | wavering)) == {}
    paced = same(PULSE, 60, for_s=600)
    assert raised(asked(paced | readings(SPO2, *[98, 97] * 300, every_s=1))) == {}
    assert not may_be_frozen(wavering | readings(SPO2, *[100, 99] * 60, every_s=1))


def test_the_leads_are_told_from_the_probe() -> None:
    wavering = readings(SPO2, *[97, 98] * 300, every_s=1) | readings(PULSE, *[60, 61] * 300, every_s=1)
    leads = same(HEART, 61, for_s=400) | same(RESP, 12, for_s=400)
    assert set(raised(asked(wavering | leads))) == {"leads_frozen"}


def test_frozen_figures_raise_and_clear_nothing_and_a_hand_still_does() -> None:
    assert "spo2_grave" in raised(asked(probe(400, spo2=85)))
    for condition in ("spo2_low", "spo2_grave", "spo2_missing", "pulse_high"):
        assert opened(probe(400), condition, link=EVERY_S) == set()
        assert opened(probe(200), condition, link=EVERY_S) == {condition}
    by_hand = readings(SPO2, 97, 97)
    assert opened(probe(400), "spo2_low", link=EVERY_S, by_hand=by_hand) == {"spo2_low"}


def test_it_is_over_when_a_figure_changes_and_not_when_the_monitor_falls_silent() -> None:
    moved = probe(400)
    moved[PULSE][-1] = moved[PULSE][-1]._replace(value=moved[PULSE][-1].value + 1)
    assert opened(moved, "probe_frozen", link=EVERY_S) == {"probe_frozen"}
    assert opened(probe(400), "probe_frozen", link=EVERY_S) == set()
    late = [
        each._replace(measured_at=each.measured_at - timedelta(minutes=1), received_at=NOW) for each in moved[PULSE]
    ]
    old = [each._replace(measured_at=each.measured_at - timedelta(minutes=1), received_at=NOW) for each in moved[SPO2]]
    assert opened({PULSE: late, SPO2: old}, "probe_frozen", link=EVERY_S) == set()


def test_figures_that_cannot_be_true_are_not_called_frozen() -> None:
    """They are missing, which is graver."""
    dead = {signal: [each._replace(validity=Validity.INVALID) for each in rows] for signal, rows in probe(400).items()}
    assert set(raised(asked(dead))) == {"spo2_missing"}


@pytest.mark.parametrize(("interval_s", "minutes"), [(1, 5), (5, 5), (10, 5), (60, 30)])
def test_a_slow_link_needs_as_many_readings(interval_s: float, minutes: int) -> None:
    assert frozen_for(300, interval_s=interval_s) == timedelta(minutes=minutes)
    assert READINGS_AT_LEAST == 30


# --- the recording ---------------------------------------------------------------------------------------------------


def whole_minutes(*signs: str) -> Iterator[int]:
    """How many minutes in a row each of these signs had one and the same whole number for its average.

    A monitor that shows one figure for n minutes, wherever they begin, makes at least n - 2 of those in a row.
    """
    with RECORDING.open() as file:
        rows = [tuple(float(row[sign] or 0) for sign in signs) for row in csv.DictReader(file)]
    for figures, minutes in groupby(rows):
        if all(each > 0 and each.is_integer() for each in figures):
            yield sum(1 for _ in minutes)


@pytest.mark.parametrize(
    ("signs", "longest"),
    [(("PULSE",), 2), (("HR",), 2), (("RESP",), 5), (("SpO2",), 40), (("PULSE", "SpO2"), 2), (("HR", "RESP"), 1)],
)
def test_no_pair_of_a_real_patient_stood_still_for_five_minutes(signs: tuple[str, ...], longest: int) -> None:
    assert max(whole_minutes(*signs)) == longest
    if len(signs) == 2:
        assert longest + 2 < frozen_for(300, interval_s=1) / timedelta(minutes=1)
