"""One act, one path: pages, interfaces and gateways all ask here.

`perform` reads the log, asks the core what follows, and appends it. If a colleague was quicker, it reads what came and
decides again. What matters and came after the author's screen was drawn is a conflict: shown, and asked again.
An act's id is for one content: what is asked for under it afterwards, and is something else, is answered as taken.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Any, Literal
from uuid import UUID

from django.db import connection
from django.db.transaction import TransactionManagementError
from django.utils.crypto import salted_hmac

from stillroom.clinics.clock import clock_set_by
from stillroom.clinics.models import Clinic
from stillroom.core.errors import Finding, Refused, Severity, refuse
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.commands import Author, Command, DeclareReady, PlanInfusion, Record, StartInfusion
from stillroom.core.infusion.conflicts import conflicts
from stillroom.core.infusion.decide import decide
from stillroom.core.infusion.fold import apply, fold
from stillroom.core.infusion.state import InfusionState
from stillroom.core.order import Door
from stillroom.core.safety.again import judge_clock
from stillroom.infusions.again import judge_again
from stillroom.infusions.append import ActMade, append_entries
from stillroom.infusions.known import known_of
from stillroom.infusions.models import HERE, Act, Infusion
from stillroom.infusions.projections import as_json
from stillroom.infusions.reading import entries_of
from stillroom.patients.consents import consented

TRIES = 2
"""When somebody was quicker, the infusion's row is locked until this transaction ends: nobody is quicker twice."""
SEEN = (
    *(e.VitalsCharted, e.PatientWatched, e.RecoveryChecked),
    *(e.DropsCounted, e.PumpRateRead, e.StreamSeen, e.BagRead),
)
"""What somebody has measured or seen that an alarm may rest on. What the house charts was judged when it came."""
SEEN_CHANNEL = "infusions_seen"
"""Names clinic and infusion."""
MARKS = "stillroom.infusions.acts"
CALLED_CHANNEL = "infusions_called"
"""Something was written down by the house itself: an alarm, or what follows from one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of an act. `first_seq` to `last_seq` are its entries; none when it was refused or in conflict.

    `taken`: something else was asked for under this id before, and those are the entries of that. `asked` is the mark
    of what was asked for (`mark_of`).
    """

    outcome: Literal["done", "refused", "conflict", "taken"]
    first_seq: int = 0
    last_seq: int = 0
    findings: tuple[Finding, ...] = ()
    conflicting: tuple[int, ...] = ()
    asked: str = ""

    def written(self) -> str:
        findings = [[each.code, each.severity, dict(each.facts), each.source] for each in self.findings]
        return json.dumps(
            {
                "outcome": self.outcome,
                "first_seq": self.first_seq,
                "last_seq": self.last_seq,
                "findings": findings,
                "conflicting": self.conflicting,
                "asked": self.asked,
            }
        )


def read_answer(text: str) -> Answer:
    """The answer of an earlier act, as stored."""
    stored: dict[str, Any] = json.loads(text)
    findings = tuple(
        Finding(code, Severity(severity), facts, source) for code, severity, facts, source in stored.pop("findings")
    )
    return Answer(**stored | {"findings": findings, "conflicting": tuple(stored["conflicting"])})


def mark_of(act_id: UUID, *content: str) -> str:
    """By which it is known again whether the same is asked for under `act_id`; what was typed is not told by it.

    Keyed, as words that are erased from the log must not be found out by trying.
    """
    return salted_hmac(MARKS, json.dumps([str(act_id), *content]), algorithm="sha256").hexdigest()


def answered(act_id: UUID, infusion_id: UUID, *, asked: str) -> Answer | None:
    """What is answered to an act that is here already; None for a new one."""
    kept = Act.objects.filter(pk=act_id, infusion=infusion_id).values_list("answer", flat=True).first()
    return _for(asked, read_answer(kept)) if kept is not None else None


