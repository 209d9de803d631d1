"""What is worth a glance, what is asked of the patient, and when: numbers of the order by which nobody is called alone.

The plain limits (`WatchLimits`) and the grave ones (`AlarmSettings`) call somebody. What stands here is advised, asked,
or waited for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A figure beyond a `glance` level, or a pressure `pressure_rise_percent` over the one on arrival, is worth a
    glance; with chest pain, headache or a nerve sign beside a high pressure it is a grave alarm. From
    `anxious_glance_from` and `nauseous_glance_from` of 10 something is advised.

    After a pressure over the order's limit the next is due in `repeat_pressure_after_min`. Before the start
    `baseline_sets` of vital signs are taken, no further apart than they stay good; `baseline_is_whole`: saturation,
    breaths, how awake and how detached are known too. How detached they feel is asked `detached_asked_at_min` after the
    start and `detached_asked_again_at_min`; `detached_back_to_base`: it is what it was before the start, before a door
    opens. A medicine's effect is asked after `effect_after_min`; home within `pressure_within_percent` of arrival.
    """

    spo2_glance_percent: int
    sbp_glance_high_mmhg: int
    dbp_glance_high_mmhg: int
    pressure_rise_percent: int
    sbp_glance_low_mmhg: int
    pulse_glance_high_per_min: int
    pulse_glance_low_per_min: int
    resp_glance_per_min: int
    anxious_glance_from: int
    nauseous_glance_from: int
    repeat_pressure_after_min: int
    baseline_sets: int
    baseline_is_whole: bool
    detached_asked_at_min: int
    detached_asked_again_at_min: int
    detached_back_to_base: bool
    effect_after_min: int
    pressure_within_percent: int


UNSIGNED_OBSERVATION = Observation(
    # The mildest of the three levels of docs/clinical/alarms.md: saturation 93 to 94 %, pressure over 160 or 100, or a
    # fifth over the first one, or under 100; pulse over 120 or under 50; fewer than 12 breaths; distress 5 of 10.
    spo2_glance_percent=95,
    sbp_glance_high_mmhg=160,
    dbp_glance_high_mmhg=100,
    pressure_rise_percent=20,
    sbp_glance_low_mmhg=100,
    pulse_glance_high_per_min=120,
    pulse_glance_low_per_min=50,
    resp_glance_per_min=12,
    anxious_glance_from=5,
    # Of ten: where nausea is commonly called moderate. Own choice; the order calls somebody from a later one.
    nauseous_glance_from=4,
    # A pressure of 180/110 is measured again in two to three minutes, before anything is done about it.
    repeat_pressure_after_min=3,
    # Two sets within a quarter of an hour, with saturation, breaths, how awake and how detached; detachment at 40 min,
    # where it is at its most, and at 60 to 90 min: docs/clinical/alarms.md says from where.
    baseline_sets=2,
    baseline_is_whole=True,
    detached_asked_at_min=40,
    detached_asked_again_at_min=60,
    detached_back_to_base=True,
    # Own choice: whether a medicine has helped.
    effect_after_min=15,
    # Chung F, Chan VWS, Ong D. A post-anesthetic discharge scoring system for home readiness after ambulatory surgery.
    # J Clin Anesth 1995;7:500-506: vital signs within 20 % of the value before score full marks.
    pressure_within_percent=20,
)
"""What the template of a clinic's first protocol says. No clinician has signed these: docs/clinical/alarms.md."""

UNASKED = replace(UNSIGNED_OBSERVATION, baseline_sets=1, baseline_is_whole=False, detached_back_to_base=False)
"""What holds for an order that says nothing: it keeps nobody from a start or a door by what nobody has signed."""
