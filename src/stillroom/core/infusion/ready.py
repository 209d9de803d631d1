"""Is everything there that a start needs? Preflight, line, bag, pressure, the person who may start, and the record."""

from __future__ import annotations

from datetime import datetime, timedelta

from stillroom.core.errors import Finding, Refused, Severity, refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.answered import must_be_answered
from stillroom.core.infusion.baseline import judge_baseline, judge_symptoms
from stillroom.core.infusion.comfort import FELT
from stillroom.core.infusion.planning import judge_faster, start_rate_ml_per_h
from stillroom.core.infusion.reassigning import judge_agreed
from stillroom.core.infusion.roles import PRESCRIBER
from stillroom.core.infusion.state import OVER, Alarm, InfusionState, Status, wants_review
from stillroom.core.safety.consent import judge_consent
from stillroom.core.safety.link_delay import judge_delays
from stillroom.core.safety.preflight import judge_preflight


def must_be_planned(state: InfusionState) -> e.InfusionPlanned:
    if state.planned is None:
        raise refuse("not_planned")
    return state.planned


def must_be_ready(state: InfusionState, command: c.DeclareReady, at: datetime, author: c.Author) -> tuple[Finding, ...]:
    """Refused unless the preflight is complete and in date, a line is in, the bag made, checked, and hung.

    The soft findings that it goes ahead with: a prescriber answered for them, or is named as having done so.
    """
    findings = (*judge_ready(state, at), *command.again)
    by_prescriber = author.role == PRESCRIBER or command.prescriber is not None
    must_be_answered(findings, reason=command.reason, by_prescriber=by_prescriber)
    return tuple(finding for finding in findings if finding.severity is not Severity.NOTE)


def judge_ready(state: InfusionState, at: datetime) -> tuple[Finding, ...]:
    """Everything that still stands between this patient and the start."""
    planned = must_be_planned(state)
    missing = {
        "no_line": state.line is None,
        "no_bag": state.bag is None,
        "bag_not_checked": planned.order.second_check and state.bag is not None and state.bag_checked_by is None,
        "bag_not_hung": state.hung is None,
    }
    good_for_min = planned.order.intervals.preflight_good_for_min
    preflight = judge_preflight(state.replies, at=at, good_for_min=good_for_min)
    return (*(Finding(code, Severity.HARD) for code, is_missing in missing.items() if is_missing), *preflight)


def judge_start(state: InfusionState, command: c.StartInfusion, at: datetime, author: c.Author) -> tuple[Finding, ...]:
    """The soft findings that a start goes ahead with; Refused for hard ones, or for soft ones nobody answered for.

    The preflight's soft findings were answered for when the patient was made ready; here only what is missing counts.
    """
    planned = must_be_planned(state)
    if author.role not in planned.order.may_start:
        raise refuse("may_not_start", role=author.role or "nobody signed in")
    if state.status is not Status.READY:
        raise refuse("not_now", act="StartIntended", status=state.status)
    still_missing = (finding for finding in judge_ready(state, at) if finding.severity is Severity.HARD)
    findings = (
        *still_missing,
        *command.self_test,
        *judge_agreed(state),
        *_of_patient(state, planned),
        *_not_asked_who(state, planned, command, at, author),
        *_unconfirmed(state),
        *(judge_consent(command.consent) if command.consent else ()),
        *judge_pressure(state, at),
        *judge_baseline(state, planned.order, at=at),
        *judge_symptoms(state),
        *judge_faster(state, start_rate_ml_per_h(state)),
        *(each for each in command.again if each.severity is not Severity.NOTE),
        *judge_delays(planned.order.alarms, interval_s=command.link_interval_s),
    )
    of_room = _of_room(command)
    _must_start_with(findings, of_room, reason=command.reason, by_prescriber=author.role == PRESCRIBER)
    return (*findings, *of_room)


def _must_start_with(
    findings: tuple[Finding, ...], of_room: tuple[Finding, ...], *, reason: str | None, by_prescriber: bool
) -> None:
    """One refusal says everything that stands against the start: so a reason answers what was shown, and no more.

    What was found in the room, whoever starts answers for.
    """
    hard = [finding for finding in findings if finding.severity is Severity.HARD]
    soft = [finding for finding in findings if finding.severity is Severity.SOFT]
    is_said = bool((reason or "").strip())
    is_answered = (is_said or not (soft or of_room)) and (by_prescriber or not soft)
    if hard or not is_answered:
        by_whom = (Finding("needs_prescriber_and_reason", Severity.SOFT),) if soft and not is_answered else ()
        raise Refused((*hard, *soft, *by_whom, *of_room))


def _of_patient(state: InfusionState, planned: e.InfusionPlanned) -> tuple[Finding, ...]:
    """The order is of whoever it was signed for; where it asks, a second person has asked who sits there."""
    if state.patient != planned.patient:
        return (Finding("order_of_another_patient", Severity.HARD),)
    is_missing = planned.order.second_patient_check and state.patient_checked_by is None
    return (Finding("patient_not_checked", Severity.HARD),) if is_missing else ()


def _not_asked_who(
    state: InfusionState, planned: e.InfusionPlanned, command: c.StartInfusion, at: datetime, author: c.Author
) -> tuple[Finding, ...]:
    """Whoever starts has asked the patient who they are, no longer ago than vital signs stay good (SR-14)."""
    good_for_min = planned.order.intervals.vitals_good_for_min
    asked_at = state.asked_who_at.get(author.by)
    is_known = asked_at is not None and at - asked_at <= timedelta(minutes=good_for_min)
    if is_known or command.patient_asked is not False:
        return ()
    return (Finding("patient_not_asked_for_start", Severity.HARD, {"good_for_min": str(good_for_min)}),)


