"""A door that is opened although a condition of it is not met: by a prescriber and a second person, with a reason.

It is one of the two doors all the same, and no third: the log says which conditions were not met, who said so, what was
advised, and who agreed in person. What it cannot lift, it cannot lift for anybody (docs/clinical/recovery.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from stillroom.core.errors import Finding, Refused, Severity, refuse
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.due import intervals_of
from stillroom.core.infusion.state import InfusionState, Seen
from stillroom.core.order import Door
from stillroom.core.safety.priority import Priority

NEVER = frozenset({"not_awake_and_oriented", "help_is_called", "line_not_out", "risk_not_settled"})
"""Who is not awake and oriented cannot decide to leave, and nobody may decide it for them; while help is called nobody
leaves but to a hospital; a line goes out, and the question about suicide is settled by a clinician, in a minute and
without anybody's leave."""

SAID_AT_THE_DOOR = frozenset({"adult_not_named", "no_witness", "way_home_not_said"})
"""What the sheet of the door itself asks: it is said, or somebody else's door is taken."""

ONLY_IF_THEY_INSIST = frozenset({"must_not_drive"})
"""No judgement of ours makes it safe. That somebody drove off against advice has to be written down all the same."""


def override(command: c.OverrideDoor, *, unmet: Iterable[str], author: c.Author) -> e.DoorOverridden:
    """What is to be logged. Refused: a condition that nobody lifts or that is met, no reason, no second person."""
    _must_be_liftable(command, frozenset(unmet))
    if not command.reason.strip():
        raise refuse("override_needs_a_reason")
    if command.insists and not (command.advised or "").strip():
        raise refuse("advice_not_said")
    if command.second is None:
        raise refuse("override_needs_a_second")
    if command.second == author.person:
        raise refuse("second_person_is_the_first")
    return e.DoorOverridden(
        door=command.door,
        conditions=command.conditions,
        second=command.second,
        insists=command.insists,
        reason=command.reason,
        advised=(command.advised or "").strip() or None,
    )


def agree(state: InfusionState, command: c.AgreeToOverride, author: c.Author, *, at: datetime) -> e.OverrideAgreed:
    """Refused: it is not the override that stands, it is over, or the author is not the one it names."""
    standing = state.override
    if standing is None or standing.seq != command.overridden_seq or state.override_agreed_by is not None:
        raise refuse("no_override_to_agree_to", overridden_seq=str(command.overridden_seq))
    if is_over(state, standing, at=at):
        raise refuse("no_override_to_agree_to", overridden_seq=str(command.overridden_seq))
    if standing.fact.second != author.person:
        raise refuse("not_the_one_named")
    return e.OverrideAgreed(overridden_seq=standing.seq)


def lifted(state: InfusionState, door: Door, *, at: datetime) -> frozenset[str]:
    """The conditions of this door that two people have lifted, for the patient as last looked at."""
    standing = agreed_override(state, door)
    if standing is None or is_over(state, standing, at=at):
        return frozenset()
    # Two people looked at the last check and found it good enough: it need be no newer than it was for them.
    return frozenset({"no_recent_check", *standing.fact.conditions})


def agreed_override(state: InfusionState, door: Door) -> Seen[e.DoorOverridden] | None:
    """The one of this door that two people agreed on, until something is seen of the patient again."""
    standing = state.override
    if standing is None or state.override_agreed_by is None or standing.fact.door is not door:
        return None
    return None if _is_seen_since(state, standing.seq) else standing


def is_over(state: InfusionState, standing: Seen[e.DoorOverridden], *, at: datetime) -> bool:
    """Something was seen of the patient since it was written, or it is older than the order lets vital signs be."""
    return _is_seen_since(state, standing.seq) or at - standing.occurred_at > timedelta(
        minutes=intervals_of(state).vitals_good_for_min
    )


def _is_seen_since(state: InfusionState, seq: int) -> bool:
    """A check, a look, a set of vital signs, a call for help or a high alarm: it was agreed on without knowing it.

    An alarm that is only heard again was known.
    """
    looks = (*state.checks[-1:], state.watched, state.vitals)
    alarms = (*state.alarms, *state.alarms_done.values())
    high = (each.said_first_seq for each in alarms if each.priority is Priority.HIGH)
    later = (state.called_seq, *(each.seq for each in looks if each is not None), *high)
    return any(each is not None and each > seq for each in later)


def may_be_lifted(code: str, *, insists: bool) -> bool:
    return code not in NEVER | SAID_AT_THE_DOOR and (insists or code not in ONLY_IF_THEY_INSIST)


def _must_be_liftable(command: c.OverrideDoor, unmet: frozenset[str]) -> None:
    if not command.conditions:
        raise refuse("nothing_to_override")
    found = [code for code in command.conditions if not may_be_lifted(code, insists=command.insists)]
    if found:
        raise Refused(Finding("never_overridden", Severity.HARD, {"condition": code}) for code in found)
    met = [code for code in command.conditions if code not in unmet | ONLY_IF_THEY_INSIST]
    if met:
        raise refuse("nothing_to_override")
