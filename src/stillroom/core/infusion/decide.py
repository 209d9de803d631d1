"""What follows from what was asked: facts, or a refusal with its findings. The clinical rules of the room are all here.

Slower, pause and stop are never refused, questioned or delayed. What changes dose answers with an intent; the person
does it with the hand and says so (`ConfirmDone`) or that it was not done (`ReportNotDone`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from stillroom.core.errors import Finding, Refused, refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import correction, override, planning, ready, reassigning, recovery, resuming, scored
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.answered import must_be_answered
from stillroom.core.infusion.late import happened_at
from stillroom.core.infusion.limit_change import must_be_changeable
from stillroom.core.infusion.plausible import must_be_plausible
from stillroom.core.infusion.roles import EMERGENCY, PRESCRIBER, must_be_allowed, role_not_allowed
from stillroom.core.infusion.sounding import pause_left_s
from stillroom.core.infusion.state import DRIP_ON, MOVES, OPENINGS, WHILE_OPEN, InfusionState, Status, wants_review

Facts = tuple[e.Fact, ...]


def decide(
    state: InfusionState, command: c.Command, *, at: datetime, author: c.Author, log: Sequence[e.Logged] = ()
) -> tuple[e.Dated, ...]:
    """The facts that follow from `command`, asked by `author` at `at` (aware UTC), in the order to be logged.

    `log` is the whole log that `state` was folded from; only corrections look at it. Raises Refused.
    """
    must_be_allowed(command, author)
    if isinstance(command, c.CorrectEntry):
        return correction.correct(state, command, at=at, author=author, log=log)
    occurred_at, late = happened_at(state, command, at=at)
    facts = DECISIONS[type(command)](state, command, occurred_at, author)
    _must_be_legal(state, facts)
    return tuple(e.Dated(occurred_at=occurred_at, fact=fact) for fact in (*late, *facts))


def _must_be_legal(state: InfusionState, facts: Facts) -> None:
    """Each fact must be a legal move from where the one before it led."""
    status = state.status
    for fact in facts:
        move = MOVES.get(type(fact), WHILE_OPEN)
        if status not in move.sources:
            raise refuse("not_now", act=type(fact).__name__, status=status)
        status = move.target or status


def _record(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    must_be_plausible(command.fact, state)
    ready.must_be_recordable(state, command.fact, author)
    is_no_concern = isinstance(command.fact, e.RiskSettled) and command.fact.outcome is e.Risk.NO_CONCERN
    if is_no_concern and recovery.named_for_risk(state):
        raise refuse("risk_decision_waits")
    return (command.fact,)


def _plan(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    return (planning.plan(command, author),)


def _make_bag(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    ready.must_not_be_in_doubt(state)
    return (planning.make_bag(state, command),)


def _check_bag(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    if state.bag is None:
        raise refuse("no_bag_to_check")
    if state.bag.by == author.by:
        raise refuse("checker_made_the_bag")
    return (e.BagChecked(),)


def _check_patient(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    """Whoever made the patient ready asked them first; the second is somebody else."""
    if state.ready_by == author.by:
        raise refuse("checker_made_ready")
    return (e.PatientChecked(),)


def _declare_ready(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    findings = ready.must_be_ready(state, command, at, author)
    if findings and author.role != PRESCRIBER:
        return (e.PrescriberNamed(prescriber=command.prescriber, reason=command.reason), e.MadeReady())
    return (e.MadeReady(), *_noted(command.reason))


def _confirm_naming(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    named = next((each for each in state.named if each.seq == command.named_seq), None)
    if named is None:
        raise refuse("nobody_named", named_seq=str(command.named_seq))
    if not named.is_risk and author.role != PRESCRIBER:
        raise role_not_allowed(command, author)
    if named.prescriber != author.person:
        raise refuse("not_the_one_named")
    return (e.PrescriberConfirmed(named_seq=named.seq),)


def _start(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    ready.must_not_be_in_doubt(state)
    findings = ready.judge_start(state, command, at, author)
    planned = ready.must_be_planned(state)
    rate_ml_per_h = planning.start_rate_ml_per_h(state)
    return (
        e.StartIntended(
            rate_ml_per_h=rate_ml_per_h,
            drops_per_min=planning.drops_per_min(planned.order, rate_ml_per_h),
            findings=tuple(finding.code for finding in findings),
            patient_asked=command.patient_asked is True,
            reason=command.reason,
            clock_off_by_s=command.clock_off_by_s,
        ),
    )


def _set_rate(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    if command.rate_ml_per_h <= 0:
        raise refuse("rate_must_be_above_zero")
    if not state.accepted_rate_ml_per_h:
        raise refuse("not_now", act="RateIntended", status=state.status)
    if author.role == EMERGENCY and not is_only_slower(state, command.rate_ml_per_h):
        raise role_not_allowed(command, author)
    order = ready.must_be_planned(state).order
    findings = () if state.is_slower(command.rate_ml_per_h) else _judge_faster(state, command, author)
    rate_ml_per_h = planning.settable_rate_ml_per_h(order, command.rate_ml_per_h)
    return (
        e.RateIntended(
            rate_ml_per_h=rate_ml_per_h,
            drops_per_min=planning.drops_per_min(order, rate_ml_per_h),
            findings=tuple(finding.code for finding in findings),
            prescriber=command.prescriber,
            reason=command.reason,
        ),
    )


def is_only_slower(state: InfusionState, rate_ml_per_h: Decimal) -> bool:
    """Slower than a drip that is known to run: where it is in doubt whether it does, a rate would open it."""
    return state.status is Status.INFUSING and rate_ml_per_h <= state.rate_ml_per_h


def _judge_faster(state: InfusionState, command: c.SetRate, author: c.Author) -> tuple[Finding, ...]:
    """A faster rate: over a hard limit nobody, over a soft one or the signed range a prescriber with a reason."""
    reassigning.must_be_agreed(state)
    findings = planning.judge_faster(state, command.rate_ml_per_h)
    by_prescriber = author.role == PRESCRIBER or command.prescriber is not None
    must_be_answered(findings, reason=command.reason, by_prescriber=by_prescriber)
    return findings


def _pause(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    """Nothing to pause where nothing can be running: then, and only then, is a pause not the right word."""
    if not state.may_be_running:
        raise refuse("nothing_runs", status=state.status)
    return (e.PauseIntended(),)


def _resume(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    if state.status is Status.STOPPED and author.role != PRESCRIBER:
        raise refuse("stopped_needs_prescriber")
    reassigning.must_be_agreed(state)
    if wants_review(state) and author.role != PRESCRIBER:
        raise refuse("review_first")
    resuming.must_say_rate_again(state, command, at)
    asked_ml_per_h: Decimal = command.rate_ml_per_h or state.rate_ml_per_h
    if asked_ml_per_h > state.rate_ml_per_h:
        raise refuse("resume_not_faster", rate_ml_per_h=str(state.rate_ml_per_h))
    if asked_ml_per_h <= 0:
        raise refuse("rate_must_be_above_zero")
    order = ready.must_be_planned(state).order
    rate_ml_per_h = planning.settable_rate_ml_per_h(order, asked_ml_per_h)
    return (e.ResumeIntended(rate_ml_per_h=rate_ml_per_h, drops_per_min=planning.drops_per_min(order, rate_ml_per_h)),)


def _stop(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    return (e.StopIntended(),)


CONFIRMED: dict[str, type[e.Fact]] = {
    "StartIntended": e.StartConfirmed,
    "RateIntended": e.RateConfirmed,
    "PauseIntended": e.InfusionPaused,
    "ResumeIntended": e.InfusionResumed,
    "StopIntended": e.InfusionStopped,
}
CLAMP_CLOSED = ("StopIntended", "PauseIntended")
CLINICAL = frozenset({PRESCRIBER, "nurse_anaesthetist", "nurse"})


def _confirm(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    """Only the newest intent can be confirmed, but for a closed clamp: that is true whatever else was meant."""
    intent = next((each for each in state.pending if each.seq == command.intent_seq), None)
    if intent is None:
        raise refuse("nothing_in_doubt", intent_seq=str(command.intent_seq))
    if intent.kind in CLAMP_CLOSED:
        return _as_done(state, intent.kind)
    if intent.kind not in CONFIRMED:
        raise refuse("not_now", act=intent.kind, status=state.status)
    slows = intent.kind == "RateIntended" and is_only_slower(state, intent.rate_ml_per_h)
    if author.role not in CLINICAL and not (author.role == EMERGENCY and slows):
        raise refuse("role_not_allowed", act=CONFIRMED[intent.kind].__name__, role=author.role or "nobody signed in")
    if intent is not state.pending[-1]:
        raise refuse("newer_intent", act=state.pending[-1].kind)
    return _as_done(state, intent.kind)


def _as_done(state: InfusionState, kind: str) -> Facts:
    """What the hand has done. A rate meant while an opening was in doubt opens; a stopped drip stays stopped."""
    match kind, state.status:
        case "RateIntended", Status.READY:
            return (e.StartConfirmed(), e.RateConfirmed())
        case "RateIntended", Status.PAUSED | Status.STOPPED:
            return (e.InfusionResumed(), e.RateConfirmed())
        case "PauseIntended", Status.STOPPED:
            return (e.InfusionStopped(),)
    return (CONFIRMED[kind](),)


def _not_done(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    """An opening cannot be denied while a rate for it is in doubt: that is settled first."""
    intent = next((each for each in state.pending if each.seq == command.intent_seq), None)
    if intent is None:
        raise refuse("nothing_in_doubt", intent_seq=str(command.intent_seq))
    if intent.kind in OPENINGS and any(each.kind == "RateIntended" for each in state.pending):
        raise refuse("newer_intent", act="RateIntended")
    return (e.IntentNotDone(intent_seq=command.intent_seq),)


def _restored(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    """Whatever was done in what is lost: where a drip hangs, it may run as fast as was ever meant."""
    if state.status not in DRIP_ON | {Status.READY, Status.STOPPED}:
        return (e.LogRestored(rate_ml_per_h=Decimal(0)),)
    planned_ml_per_h = ready.must_be_planned(state).rate_ml_per_h
    meant = max(state.highest_rate_ml_per_h, state.rate_ml_per_h, planned_ml_per_h)
    return (e.LogRestored(rate_ml_per_h=meant),)


def _end(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    """Ending closes the clamp if that was not said before."""
    ended = e.InfusionEnded(left_in_bag_ml=command.left_in_bag_ml)
    must_be_plausible(ended, state)
    if state.status is Status.READY and not state.pending:
        raise refuse("not_now", act="InfusionEnded", status=state.status)
    is_clamp_closed = state.status is Status.STOPPED and not state.pending
    return (ended,) if is_clamp_closed else (e.InfusionStopped(), ended)


def _pause_sound(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    """Of one occurrence of one alarm, and only for what is left of what it may be paused."""
    alarm = ready.alarm_named(state, command.condition)
    left_s = pause_left_s(state, alarm, at=at)
    for_s = left_s if command.for_s is None else command.for_s
    if left_s == 0:
        raise refuse("sound_pause_used_up", condition=command.condition)
    if not 0 < for_s <= left_s:
        raise refuse("sound_pause_too_long", condition=command.condition, for_s=str(for_s), left_s=str(left_s))
    return (e.SoundPaused(condition=command.condition, for_s=for_s, screen=command.screen),)


def _change_limit(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    by_prescriber = author.role == PRESCRIBER or command.prescriber is not None
    fact = e.LimitChanged(
        limit=command.limit,
        before=getattr(state.watch_limits, command.limit, 0) if state.planned else 0,
        value=command.value,
        prescriber=command.prescriber,
        reason=command.reason,
    )
    must_be_changeable(state, command.limit, command.value, reason=command.reason, by_prescriber=by_prescriber)
    must_be_plausible(fact, state)
    return (fact,)


def _set_comfort(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    """What is so already is not written down again; where all of it is, nothing is left to do."""
    now = {item: seen.fact.choice for item, seen in state.comfort.items()}
    facts = tuple(e.ComfortSet(item=item, choice=choice) for item, choice in command.chosen if now.get(item) != choice)
    if not facts:
        raise refuse("comfort_is_so_already")
    for fact in facts:
        must_be_plausible(fact, state)
    return facts


def _abandon(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    ready.must_not_be_in_doubt(state)
    fact = e.InfusionAbandoned(reason=command.reason)
    must_be_plausible(fact, state)
    return (fact,)


def _reassign(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    fact = reassigning.reassign(state, command, author)
    must_be_plausible(fact, state)
    return (fact,)


def _agree_to_reassignment(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    return (reassigning.agree(state, command, author),)


def _check_recovery(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    must_be_plausible(command.check, state)
    return (command.check,) if state.status is Status.RECOVERING else (e.RecoveryBegan(), command.check)


def _score(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    return (scored.score(state, command, at=at),)


def _override(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    leaving = recovery.leaving_by(command.door)
    return (override.override(command, unmet=recovery.unmet(state, leaving, at=at), author=author),)


def _agree(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    return (override.agree(state, command, author, at=at),)


def _send_home(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    findings = recovery.judge_door(state, command, at=at)
    if findings:
        raise Refused(findings)
    if command.witness is not None and command.witness == author.person:
        raise refuse("witness_is_the_author")
    return (
        e.WentHome(
            door=command.door,
            travels_by=command.travels_by,
            witness=command.witness,
            overridden_seq=_override_of(state, command, at),
            adult_name=command.adult_name,
            adult_relation=command.adult_relation,
            adult_phone=command.adult_phone,
        ),
    )


def _override_of(state: InfusionState, command: c.SendHome, at: datetime) -> int | None:
    """The override that stands for this door, whether or not what it lifts was met in the meantime."""
    is_lifted = state.override is not None and override.lifted(state, command.door, at=at)
    return state.override.seq if is_lifted and state.override is not None else None


def _sign(state: InfusionState, command: Any, at: datetime, author: c.Author) -> Facts:
    ready.must_not_be_in_doubt(state)
    reassigning.must_be_agreed(state)
    fact = e.ChartSigned(head_seq=state.last_seq, meaning=command.meaning, role=author.role or "")
    must_be_plausible(fact, state)
    return (fact,)


def _noted(reason: str | None) -> Facts:
    return (e.NoteAdded(words=reason),) if reason and reason.strip() else ()


DECISIONS: dict[type[c.Command], Callable[[InfusionState, Any, datetime, c.Author], Facts]] = {
    c.Record: _record,
    c.PlanInfusion: _plan,
    c.MakeBag: _make_bag,
    c.CheckBag: _check_bag,
    c.CheckPatient: _check_patient,
    c.DeclareReady: _declare_ready,
    c.ConfirmNaming: _confirm_naming,
    c.StartInfusion: _start,
    c.SetRate: _set_rate,
    c.PauseInfusion: _pause,
    c.ResumeInfusion: _resume,
    c.StopInfusion: _stop,
    c.ConfirmDone: _confirm,
    c.ReportNotDone: _not_done,
    c.PauseSound: _pause_sound,
    c.ChangeLimit: _change_limit,
    c.SetComfort: _set_comfort,
    c.EndInfusion: _end,
    c.NoteRestored: _restored,
    c.AbandonInfusion: _abandon,
    c.ReassignInfusion: _reassign,
    c.AgreeToReassignment: _agree_to_reassignment,
    c.CheckRecovery: _check_recovery,
    c.ScoreRecovery: _score,
    c.OverrideDoor: _override,
    c.AgreeToOverride: _agree,
    c.SendHome: _send_home,
    c.SignChart: _sign,
}
