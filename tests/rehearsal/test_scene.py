"""What a script's patient, monitor and drip show: as the drug has it, as the script has it, and as staff answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.timeline import drip_history
from stillroom.core.vitals import Signal
from stillroom.rehearsal.patient import SimulatedPatient
from stillroom.rehearsal.play.clock import ScriptClock
from stillroom.rehearsal.play.reading import read_script
from stillroom.rehearsal.play.scene import Scene
from stillroom.rehearsal.play.shown import Shown
from tests.examples import TEN, Walk, infusing

CALM = SimulatedPatient(seed=7)


def scene_of(words: str, walk: Walk, *, speed: float = 1) -> Scene:
    script = read_script(f"title: x\n{words}\nend: minute 200", file="x")
    started_at = walk.state.started_at
    assert started_at is not None
    return Scene(
        script=script,
        surviving=tuple(surviving(walk.log)),
        patient=CALM,
        weight_kg=70.0,
        clock=ScriptClock(started_at=started_at, begin_min=0, speed=speed),
        drip=drip_history(walk.log),
    )


def at(scene: Scene, minute: float) -> Shown:
    assert scene.clock is not None
    return scene.shown(scene.clock.at(minute))


def test_a_pressure_rises_to_what_the_script_says_and_comes_back_once_somebody_pauses() -> None:
    walk, words = infusing(), "minute 10: pressure rises to 190/105 over 3 minutes unless slower or paused"
    left_alone = scene_of(words, walk)
    assert at(left_alone, 9.9).signs.sbp_mmhg < 140
    assert 140 < at(left_alone, 11.5).signs.sbp_mmhg < 175
    assert (at(left_alone, 13).signs.sbp_mmhg, at(left_alone, 30).signs.dbp_mmhg) == (190, 105)
    walk.ask(c.PauseInfusion(), after_min=14)
    helped = scene_of(words, walk)
    assert at(helped, 14).signs.sbp_mmhg == 190
    assert at(helped, 17).signs.sbp_mmhg == pytest.approx((190 + at(helped, 60).signs.sbp_mmhg) / 2, abs=12)
    assert at(helped, 30).signs.sbp_mmhg < 135


def test_missing_is_missing_and_the_rest_goes_on() -> None:
    scene = scene_of("minute 10: the probe comes off for 3 minutes", infusing())
    assert at(scene, 9).missing == frozenset()
    assert at(scene, 11).missing == {Signal.SPO2_PERCENT, Signal.PULSE_PER_MIN}
    assert at(scene, 13.1).missing == frozenset()


def test_a_patient_who_moves_gives_the_cuff_nothing() -> None:
    scene = scene_of("minute 10: the patient moves", infusing())
    assert Signal.SBP_MMHG in at(scene, 11).missing
    assert Signal.SBP_MMHG not in at(scene, 13).missing


def test_a_patient_who_moves_has_a_quicker_pulse_and_a_saturation_that_jumps() -> None:
    """Not as one who is still, at the same moments."""
    moving, still = (
        scene_of("minute 10: the patient moves", infusing()),
        scene_of("minute 190: the patient vomits", infusing()),
    )
    moments = [10.5 + second / 60 for second in range(60)]
    away = [at(still, each).signs.spo2_percent - at(moving, each).signs.spo2_percent for each in moments]
    assert (min(away) <= 1, max(away) >= 6, len(set(away)) >= 5) == (True, True, True)
    assert at(moving, 11).signs.pulse_per_min >= at(still, 11).signs.pulse_per_min + 10


def test_a_silent_monitor_is_silent_for_as_long_as_the_script_says() -> None:
    scene = scene_of("minute 10: the monitor falls silent for 3 minutes", infusing())
    assert [at(scene, minute).is_silent for minute in (9, 11, 12.9, 13.1)] == [False, True, True, False]


def test_a_misreading_is_the_cuffs_and_not_the_patients() -> None:
    shown = at(scene_of("minute 10: the cuff misreads 231/140", infusing()), 11)
    assert shown.cuff_says == (231, 140)
    assert shown.signs.sbp_mmhg < 150


def test_a_slump_takes_pulse_and_pressure_down_together_and_passes() -> None:
    scene = scene_of("minute 10: the patient faints", infusing())
    assert at(scene, 11).signs.sbp_mmhg < 95
    assert at(scene, 11).signs.pulse_per_min < 50
    assert at(scene, 35).signs.pulse_per_min > 60


def test_fright_and_sickness_are_what_the_patient_says() -> None:
    assert at(scene_of("minute 10: the patient is frightened", infusing()), 12).anxious >= 8
    assert at(scene_of("minute 10: the patient vomits", infusing()), 12).nauseous >= 8


def test_through_a_kinked_line_nothing_drips_until_a_hand_is_at_the_clamp() -> None:
    walk = infusing()
    scene, minute = scene_of("minute 12: the line kinks", walk), timedelta(minutes=1)
    started_at = walk.at
    assert scene.drops_per_min(started_at + 11 * minute) == 50
    assert scene.drops_per_min(started_at + 13 * minute) == 0
    assert scene.left_in_bag_ml(started_at + 13 * minute) == scene.left_in_bag_ml(started_at + 20 * minute)
    walk.ask(c.PauseInfusion(), after_min=20)
    walk.confirm()
    walk.ask(c.ResumeInfusion())
    walk.confirm()
    again = scene_of("minute 12: the line kinks", walk)
    assert again.drops_per_min(started_at + 21 * minute) == 50


def test_an_arm_that_was_moved_straightens_the_line_and_it_runs_as_before() -> None:
    walk, minute = infusing(), timedelta(minutes=1)
    started_at = walk.at
    walk.record(e.DripDisturbed(), after_min=5)
    walk.record(e.DripDisturbed(), after_min=8)
    scene = scene_of("minute 12: the line kinks", walk)
    assert [scene.drops_per_min(started_at + each * minute) for each in (11, 12.5, 14)] == [50, 0, 50]
    free = scene_of("minute 12: the drip runs free", walk)
    assert free.drops_per_min(started_at + 14 * minute) >= 240
    paused = infusing()
    paused.ask(c.PauseInfusion(), after_min=13)
    paused.confirm()
    paused.record(e.DripDisturbed(), after_min=1)
    assert scene_of("minute 12: the line kinks", paused).drops_per_min(started_at + 15 * minute) == 0


def test_free_flow_empties_the_bag_and_reaches_the_patient_until_the_clamp_is_closed() -> None:
    walk = infusing()
    free, minute = scene_of("minute 15: the drip runs free", walk), timedelta(minutes=1)
    started_at = walk.at
    assert free.drops_per_min(started_at + 16 * minute) >= 240
    assert free.left_in_bag_ml(started_at + 22 * minute) == 0
    steady = scene_of("minute 150: the line kinks", walk)
    assert at(free, 19).signs.detached > at(steady, 19).signs.detached
    walk.ask(c.StopInfusion(), after_min=16)
    walk.confirm()
    stopped = scene_of("minute 15: the drip runs free", walk)
    assert stopped.drops_per_min(started_at + 17 * minute) == 0
    # 100 mL, less 15 for the line, 15 min at 2.5 mL, and one at 20 mL
    assert stopped.left_in_bag_ml(started_at + 30 * minute) == 27.5


def test_a_closed_clamp_does_not_run_free() -> None:
    walk = infusing()
    started_at = walk.at
    walk.ask(c.PauseInfusion(), after_min=5)
    walk.confirm()
    scene = scene_of("minute 15: the drip runs free", walk)
    assert scene.drops_per_min(started_at + timedelta(minutes=16)) == 0


def test_perception_follows_the_drug() -> None:
    scene = scene_of("minute 150: the line kinks", infusing())
    assert at(scene, 0.1).signs.detached == 0
    assert at(scene, 40).signs.detached >= 4
    assert at(scene, 140).signs.detached <= 1


def test_at_a_greater_speed_the_patient_is_as_far_as_at_one() -> None:
    """The same minute of the patient, at any speed, when nobody does anything: the same level."""
    slow, fast = (scene_of("minute 150: the line kinks", infusing(), speed=speed) for speed in (1, 30))
    assert abs(at(slow, 38).signs.detached - at(fast, 38).signs.detached) <= 1


def test_equipment_does_not_hurry() -> None:
    walk = infusing()
    scene = scene_of("minute 10: the probe comes off for 1 minute", walk, speed=60)
    assert scene.shown(walk.at + timedelta(seconds=10 + 55)).missing
    assert not scene.shown(walk.at + timedelta(seconds=10 + 65)).missing


def test_the_power_is_away_for_as_long_as_it_says() -> None:
    walk = infusing()
    scene = scene_of("minute 10: the power goes for 2 minutes", walk)
    assert [scene.is_dark(walk.at + timedelta(minutes=each)) for each in (9, 11, 13)] == [False, True, False]


@given(st.floats(0, 60), st.floats(1, 60), st.floats(0, 240))
def test_the_clock_finds_back(begin_min: float, speed: float, minute: float) -> None:
    clock = ScriptClock(started_at=TEN, begin_min=begin_min, speed=speed)
    assert clock.minute_of(clock.room_minute(minute)) == pytest.approx(minute, abs=1e-6)
    assert clock.minute(clock.at(minute)) == pytest.approx(minute, abs=1e-5)
