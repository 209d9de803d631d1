"""When Stillroom calls the staff, as the order says it: the grave levels, the delays, and what counts as too long.

The plain limits are `WatchLimits`; crossing one of those is worth a look. What stands here is what is worth running
for, how long a figure must stay beyond a limit before anybody is called, and after what time something is missing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSettings:
    """All are absolute values. Delays count from the first reading beyond the limit; margins are what lies between a
    limit and the value that counts as back inside it. `anxious_from` and `nauseous_from` are scores of 0 to 10 that the
    patient gives, and from which somebody is called. `frozen_after_s`: figures that are sent all the time and stay the
    same for so long are doubted. What comes back `grouped_within_s` is one alarm. A high alarm that somebody has seen
    and that still stands is heard again `seen_again_after_s`. `review_after_cycles` alarms that were silenced
    `review_within_min` ask for a prescriber. Counted drops and bag that differ by more than `volumes_notice_percent` of
    what was counted are said, and by more than `volumes_differ_percent` call. `values_sound`: Stillroom is heard, not
    only seen, for figures beyond a limit too, which the bedside monitor calls out first.
    """

    spo2_grave_percent: int
    sbp_grave_high_mmhg: int
    dbp_grave_high_mmhg: int
    sbp_grave_low_mmhg: int
    pulse_grave_high_per_min: int
    pulse_grave_low_per_min: int
    resp_grave_per_min: int
    grave_delay_s: int
    limit_delay_s: int
    spo2_margin_percent: int
    pressure_margin_mmhg: int
    pulse_margin_per_min: int
    resp_margin_per_min: int
    spo2_missing_after_s: int
    overdue_after_min: int
    long_overdue_after_min: int
    pause_long_after_min: int
    pause_too_long_after_min: int
    doubt_lasts_after_s: int
    no_screen_after_s: int
    sound_paused_at_most_s: int
    high_escalates_after_s: int
    medium_escalates_after_s: int
    escalates_further_after_s: int
    anxious_from: int
    nauseous_from: int
    frozen_after_s: int
    grouped_within_s: int
    review_after_cycles: int
    review_within_min: int
    seen_again_after_s: int
    values_sound: bool
    volumes_notice_percent: int
    volumes_differ_percent: int


UNSIGNED = AlarmSettings(
    # SpO2 below 90 % for 10 s, or no probe for 60 s; pressure over 200/120 or under 80; pulse over 150 or under 40;
    # fewer than 8 breaths: the gravest of three levels in docs/clinical/alarms.md; 15 s is the delay of the middle one.
    spo2_grave_percent=90,
    sbp_grave_high_mmhg=200,
    dbp_grave_high_mmhg=120,
    sbp_grave_low_mmhg=80,
    pulse_grave_high_per_min=150,
    pulse_grave_low_per_min=40,
    resp_grave_per_min=8,
    grave_delay_s=10,
    limit_delay_s=15,
    # Our own: the last digit of a saturation, and what a cuff or a rate meter wavers by.
    spo2_margin_percent=1,
    pressure_margin_mmhg=5,
    pulse_margin_per_min=5,
    resp_margin_per_min=1,
    spo2_missing_after_s=60,
    # SR-32: due + 2 and due + 5 min. SR-26: a pause of 10 and of 20 min. The minute of doubt is our own.
    overdue_after_min=2,
    long_overdue_after_min=5,
    pause_long_after_min=10,
    pause_too_long_after_min=20,
    doubt_lasts_after_s=60,
    # SR-50, SR-43, SR-46. The minute from one step of a call to the next is our own.
    no_screen_after_s=10,
    sound_paused_at_most_s=120,
    high_escalates_after_s=30,
    medium_escalates_after_s=120,
    escalates_further_after_s=60,
    # Our own: distress is worth a glance from 5 of 10 and a call from 7, and nausea is taken alike.
    anxious_from=7,
    nauseous_from=7,
    # Measured on a real recording: docs/clinical/alarms.md says how. SR-52, SR-27.
    frozen_after_s=300,
    grouped_within_s=60,
    review_after_cycles=3,
    review_within_min=10,
    # To see an alarm silences it for 2 min at most, or until it is over: RespiraWorks Ventilator, its latching alarm.
    seen_again_after_s=120,
    values_sound=True,
    # SR-24: 5 % is said, 10 % is a medium alarm.
    volumes_notice_percent=5,
    volumes_differ_percent=10,
)
"""What holds for an order that says nothing of its own. No clinician has signed these: docs/clinical/alarms.md."""

PAUSED_AT_MOST_S = 120
"""IEC 60601-1-8 as SR-43 has it: no order lets the sound of one alarm be paused for longer."""

SEEN_FOR_AT_MOST_S = 120
"""The source of `seen_again_after_s` has it as the longest: no order keeps a high alarm quiet for longer."""
