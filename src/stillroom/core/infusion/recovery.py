"""The two doors home, and no third. No clock and no curve opens a door: each condition is something staff saw or did.

For either door: awake and oriented, breathing and saturation steady, pressure near the one on arrival or accepted by a
prescriber, not vomiting, safe on their feet or with help, at a check no older than the order lets vital signs be; no
chest pain, headache or nerve sign, no high alarm open, no call for help; line out, risk question settled, written
instructions given, the order's time of observation over, and a way home that is not driving; and where the order asks
for it, no more detached than before the start, and a score reached. With an adult: a named adult signs before a
witness. When clear: all of what a check asks is well at two checks some minutes apart, all effects gone. What two of
the staff have lifted with a reason keeps neither shut (override.py).

Checks stand in the order in which they were made, whenever they were written down (fold.py). What a look, a charted set
or an alarm has said since the last one counts too (last_seen.py).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from stillroom.core.errors import Finding, Severity
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.commands import SendHome
from stillroom.core.infusion.last_seen import (
    awake_now,
    breaths_now,
    is_breathing_room_air,
    is_on_room_air,
    pressure_now,
    saturation_now,
)
from stillroom.core.infusion.override import lifted
from stillroom.core.infusion.scored import is_score_reached
from stillroom.core.infusion.state import InfusionState, Named, observation_of
from stillroom.core.order import Door
from stillroom.core.safety.priority import Priority

SOMEBODY = UUID(int=0)  # stands for who is named on the sheet, when a door is judged before anybody is


def judge_door(state: InfusionState, command: SendHome, *, at: datetime) -> tuple[Finding, ...]:
    """Everything that still keeps this door shut; empty when it is open."""
    shut_by = [code for code in unmet(state, command, at=at) if code not in lifted(state, command.door, at=at)]
    return tuple(Finding(code, Severity.HARD, {"door": command.door} | facts_of(state, code)) for code in shut_by)


def unmet(state: InfusionState, command: SendHome, *, at: datetime) -> tuple[str, ...]:
    """The conditions of this door that are not met, lifted or not."""
    conditions = {**open_conditions(state, at=at), **_door_conditions(state, command)}
    return tuple(code for code, is_met in conditions.items() if not is_met)


def leaving_by(door: Door) -> SendHome:
    """Leaving by this door with everything said that its own sheet asks: the adult, the witness, how they travel."""
    return SendHome(
        door=door,
        travels_by="-",
        drives=False,
        witness=SOMEBODY,
        adult_name="-",
        adult_relation="-",
        adult_phone="-",
    )


def open_conditions(state: InfusionState, *, at: datetime) -> dict[str, bool]:
    """The conditions of either door, by code, and whether each is met. What was not looked at is not met."""
    check = state.checks[-1].fact if state.checks else None
    stay_min = state.planned.order.intervals.stay_at_least_min if state.planned else 0
    is_score_asked = state.planned is not None and state.planned.order.leaving_score is not None
    asked = {
        "detachment_not_back": (observation_of(state).detached_back_to_base, is_detachment_back),
        "score_not_reached": (is_score_asked, is_score_reached),
    }
    return {
        "no_recent_check": is_check_recent(state, at=at),
        "not_awake_and_oriented": check is not None and _is_awake(check) and awake_now(state) is e.Awake.ALERT,
        "breathing_not_steady": check is not None and check.breathing_steady is True and _are_breaths_enough(state),
        "saturation_not_steady": _saturation_is_steady(state),
        "pressure_not_near_arrival": is_pressure_near_arrival(state) or _is_pressure_accepted(state),
        "vomiting": check is not None and check.vomiting is False,
        "not_safe_on_feet": check is not None and check.on_feet in SAFE,
        "symptom_now": not state.symptoms,
        "high_alarm_open": not high_alarms(state),
        "help_is_called": state.help_called_at is None,
        "line_not_out": state.line_removed_at is not None and state.line is None,
        "risk_not_settled": is_risk_settled(state),
        "instructions_not_given": state.instructions_given,
        "observation_not_over": state.ended_at is not None and at - state.ended_at >= timedelta(minutes=stay_min),
    } | {code: is_met(state) for code, (is_asked, is_met) in asked.items() if is_asked}


def is_check_recent(state: InfusionState, *, at: datetime) -> bool:
    """Was the last check made no longer before `at` than the order lets vital signs be, as for a score?"""
    if not state.checks or state.planned is None:
        return False
    good_for_min = state.planned.order.intervals.vitals_good_for_min
    return at - state.checks[-1].occurred_at <= timedelta(minutes=good_for_min)


def facts_of(state: InfusionState, code: str) -> dict[str, str]:
    """What else is said of a condition that is not met: from when a check is that is too old; who has to confirm."""
    if code == "no_recent_check" and state.checks:
        return {"checked_at": state.checks[-1].occurred_at.isoformat()}
    if code == "symptom_now" and state.symptoms:
        return {"symptoms": " ".join(state.symptoms)}
    if code == "high_alarm_open" and high_alarms(state):
        return {"conditions": " ".join(high_alarms(state))}
    waits_for = named_for_risk(state)
    return {"waits_for": str(waits_for.prescriber)} if code == "risk_not_settled" and waits_for else {}


def high_alarms(state: InfusionState) -> tuple[str, ...]:
    """The conditions of every high alarm that has not passed, seen by somebody or not."""
    return tuple(a.condition for a in state.alarms if a.priority is Priority.HIGH and a.cleared_at is None)


def is_risk_settled(state: InfusionState) -> bool:
    """Asked, and no concern, or decided by whoever says so in person."""
    return state.risk is not None and named_for_risk(state) is None


def named_for_risk(state: InfusionState) -> Named | None:
    """Who was named as having decided about a risk, and has not confirmed it."""
    return next((each for each in state.named if each.is_risk), None)


def is_pressure_near_arrival(state: InfusionState) -> bool:
    """The newest, at the last check or since, as near to the one before the start as the order wants it."""
    now = pressure_now(state)
    return now is not None and bool(state.checks) and _is_near(state, *now)


def is_detachment_back(state: InfusionState) -> bool:
    """At the last check they feel no more detached than before the start; not asked, all effects are gone."""
    return bool(state.checks) and _is_back_to_base(state, state.checks[-1].fact)


def are_effects_gone_twice(state: InfusionState) -> bool:
    """At the last check and one long enough before it all effects are gone and all else that a check asks is well,
    and none between them differs. What a prescriber accepts of the pressure now is not held against an earlier one.
    """
    apart_min = state.planned.order.intervals.clear_checks_apart_min if state.planned else 0
    clear_since: datetime | None = None
    for check in reversed(state.checks):
        if not _is_clear(state, check.fact):
            break
        clear_since = check.occurred_at
    return clear_since is not None and state.checks[-1].occurred_at - clear_since >= timedelta(
        minutes=max(apart_min, 1)
    )


def _door_conditions(state: InfusionState, command: SendHome) -> dict[str, bool]:
    opened = {
        "door_not_offered": state.planned is not None and command.door in state.planned.order.doors,
        "must_not_drive": not command.drives,
    }
    if command.door is Door.WITH_ADULT:
        named = (command.adult_name, command.adult_relation, command.adult_phone, command.travels_by)
        return opened | {
            "adult_not_named": all(words is not None and words.strip() for words in named),
            "no_witness": command.witness is not None,
        }
    return opened | {
        "effects_not_gone_twice": are_effects_gone_twice(state),
        "way_home_not_said": bool(command.travels_by.strip()),
    }


SAFE = (e.OnFeet.STEADY, e.OnFeet.WITH_HELP)


def _is_clear(state: InfusionState, check: e.RecoveryChecked) -> bool:
    is_pressure_well = _is_pressure_accepted(state) or _is_near(state, check.sbp_mmhg, check.dbp_mmhg)
    is_air_well = is_breathing_room_air(check) and _is_saturation_enough(state, check.spo2_percent)
    is_well = check.breathing_steady is True and check.vomiting is False and check.on_feet in SAFE
    is_gone = check.effects_gone is True and _is_back_to_base(state, check) and not check.symptoms
    return _is_awake(check) and is_well and is_air_well and is_pressure_well and is_gone


def _is_awake(check: e.RecoveryChecked) -> bool:
    return check.awake is e.Awake.ALERT and check.oriented is True


def _is_back_to_base(state: InfusionState, check: e.RecoveryChecked) -> bool:
    """Where a check says both, the worse is believed."""
    if check.detached is None:
        return check.effects_gone is True
    before = state.baseline_look.fact.detached if state.baseline_look else None  # never asked counts as not at all
    return check.detached <= (before or 0)


def _is_near(state: InfusionState, sbp_mmhg: int | None, dbp_mmhg: int | None) -> bool:
    if state.arrival_vitals is None:
        return False
    then = state.arrival_vitals.fact
    pairs = ((sbp_mmhg, then.sbp_mmhg), (dbp_mmhg, then.dbp_mmhg))
    within_percent = observation_of(state).pressure_within_percent
    return all(a is not None and b is not None and abs(a - b) * 100 <= within_percent * b for a, b in pairs)


def _are_breaths_enough(state: InfusionState) -> bool:
    """As counted at the last check or since, not under the order's limit; nobody has to have counted."""
    breaths = breaths_now(state)
    return breaths is None or (
        state.planned is not None and breaths >= state.planned.order.watch_limits.resp_low_per_min
    )


def _saturation_is_steady(state: InfusionState) -> bool:
    """At or above the order's limit on room air, at the last check or since."""
    return is_on_room_air(state) and _is_saturation_enough(state, saturation_now(state))


def _is_saturation_enough(state: InfusionState, spo2_percent: int | None) -> bool:
    return (
        spo2_percent is not None
        and state.planned is not None
        and spo2_percent >= state.planned.order.watch_limits.spo2_low_percent
    )


def _is_pressure_accepted(state: InfusionState) -> bool:
    """A prescriber's note counts for the check and the pressure it was written about: none may have come after it."""
    accepted, newest = state.pressure_accepted_seq, (*state.checks[-1:], state.pressure)
    return accepted is not None and bool(state.checks) and all(each is None or accepted > each.seq for each in newest)
