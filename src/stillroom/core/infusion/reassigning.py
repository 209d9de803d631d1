"""The wrong patient had been opened: one of the staff says whose infusion this is, and a second says so in person.

It holds at once: a wrong record open beside a patient is the greater danger. Until the second has said so nothing is
started, nothing runs again or faster, and no chart is signed. A drip that runs goes on; slower, pause and stop,
recovery and the ways home do not wait for it.
"""

from __future__ import annotations

from stillroom.core.errors import Finding, Refused, Severity, refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import OVER, InfusionState, names_another_second


def reassign(state: InfusionState, command: c.ReassignInfusion, author: c.Author) -> e.InfusionReassigned:
    """Of the same patient again: somebody else is named to say so, also once the patient has left."""
    fact = e.InfusionReassigned(patient=command.patient, second_person=command.second_person, reason=command.reason)
    waiting = state.reassignment_waits if names_another_second(state, fact) else None
    if waiting is None and state.status in OVER:
        raise refuse("not_now", act="InfusionReassigned", status=state.status)
    if waiting is None and command.patient == state.patient:
        raise refuse("infusion_is_theirs_already")
    if f"person:{command.second_person}" in {f"person:{author.person}", waiting.by if waiting else ""}:
        raise refuse("second_person_is_the_first")
    return fact


def agree(state: InfusionState, command: c.AgreeToReassignment, author: c.Author) -> e.ReassignmentAgreed:
    """Refused: it is not what waits, or the author is not the one it names."""
    waiting = state.reassignment_waits
    if waiting is None or waiting.seq != command.reassigned_seq:
        raise refuse("no_reassignment_to_agree_to", reassigned_seq=str(command.reassigned_seq))
    if waiting.fact.second_person != author.person:
        raise refuse("not_the_one_named")
    return e.ReassignmentAgreed(reassigned_seq=waiting.seq)


def judge_agreed(state: InfusionState) -> tuple[Finding, ...]:
    """Hard while the second has not said whose infusion this is."""
    return (Finding("reassignment_not_agreed", Severity.HARD),) if state.reassignment_waits else ()


def must_be_agreed(state: InfusionState) -> None:
    if findings := judge_agreed(state):
        raise Refused(findings)
