"""Correcting the record: the wrong entry stays readable, a new one says why and what is right.

Correcting is no way around a rule: who may not record a kind may not correct it, what is in doubt is settled first, and
a rate put right upwards is judged as a faster rate is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from stillroom.core.errors import refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion import planning, ready
from stillroom.core.infusion.answered import must_be_answered
from stillroom.core.infusion.fold import fold, surviving
from stillroom.core.infusion.late import impossible_time
from stillroom.core.infusion.plausible import must_be_plausible
from stillroom.core.infusion.roles import MAY, PRESCRIBER, must_be_allowed
from stillroom.core.infusion.state import BEFORE_INFUSING, MOVES, InfusionState

# These say something about the log itself, or were signed as they stood, or took two people.
NEVER_CORRECTED = (
    *(e.InfusionPlanned, e.EntryCorrected, e.RecordedLate, e.ChartSigned, e.IntentNotDone, e.WentHome),
    e.LogRestored,
    *(
        e.TakenToHospital,
        e.InfusionReassigned,
        e.ReassignmentAgreed,
        e.PrescriberNamed,
        e.PrescriberConfirmed,
        e.DoorOverridden,
        e.OverrideAgreed,
    ),
    *(e.SoundPaused, e.SoundResumed, e.AlarmEscalated, e.AlarmShown, e.AlarmsReviewed, e.LimitChanged),
)

# A move or a doubt cannot be taken back by striking it out; its time or its numbers can be put right.
INTENTS = (e.StartIntended, e.RateIntended, e.PauseIntended, e.ResumeIntended, e.StopIntended, e.RateConfirmed)

Rated = e.StartIntended | e.RateIntended | e.ResumeIntended


def correct(
    state: InfusionState, command: c.CorrectEntry, *, at: datetime, author: c.Author, log: Sequence[e.Logged]
) -> tuple[e.Dated, ...]:
    """The correction, and what stands in place of the corrected entry. Raises Refused."""
    counting = surviving(log)
    wrong = next((entry for entry in counting if entry.seq == command.corrects_seq), None)
    if wrong is None:
        raise refuse("nothing_to_correct", corrects_seq=str(command.corrects_seq))
    _must_be_correctable(state, wrong, author, counting)
    if not command.reason.strip():
        raise refuse("correction_needs_a_reason")
    marked = e.EntryCorrected(corrects_seq=wrong.seq, replaced=command.replacement is not None, reason=command.reason)
    before = fold(counting[: counting.index(wrong)])
    return (e.Dated(occurred_at=at, fact=marked), *_replacement(state, before, command, wrong, at, author))


def _must_be_correctable(state: InfusionState, wrong: e.Logged, author: c.Author, counting: Sequence[e.Logged]) -> None:
    """Settled, and of a kind that this author may record. Before the start a bag is not put right but made anew."""
    not_done = {entry.fact.intent_seq for entry in counting if isinstance(entry.fact, e.IntentNotDone)}
    if isinstance(wrong.fact, NEVER_CORRECTED) or wrong.seq in not_done:
        raise refuse("never_corrected", kind=wrong.kind)
    if isinstance(wrong.fact, e.BagMade) and state.status in BEFORE_INFUSING:
        raise refuse("bag_is_made_anew")
    if any(each.seq == wrong.seq for each in state.pending):
        raise refuse("already_in_doubt", act=wrong.kind)
    if type(wrong.fact) in MAY:
        must_be_allowed(c.Record(fact=wrong.fact), author)


def _replacement(
    state: InfusionState,
    before: InfusionState,
    command: c.CorrectEntry,
    wrong: e.Logged,
    at: datetime,
    author: c.Author,
) -> tuple[e.Dated, ...]:
    """`before` is how it stood when the wrong entry was written."""
    right = command.replacement
    if right is None:
        if is_move(wrong.fact):
            raise refuse("cannot_be_struck", kind=wrong.kind)
        return ()
    if type(right) is not type(wrong.fact):
        raise refuse("not_the_same_kind", kind=wrong.kind)
    must_be_plausible(right, state)
    if isinstance(right, e.RiskSettled):
        ready.must_be_recordable(state, right, author)
    if isinstance(right, Rated) and isinstance(wrong.fact, Rated):
        _must_be_within_limits(state, before, right, wrong.fact, command.reason, author)
        right = _settable(state, right)
    if command.occurred_at is None:
        return (e.Dated(occurred_at=wrong.occurred_at, fact=right),)
    impossible = impossible_time(state, right, command.occurred_at, at=at)
    if impossible is not None:
        raise impossible
    return (e.Dated(occurred_at=min(command.occurred_at, at), fact=right),)


def _must_be_within_limits(
    state: InfusionState, before: InfusionState, right: Rated, wrong: Rated, reason: str, author: c.Author
) -> None:
    """The limits that the wrong entry passed, for whatever is faster than what stood there."""
    if right.rate_ml_per_h <= 0:
        raise refuse("rate_must_be_above_zero")
    if right.rate_ml_per_h <= wrong.rate_ml_per_h:
        return
    if isinstance(right, e.ResumeIntended) and right.rate_ml_per_h > before.rate_ml_per_h:
        raise refuse("resume_not_faster", rate_ml_per_h=str(before.rate_ml_per_h))
    is_named = isinstance(right, e.RateIntended) and right.prescriber is not None
    findings = planning.judge_faster(state, right.rate_ml_per_h)
    must_be_answered(findings, reason=reason, by_prescriber=author.role == PRESCRIBER or is_named)


def _settable(state: InfusionState, right: Rated) -> Rated:
    """The rate as it can be set, with its drops."""
    order = ready.must_be_planned(state).order
    rate_ml_per_h = planning.settable_rate_ml_per_h(order, right.rate_ml_per_h)
    return replace(right, rate_ml_per_h=rate_ml_per_h, drops_per_min=planning.drops_per_min(order, rate_ml_per_h))


def is_move(fact: e.Fact) -> bool:
    """It led somewhere, or meant to: it can be put right, and never struck."""
    move = MOVES.get(type(fact))
    return isinstance(fact, INTENTS) or (move is not None and move.target is not None)
