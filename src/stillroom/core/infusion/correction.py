"""Correcting the record: the wrong entry stays readable, a new one says why and what is right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from stillroom.core.errors import refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.plausible import must_be_plausible
from stillroom.core.infusion.state import MOVES, InfusionState

# These say something about the log itself, or were signed as they stood.
NEVER_CORRECTED = (e.InfusionPlanned, e.EntryCorrected, e.RecordedLate, e.ChartSigned, e.IntentNotDone, e.WentHome)

# A move or a doubt cannot be taken back by striking it out; its time or its numbers can be put right.
INTENTS = (e.StartIntended, e.RateIntended, e.PauseIntended, e.ResumeIntended, e.StopIntended, e.RateConfirmed)


def correct(
    state: InfusionState, command: c.CorrectEntry, *, at: datetime, log: Sequence[e.Logged]
) -> tuple[e.Dated, ...]:
    """The correction, and what stands in place of the corrected entry. Raises Refused."""
    wrong = next((entry for entry in surviving(log) if entry.seq == command.corrects_seq), None)
    if wrong is None:
        raise refuse("nothing_to_correct", corrects_seq=str(command.corrects_seq))
    if isinstance(wrong.fact, NEVER_CORRECTED):
        raise refuse("never_corrected", kind=wrong.kind)
    if not command.reason.strip():
        raise refuse("correction_needs_a_reason")
    marked = e.EntryCorrected(corrects_seq=wrong.seq, replaced=command.replacement is not None, reason=command.reason)
    return (e.Dated(occurred_at=at, fact=marked), *_replacement(state, command, wrong, at))


def _replacement(state: InfusionState, command: c.CorrectEntry, wrong: e.Logged, at: datetime) -> tuple[e.Dated, ...]:
    if command.replacement is None:
        if _is_move(wrong.fact):
            raise refuse("cannot_be_struck", kind=wrong.kind)
        return ()
    if type(command.replacement) is not type(wrong.fact):
        raise refuse("not_the_same_kind", kind=wrong.kind)
    must_be_plausible(command.replacement, state)
    occurred_at = command.occurred_at or wrong.occurred_at
    if occurred_at > at:
        raise refuse("in_the_future", occurred_at=occurred_at.isoformat())
    return (e.Dated(occurred_at=occurred_at, fact=command.replacement),)


def _is_move(fact: e.Fact) -> bool:
    move = MOVES.get(type(fact))
    return isinstance(fact, INTENTS) or (move is not None and move.target is not None)