def _of_room(command: c.StartInfusion) -> tuple[Finding, ...]:
    """Nobody would hear the room, or nothing in it sends a saturation: how the staff will be called, or how it is
    measured, has to be said.
    """
    silent = (Finding("sound_not_armed", Severity.SOFT),) if command.is_sound_armed is False else ()
    unseen = (Finding("saturation_not_sent", Severity.SOFT),) if command.sends_saturation is False else ()
    return (*silent, *unseen)


def _unconfirmed(state: InfusionState) -> tuple[Finding, ...]:
    """Nothing hurries before the drip: it waits until whoever was named has said so in person."""
    named = any(each.before_start for each in state.named)
    return (Finding("prescriber_has_not_confirmed", Severity.SOFT),) if named else ()


def judge_pressure(state: InfusionState, at: datetime) -> tuple[Finding, ...]:
    """Vital signs in date, and a pressure that the order lets start."""
    planned = must_be_planned(state)
    limits, good_for_min = planned.order.start_limits, planned.order.intervals.vitals_good_for_min
    seen = state.arrival_vitals
    if seen is None or at - seen.occurred_at > timedelta(minutes=good_for_min):
        return (Finding("vitals_out_of_date", Severity.HARD, {"good_for_min": str(good_for_min)}),)
    sbp, dbp = seen.fact.sbp_mmhg or 0, seen.fact.dbp_mmhg or 0
    facts = {"sbp_mmhg": str(sbp), "dbp_mmhg": str(dbp)}
    if sbp >= limits.no_start_sbp_mmhg or dbp >= limits.no_start_dbp_mmhg:
        return (Finding("pressure_too_high_to_start", Severity.HARD, facts),)
    if sbp >= limits.hold_sbp_mmhg or dbp >= limits.hold_dbp_mmhg:
        return (Finding("pressure_high_before_start", Severity.SOFT, facts),)
    return ()


def must_not_be_in_doubt(state: InfusionState) -> None:
    """Refused while something that was meant is neither confirmed nor denied."""
    if state.pending:
        raise refuse("already_in_doubt", act=state.pending[-1].kind)


def must_be_recordable(state: InfusionState, fact: e.Fact, author: c.Author) -> None:
    """What a recorded fact needs to make sense where the infusion stands."""
    if isinstance(fact, e.BagHung):
        _must_be_a_bag_to_hang(state)
    if isinstance(fact, e.PumpRateRead) and must_be_planned(state).order.delivery.drops_per_ml is not None:
        raise refuse("no_pump_ordered")
    if isinstance(fact, e.LineRemoved | e.TakenToHospital) and state.may_be_running:
        raise refuse("drip_may_be_running")
    if isinstance(fact, WITH_HELP_AFTERWARDS) and state.status in OVER and state.help_called_at is None:
        raise refuse("not_now", act=type(fact).__name__, status=state.status)
    if isinstance(fact, e.RiskSettled) and fact.outcome is e.Risk.DECIDED and fact.decided_by is None:
        raise refuse("risk_needs_a_name")
    if isinstance(fact, e.RoomOffered) and fact.to == author.person:
        raise refuse("room_offered_to_oneself")
    if isinstance(fact, e.EffectNoted) and fact.of_seq not in may_have_helped(state):
        raise refuse("nothing_that_may_have_helped", of_seq=str(fact.of_seq))
    _must_be_of_an_alarm(state, fact)


def _must_be_of_an_alarm(state: InfusionState, fact: e.Fact) -> None:
    """What is said of an alarm needs one that is there."""
    if isinstance(fact, e.AlarmsReviewed) and not wants_review(state):
        raise refuse("no_review_wanted")
    if isinstance(fact, e.AlarmRaised) and _waits_to_be_seen(state, fact.condition):
        raise refuse("alarm_already_open", condition=fact.condition)
    if isinstance(fact, e.AlarmCleared) and fact.condition not in state.open_conditions:
        raise refuse("no_such_alarm", condition=fact.condition)
    if isinstance(fact, e.AlarmAcknowledged | e.AlarmEscalated | e.AlarmShown):
        alarm_named(state, fact.condition)
    if isinstance(fact, e.SoundResumed) and alarm_named(state, fact.condition).paused_until is None:
        raise refuse("sound_not_paused", condition=fact.condition)


WITH_HELP_AFTERWARDS = (e.MedicineGiven, e.PatientWatched, e.VitalsCharted, e.TakenToHospital)
"""Of who has left, only while help is called: anything else then is another patient's."""


def may_have_helped(state: InfusionState) -> frozenset[int]:
    """The entries whose effect can be noted: comfort as it is set now, what was tried, and medicines."""
    comfort = (each.seq for item, each in state.comfort.items() if item in FELT)
    return frozenset((*comfort, *(each.seq for each in state.calmed), *(each.seq for each in state.medicines)))


def _waits_to_be_seen(state: InfusionState, condition: str) -> bool:
    """Open, and not one that may be heard again after somebody has seen it."""
    is_open = (each for each in state.alarms if each.condition == condition and each.cleared_at is None)
    return any(each.heard_again_at is None for each in is_open)


def alarm_named(state: InfusionState, condition: str) -> Alarm:
    found = next((each for each in state.alarms if each.condition == condition), None)
    if found is None:
        raise refuse("no_such_alarm", condition=condition)
    return found


def _must_be_a_bag_to_hang(state: InfusionState) -> None:
    if state.bag is None:
        raise refuse("no_bag")
    must_not_be_in_doubt(state)
