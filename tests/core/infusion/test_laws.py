"""Laws that hold on any walk through an infusion, whatever was asked in whatever order (house style 26)."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings

from stillroom.core.drip.history import FlowSettled
from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.decide import decide
from stillroom.core.infusion.fold import apply, fold, surviving
from stillroom.core.infusion.planning import rate_mg_per_kg_per_h
from stillroom.core.infusion.state import MOVES, WHILE_OPEN, InfusionState, Status
from stillroom.core.infusion.timeline import drip_history
from tests.core.infusion.walking import Asked, Walked, walks
from tests.examples import BEN, DISPLAY, LIMITS, D

CLAMPS = (e.InfusionPaused, e.InfusionStopped)


@settings(max_examples=60, deadline=None)
@given(walks())
def test_laws_of_a_log(walked: Walked) -> None:
    log = walked.walk.log
    assert [entry.seq for entry in log] == list(range(1, len(log) + 1))
    every_prefix_folds_to_where_the_next_entry_found_it(walked)
    the_drip_and_the_state_agree_on_the_rate(walked)
    no_rate_in_force_is_over_the_hard_limit(walked)


@settings(max_examples=60, deadline=None)
@given(walks())
def test_laws_of_an_act(walked: Walked) -> None:
    for asked in walked.asked:
        what_is_refused_changes_nothing(asked)
        what_is_done_only_adds_and_every_fact_is_a_legal_move(asked)
        stopping_and_slowing_never_raise_what_may_be_running(asked)
        a_closed_clamp_leaves_nothing_running_and_nothing_in_doubt(asked)
        in_doubt_counts_at_its_maximum(asked.after)
        a_drip_is_opened_only_after_somebody_meant_to_open_it(asked)
        what_runs_faster_was_judged(asked)
        a_correction_touches_only_the_entry_it_names(asked)


@settings(max_examples=30, deadline=None)
@given(walks())
def test_stop_pause_and_slower_are_never_refused(walked: Walked) -> None:
    for state in {asked.after.last_seq: asked.after for asked in walked.asked}.values():
        must_be_done(state, c.StopInfusion(), walked)
        if state.may_be_running:
            must_be_done(state, c.PauseInfusion(), walked)
        if state.accepted_rate_ml_per_h:
            must_be_done(state, c.SetRate(rate_ml_per_h=state.accepted_rate_ml_per_h), walked)
            must_be_done(state, c.SetRate(rate_ml_per_h=D("0.1")), walked)


def every_prefix_folds_to_where_the_next_entry_found_it(walked: Walked) -> None:
    log = walked.walk.log
    for place, entry in enumerate(log):
        before, after = fold(log[:place]), fold(log[: place + 1])
        assert (before.last_seq, after.last_seq) == (place, place + 1)
        is_correction = isinstance(entry.fact, e.EntryCorrected)
        if not is_correction and not _is_replacement(log, place):
            assert apply(before, entry) == after


def the_drip_and_the_state_agree_on_the_rate(walked: Walked) -> None:
    """What pharmacology is told last is what stands on the screen."""
    state, history = walked.state, drip_history(walked.walk.log)
    if history is None or state.is_in_doubt:
        return
    settled = [each.rate_ml_per_h for each in history.happenings if isinstance(each, FlowSettled)]
    runs_at = state.rate_ml_per_h if state.status is Status.INFUSING else Decimal(0)
    assert not settled or settled[-1] == runs_at


def no_rate_in_force_is_over_the_hard_limit(walked: Walked) -> None:
    """By the bag that was hung: one found to have been stronger is a fact, and no rate that anybody chose."""
    state = walked.state
    if any(isinstance(entry.fact, e.EntryCorrected) and _is_bag(walked, entry.fact) for entry in walked.walk.log):
        return
    hard_high = LIMITS.rate_mg_per_kg_per_h.hard_high
    assert hard_high is not None
    assert rate_mg_per_kg_per_h(state, state.highest_rate_ml_per_h) <= hard_high


def what_is_refused_changes_nothing(asked: Asked) -> None:
    if asked.new is None:
        assert asked.after == asked.before == fold(asked.log)


def what_is_done_only_adds_and_every_fact_is_a_legal_move(asked: Asked) -> None:
    """Each fact stands where the table of states lets it stand, after the one before it."""
    if asked.new is None or isinstance(asked.command, c.CorrectEntry):
        return
    state = asked.before
    assert [entry.seq for entry in asked.new] == [len(asked.log) + 1 + i for i in range(len(asked.new))]
    for entry in asked.new:
        assert state.status in MOVES.get(type(entry.fact), WHILE_OPEN).sources
        state = apply(state, entry)
    assert state == asked.after


def stopping_and_slowing_never_raise_what_may_be_running(asked: Asked) -> None:
    is_slower = isinstance(asked.command, c.SetRate) and asked.before.is_slower(asked.command.rate_ml_per_h)
    if is_slower or isinstance(asked.command, c.StopInfusion | c.PauseInfusion | c.EndInfusion | c.ReportNotDone):
        assert asked.after.highest_rate_ml_per_h <= asked.before.highest_rate_ml_per_h


def a_closed_clamp_leaves_nothing_running_and_nothing_in_doubt(asked: Asked) -> None:
    if asked.new and isinstance(asked.new[-1].fact, CLAMPS) and not isinstance(asked.command, c.CorrectEntry):
        assert asked.after.highest_rate_ml_per_h == 0
        assert not asked.after.is_in_doubt
        assert asked.after.status in (Status.PAUSED, Status.STOPPED)


def in_doubt_counts_at_its_maximum(state: InfusionState) -> None:
    runs_at = state.rate_ml_per_h if state.status is Status.INFUSING else Decimal(0)
    assert state.highest_rate_ml_per_h == max([runs_at, *(each.rate_ml_per_h for each in state.pending)])
    assert state.may_be_running == (state.highest_rate_ml_per_h > 0)


def a_drip_is_opened_only_after_somebody_meant_to_open_it(asked: Asked) -> None:
    """A rate alone opens nothing: a start must have been meant the first time, a resumption after that."""
    meant = {each.kind for each in asked.before.pending}
    for entry in asked.new or ():
        if not isinstance(asked.command, c.CorrectEntry):
            assert not isinstance(entry.fact, e.StartConfirmed) or "StartIntended" in meant
            assert not isinstance(entry.fact, e.InfusionResumed) or "ResumeIntended" in meant


def what_runs_faster_was_judged(asked: Asked) -> None:
    """Above the signed range only with the finding on record, whichever act it came by."""
    if asked.after.accepted_rate_ml_per_h <= asked.before.accepted_rate_ml_per_h or asked.before.bag is None:
        return
    if isinstance(asked.command, c.ConfirmDone | c.ResumeInfusion | c.ReportNotDone):
        return  # judged when it was meant
    planned = asked.after.planned
    assert planned is not None
    mg_per_kg_per_h = rate_mg_per_kg_per_h(asked.after, asked.after.accepted_rate_ml_per_h)
    assert mg_per_kg_per_h <= planned.order.highest_rate_mg_per_kg_per_h or asked.author.role == "prescriber"


def a_correction_touches_only_the_entry_it_names(asked: Asked) -> None:
    """A struck or replaced entry changes nothing before it, nor any entry after it."""
    if asked.new is None or not isinstance(asked.command, c.CorrectEntry):
        return
    before, after = surviving(asked.log), surviving((*asked.log, *asked.new))
    place = next(i for i, entry in enumerate(before) if entry.seq == asked.command.corrects_seq)
    stands_now = after[place : len(after) - len(before) + place + 1]
    assert stands_now == list(asked.new[1:])
    assert after[:place] == before[:place]
    assert after[place + len(stands_now) :] == before[place + 1 :]


def must_be_done(state: InfusionState, command: c.Command, walked: Walked) -> None:
    author = BEN if isinstance(command, c.SetRate) else DISPLAY
    try:
        decided = decide(state, command, at=walked.walk.at, author=author)
    except Refused as refused:
        raise AssertionError(f"{command} refused in {state.status}: {refused}; {state.pending}") from refused
    assert decided


def _is_replacement(log: list[e.Logged], place: int) -> bool:
    before = log[place - 1].fact if place else None
    return isinstance(before, e.EntryCorrected) and before.replaced


def _is_bag(walked: Walked, fact: e.EntryCorrected) -> bool:
    return isinstance(walked.walk.log[fact.corrects_seq - 1].fact, e.BagMade)