def _for(asked: str, kept: Answer) -> Answer:
    """To whoever asks for the same, the same. An act of the house, or of an earlier release, has no mark."""
    if not asked or not kept.asked or asked == kept.asked:
        return kept
    return Answer(outcome="taken", first_seq=kept.first_seq, last_seq=kept.last_seq)


def perform(
    *,
    act_id: UUID,
    infusion_id: UUID,
    command: Command,
    author: Author,
    seen_seq: int,
    received_at: datetime,
    device: UUID | None = None,
    recorded_at: datetime | None = None,
    asked: str = "",
) -> Answer:
    """Do what was asked, once. The same `act_id` again gets the same answer and does nothing.

    `asked` marks what that is (`mark_of`): with another, the same `act_id` does nothing either, and is answered so.
    Without one the id itself stands for what is asked.

    `seen_seq` is the number of the last entry the author's screen showed. Runs in the caller's transaction, which says
    for which clinic: what is answered is kept when that commits, and only then. Raises DatabaseError when nothing could
    be written. `recorded_at` is for a rehearsal's stories alone.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("an act is done inside a transaction that says for which clinic")
    for _ in range(TRIES):
        log = entries_of(infusion_id)
        state = fold(log)
        answer, dated = _decided(state, log, infusion_id, command, author, seen_seq, received_at)
        answer = replace(answer, asked=asked)
        act = ActMade(
            id=act_id,
            infusion_id=infusion_id,
            command=_name(command),
            by=author.by,
            device=device,
            seen_seq=seen_seq,
            received_at=received_at,
            answer=answer.written(),
        )
        summary = _changed_summary(state, log, dated, act)
        kept = append_entries(act, dated, expected_seq=len(log), summary=summary, recorded_at=recorded_at)
        if kept is not None:
            _say_what_came(infusion_id, dated, author)
            return _for(asked, read_answer(kept))
    raise TransactionManagementError("the log grew although its row was locked")


def _say_what_came(infusion_id: UUID, dated: tuple[e.Dated, ...], author: Author) -> None:
    """What alarms rest on is judged as soon as it is kept, and an alarm is shown: said with the commit."""
    with connection.cursor() as cursor:
        if author.role != "system" and any(isinstance(each.fact, SEEN) for each in dated):
            named = "current_setting('app.clinic') || ' ' || %s"
            cursor.execute(f"SELECT pg_notify('{SEEN_CHANNEL}', {named})", [str(infusion_id)])
        if author.role == "system":
            cursor.execute(f"NOTIFY {CALLED_CHANNEL}")


def _decided(
    state: InfusionState,
    log: tuple[e.Logged, ...],
    infusion_id: UUID,
    command: Command,
    author: Author,
    seen_seq: int,
    received_at: datetime,
) -> tuple[Answer, tuple[e.Dated, ...]]:
    in_the_way = conflicts(state, command, _unseen(log, seen_seq), author)
    if in_the_way:
        return Answer(outcome="conflict", conflicting=tuple(each.seq for each in in_the_way)), ()
    try:
        command = _with_the_record(infusion_id, command, log, received_at)
        dated = decide(state, command, at=received_at, author=author, log=log)
        _must_be_free(infusion_id, state, dated)
    except Refused as refused:
        return Answer(outcome="refused", findings=refused.findings), ()
    return Answer(outcome="done", first_seq=len(log) + 1, last_seq=len(log) + len(dated)), dated


def _unseen(log: tuple[e.Logged, ...], seen_seq: int) -> tuple[e.Logged, ...]:
    """A screen that shows more than there is was drawn before a backup was restored; that, it has not seen."""
    restored = (each.seq for each in log if isinstance(each.fact, e.LogRestored))
    return log[seen_seq if seen_seq <= len(log) else next(restored, seen_seq + 1) - 1 :]


def _with_the_record(infusion_id: UUID, command: Command, log: tuple[e.Logged, ...], at: datetime) -> Command:
    """What the record says goes with the command, whoever asks and whatever came with it."""
    if isinstance(command, PlanInfusion):
        return _as_the_record_has_it(infusion_id, command, at)
    if isinstance(command, DeclareReady | StartInfusion):
        related = ("clinic", "patient__clinic", "patient_order__appointment")
        infusion = Infusion.objects.select_related(*related).get(pk=infusion_id)
        command = replace(command, again=judge_again(infusion, log, at=at))
        return _as_it_starts(infusion, command) if isinstance(command, StartInfusion) else command
    return command


def _as_it_starts(infusion: Infusion, start: StartInfusion) -> StartInfusion:
    again = (*judge_clock(clock_set_by()), *start.again)
    return replace(start, again=again, consent=consented(infusion.patient))


def _as_the_record_has_it(infusion_id: UUID, plan: PlanInfusion, at: datetime) -> PlanInfusion:
    """In a private room, by the ways home that are open, and judged by what is known of the patient.

    What is known is read here, whoever asks and whatever came with the command: no plan goes round it.
    """
    infusion = Infusion.objects.select_related("clinic", "patient", "room").get(pk=infusion_id)
    if not infusion.room.is_private:
        raise refuse("room_not_private", room=infusion.room.name)
    known = known_of(
        infusion.patient,
        due_at=plan.due_at or at,
        ordered_at=at,
        vial_mg_per_ml=plan.order.bag.vial_mg_per_ml,
        besides=infusion_id,
    )
    return replace(_by_doors_that_open(infusion.clinic, plan), known=known)


def _by_doors_that_open(clinic: Clinic, plan: PlanInfusion) -> PlanInfusion:
    """The clinic sets which ways home it opens: an infusion is planned with those of its order, or not at all."""
    opens = {Door.WITH_ADULT: clinic.opens_door_with_adult, Door.WHEN_CLEAR: clinic.opens_door_stay_until_clear}
    doors = tuple(door for door in plan.order.doors if opens[door])
    if not doors:
        raise refuse("door_not_offered", door=", ".join(plan.order.doors))
    return replace(plan, order=replace(plan.order, doors=doors))


def _must_be_free(infusion_id: UUID, state: InfusionState, dated: tuple[e.Dated, ...]) -> None:
    """One infusion at a time to a room and to a patient. The database holds it; this says it in words."""
    arrived = any(isinstance(each.fact, e.PatientArrived) for each in dated)
    patients = (each.fact.patient for each in dated if isinstance(each.fact, e.InfusionReassigned))
    reassigned = next((patient for patient in patients if patient != state.patient), None)
    if not arrived and reassigned is None:
        return
    infusion = Infusion.objects.get(pk=infusion_id)
    others = Infusion.objects.filter(status__in=HERE).exclude(pk=infusion_id)
    if arrived and others.filter(room=infusion.room_id).exists():
        raise refuse("room_in_use")
    if others.filter(patient=reassigned or infusion.patient_id).exists():
        raise refuse("patient_already_here")


def _changed_summary(
    state: InfusionState, log: tuple[e.Logged, ...], dated: tuple[e.Dated, ...], act: ActMade
) -> str | None:
    """The summary once `dated` is logged; None when it is what it was."""
    coming = tuple(_as_logged(each, act, seq) for seq, each in enumerate(dated, start=len(log) + 1))
    before, after = as_json(state), as_json(_state_after(state, log, coming))
    return after if after != before else None


def _state_after(state: InfusionState, log: tuple[e.Logged, ...], coming: tuple[e.Logged, ...]) -> InfusionState:
    """A correction changes the past, so then all is folded again."""
    if any(isinstance(each.fact, e.EntryCorrected) for each in coming):
        return fold((*log, *coming))
    return reduce(apply, coming, state)


def _as_logged(dated: e.Dated, act: ActMade, seq: int) -> e.Logged:
    return e.Logged(
        seq=seq,
        act=act.id,
        kind=type(dated.fact).__name__,
        version=dated.fact.VERSION,
        occurred_at=dated.occurred_at,
        recorded_at=act.received_at,
        by=act.by,
        fact=dated.fact,
    )


def _name(command: Command) -> str:
    return type(command.fact).__name__ if isinstance(command, Record) else type(command).__name__
