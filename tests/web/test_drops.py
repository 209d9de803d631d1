"""The count on the device and the count in the core are one: the same taps say the same, digit by digit."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from stillroom.core.drip.counting import ENOUGH_SHARE, HAND_S, count_drops
from tests.web.javascript import run_script

TALLY = """
import { tally } from "./bedside/js/drops.js";
const [taps, numbers] = %s;
console.log(JSON.stringify(tally(taps, numbers)));
"""


def tallied(drops: int, gap_ms: int) -> dict[str, float]:
    numbers = {"handS": float(HAND_S), "dropsPerMl": 20, "enough": float(ENOUGH_SHARE)}
    taps = [500 + gap_ms * number for number in range(drops + 1)]
    told: dict[str, float] = json.loads(run_script(TALLY % json.dumps([taps, numbers])))
    return told


@pytest.mark.parametrize(("drops", "gap_ms"), [(1, 1200), (9, 1200), (10, 1200), (40, 1200), (50, 1200), (25, 2440)])
def test_the_device_and_the_core_count_alike(drops: int, gap_ms: int) -> None:
    told = tallied(drops, gap_ms)
    counted = count_drops(drops=drops, seconds=Decimal(str(told["seconds"])))
    assert told["least"] == pytest.approx(float(counted.least_per_min))
    assert told["rate"] == pytest.approx(float(counted.likely_per_min))
    assert told["most"] == pytest.approx(float(counted.most_per_min))
    assert counted.doubt_share is not None
    assert told["isEnough"] == (counted.doubt_share <= ENOUGH_SHARE)


def test_ten_taps_say_go_on_and_forty_say_enough() -> None:
    """Fifty a minute, one each 1.2 s. Nine gaps: 10 in 10.6 s are 56.6. Forty: 41 in 47.8 s are 51.5, 3 % off."""
    assert not tallied(9, 1200)["isEnough"]
    assert tallied(40, 1200)["isEnough"]


def test_it_says_the_flow_with_what_it_may_be_off() -> None:
    """40 drops in 48 s of 20 to the mL: 150 mL/h. At most 41 in 47.8 s: 154.39, so 4.39 off."""
    told = tallied(40, 1200)
    assert told["flow"] == pytest.approx(150)
    assert told["flowOff"] == pytest.approx(4.39, abs=0.01)


def test_a_long_gap_is_told() -> None:
    taps = [0, 1200, 2400, 3600, 6000, 7200]
    numbers = {"handS": 0.2, "dropsPerMl": 20, "enough": 0.05}
    told = json.loads(run_script(TALLY % json.dumps([taps, numbers])))
    assert told["hasGap"]
