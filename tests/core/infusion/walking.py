"""Random walks through an infusion: any act by anybody, sensible and not, from several starting points.

What is asked is drawn by a random source that Hypothesis seeds, so a walk costs as much as its acts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from stillroom.core.drip.line import Line, Priming
from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.fold import surviving
from stillroom.core.infusion.state import InfusionState
from stillroom.core.safety import PreflightItem, Reply
from tests.examples import ADA, BEN, DEE, DISPLAY, VITALS, WATCH, D, Walk, an_id, infusing, ready

Rated = e.StartIntended | e.RateIntended | e.ResumeIntended
Ask = Callable[[Random, Walk], c.Command]

ACTS = 25
RATES = [D("0.5"), D(30), D(90), D(120), D(150), D(180), D(210), D(400)]
STARTS = [make().log for make in (ready, ready, infusing, infusing, infusing)]
AUTHORS = [ADA, ADA, BEN, BEN, DEE, DISPLAY, WATCH]
SEEN: Sequence[e.Fact] = (
    VITALS,
    e.NoteAdded(words="calm"),
    e.DropsCounted(drops=25, seconds=D(30)),
    e.StreamSeen(),
    e.DripDisturbed(),
    e.BagRead(left_in_bag_ml=D(60)),
    e.BagHung(line=Line(volume_ml=D(15), primed_with=Priming.DRUG)),
    e.PreflightAnswered(item=PreflightItem.ALLERGIES, reply=Reply.UNKNOWN),
    e.AlarmRaised(condition="spo2_low", priority=e.Priority.HIGH),
    e.LineRemoved(),
    e.StartConfirmed(),  # nobody just records that
)


@dataclass(frozen=True)
class Asked:
    """One act: what stood before it, what was asked by whom, and what was logged (None: it was refused)."""

    log: tuple[e.Logged, ...]
    before: InfusionState
    command: c.Command
    author: c.Author
    new: tuple[e.Logged, ...] | None
    after: InfusionState


@dataclass
class Walked:
    walk: Walk
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = self.walk.state

    def ask(self, command: c.Command, author: c.Author) -> None:
        before, log = self.state, tuple(self.walk.log)
        try:
            new: tuple[e.Logged, ...] | None = self.walk.ask(command, author)
        except Refused:
            new = None
        self.state = self.walk.state
        self.asked.append(Asked(log, before, command, author, new, self.state))


@st.composite
def walks(draw: st.DrawFn) -> Walked:
    random = draw(st.randoms(use_true_random=True))
    log = random.choice(STARTS)
    walked = Walked(Walk(at=log[-1].recorded_at, log=list(log)))
    for _ in range(ACTS):
        walked.walk.at += timedelta(minutes=random.choice([0, 0, 1, 4]))
        walked.ask(random.choice(ASKING)(random, walked.walk), random.choice(AUTHORS))
    return walked


def _confirm(random: Random, walk: Walk) -> c.Command:
    if not walk.state.pending:
        return c.PauseInfusion() if random.random() < 0.3 else _set_rate(random, walk)
    return c.ConfirmDone(intent_seq=_intent_seq(walk, random.choice([0, 0, 0, 1])))


def _not_done(random: Random, walk: Walk) -> c.Command:
    return c.ReportNotDone(intent_seq=_intent_seq(walk, random.choice([0, 1, 2])))


def _intent_seq(walk: Walk, back: int) -> int:
    """The number of the newest intent in doubt or of one before it; where nothing is in doubt, a wrong one."""
    pending = walk.state.pending
    return pending[-1 - back % len(pending)].seq if pending else 1


def _set_rate(random: Random, walk: Walk) -> c.Command:
    return c.SetRate(rate_ml_per_h=random.choice(RATES), reason=random.choice([None, "slow"]))


def _resume(random: Random, walk: Walk) -> c.Command:
    return c.ResumeInfusion(rate_ml_per_h=random.choice([None, None, *RATES]))


def _make_bag(random: Random, walk: Walk) -> c.Command:
    planned = walk.state.planned
    assert planned is not None
    return c.MakeBag(bag=planned.bag)


def _record(random: Random, walk: Walk) -> c.Command:
    return c.Record(fact=random.choice(SEEN))


def _correct(random: Random, walk: Walk) -> c.Command:
    """Any entry that counts: struck, moved in time, or put right with another number."""
    wrong = random.choice(surviving(walk.log))
    moved = wrong.occurred_at - timedelta(seconds=20)
    return c.CorrectEntry(
        corrects_seq=wrong.seq,
        reason="slip",
        replacement=random.choice([None, _put_right(random, wrong.fact)]),
        occurred_at=random.choice([None, moved]),
    )


def _put_right(random: Random, fact: e.Fact) -> e.Fact:
    if isinstance(fact, Rated):
        return replace(fact, rate_ml_per_h=random.choice([*RATES, Decimal(-1)]))
    if isinstance(fact, e.BagMade):
        return replace(fact, bag=replace(fact.bag, drug_volume_ml=random.choice([D("0.1"), D(7)])))
    return fact


def _correct_a_rate(random: Random, walk: Walk) -> c.Command:
    """An intent put right: what a correction can do most harm to."""
    rated = [entry for entry in surviving(walk.log) if isinstance(entry.fact, Rated)]
    if not rated:
        return c.StopInfusion()
    wrong = random.choice(rated)
    return c.CorrectEntry(corrects_seq=wrong.seq, reason="slip", replacement=_put_right(random, wrong.fact))


def _agree_to_reassignment(random: Random, walk: Walk) -> c.Command:
    waiting = walk.state.reassignment_waits
    return c.AgreeToReassignment(reassigned_seq=waiting.seq if waiting else 1)


def _asking(command: c.Command) -> Ask:
    return lambda random, walk: command


DRIP: list[Ask] = [
    *(_confirm, _confirm, _confirm, _set_rate, _set_rate, _resume, _not_done, _correct, _correct_a_rate, _record),
    *map(_asking, (c.PauseInfusion(), c.StopInfusion(), c.StartInfusion(reason="needed"))),
]
ROUND_IT: list[Ask] = [
    _make_bag,
    *map(_asking, (c.CheckBag(), c.DeclareReady(reason="needed"), c.EndInfusion(left_in_bag_ml=D(5)))),
    lambda random, walk: c.NoteRestored(occurred_at=walk.at),
    *map(_asking, (c.AbandonInfusion(reason="ill"), c.SignChart(meaning="seen"))),
    _asking(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.ALERT))),
    _agree_to_reassignment,
    _asking(c.ReassignInfusion(patient=an_id("other"), second_person=an_id("dee"), reason="wrong chart")),
]
ASKING: list[Ask] = [*DRIP, *DRIP, *DRIP, *ROUND_IT]
