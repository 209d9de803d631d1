"""How is the patient by the newest look at them, whichever sheet it was written on: check, look, or charted set?

What was seen last is what counts, good or bad; what is older than the last recovery check is what that check replaced.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState, Seen

LITRES = "L/min"
"""What is given by the litre a minute is oxygen, whatever a clinic's kit calls it."""


def awake_now(state: InfusionState) -> e.Awake:
    """At the last look at which it was seen, by whichever sheet it was written down."""
    last = roused_last(state)
    return (last.fact.awake if last else None) or e.Awake.ALERT


def roused_last(state: InfusionState) -> Seen[e.PatientWatched | e.RecoveryChecked] | None:
    """The last look or check at which it was seen how awake they are."""
    looks: list[Seen[Any]] = [each for each in (state.roused, *state.checks[-1:]) if each is not None]
    return max(looks, key=lambda each: (_minute(each.occurred_at), each.seq), default=None)


def is_back(state: InfusionState) -> bool:
    """Awake enough for the probe to come off, by a check, and not sleepy again since."""
    is_checked = bool(state.checks) and state.checks[-1].fact.awake is e.Awake.ALERT
    return is_checked and awake_now(state) is e.Awake.ALERT


def breaths_now(state: InfusionState) -> int | None:
    """As counted at the last check or since; None: not since then."""
    return _at_check_or_since(state, state.breaths, "breaths_per_min", "resp_per_min")


def saturation_now(state: InfusionState) -> int | None:
    """Likewise, as measured."""
    return _at_check_or_since(state, state.saturation, "spo2_percent")


def pressure_now(state: InfusionState) -> tuple[int, int] | None:
    """Likewise: upper and lower."""
    seen = _since_check(state, state.pressure)
    if seen is None or seen.fact.sbp_mmhg is None or seen.fact.dbp_mmhg is None:
        return None
    return seen.fact.sbp_mmhg, seen.fact.dbp_mmhg


def is_on_room_air(state: InfusionState) -> bool:
    """The last check says so, and no oxygen was given or seen since: what nobody says has ended goes on."""
    if not state.checks:
        return False
    check = state.checks[-1]
    given: list[Seen[Any]] = [each for each in state.medicines if is_oxygen(each.fact)]
    if state.oxygen is not None:
        given.append(state.oxygen)
    return is_breathing_room_air(check.fact) and not any(is_after(each, check) for each in given)


def is_breathing_room_air(check: e.RecoveryChecked) -> bool:
    """Said in so many words: an empty field says nothing."""
    return check.on_room_air is True and not check.oxygen_l_per_min


def is_oxygen(given: e.MedicineGiven) -> bool:
    return given.unit.casefold() == LITRES.casefold() or given.name.casefold() == "oxygen"


def is_after(one: Seen[Any], other: Seen[Any]) -> bool:
    """A time that is typed is one of whole minutes: within one, the log's order holds."""
    return (_minute(one.occurred_at), one.seq) > (_minute(other.occurred_at), other.seq)


def _since_check(state: InfusionState, seen: Seen[Any] | None) -> Seen[Any] | None:
    is_older = seen is None or (bool(state.checks) and is_after(state.checks[-1], seen))
    return None if is_older else seen


def _at_check_or_since(state: InfusionState, seen: Seen[Any] | None, *names: str) -> int | None:
    newest = _since_check(state, seen)
    values = (getattr(newest.fact, name, None) for name in names) if newest else ()
    return next((each for each in values if each is not None), None)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
