"""Is it known how the patient is before the start? Vital signs, often enough, and a whole look."""

from __future__ import annotations

from datetime import datetime, timedelta

from stillroom.core.errors import Finding, Severity
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState, Seen, observation_of
from stillroom.core.order import Order


def judge_baseline(state: InfusionState, order: Order, *, at: datetime) -> tuple[Finding, ...]:
    """What the order wants and is missing: sets of vital signs, each of another minute, and what is to be known.

    Nothing of it counts longer than vital signs stay good: how somebody was hours ago is not how they are.
    """
    wanted, within_min = observation_of(state), order.intervals.vitals_good_for_min
    charted = _charted(state, timedelta(minutes=within_min))
    sets = (each.occurred_at for each in charted if each.fact.sbp_mmhg is not None)
    taken = len({each.replace(second=0, microsecond=0) for each in sets})
    found = []
    if taken < wanted.baseline_sets:
        facts = {"taken": str(taken), "wanted": str(wanted.baseline_sets), "within_min": str(within_min)}
        found.append(Finding("baseline_sets_missing", Severity.HARD, facts))
    since = at - timedelta(minutes=within_min)
    missing = _missing(state, charted, since=since) if wanted.baseline_is_whole else ()
    if missing:
        unknown = {"missing": " ".join(missing), "within_min": str(within_min)}
        found.append(Finding("baseline_not_whole", Severity.HARD, unknown))
    return tuple(found)


def judge_symptoms(state: InfusionState) -> tuple[Finding, ...]:
    """A prescriber decides about chest pain, a headache or a nerve sign before a drug that raises the pressure."""
    said = " ".join(state.symptoms)
    return (Finding("symptom_before_start", Severity.SOFT, {"symptoms": said}),) if said else ()


def _charted(state: InfusionState, within: timedelta) -> tuple[Seen[e.VitalsCharted], ...]:
    """What was taken no longer before the last pressure than vital signs stay good, with a pressure or without."""
    last = state.arrival_vitals
    return tuple(
        each for each in state.baseline_vitals if last is not None and each.occurred_at >= last.occurred_at - within
    )


def _missing(state: InfusionState, charted: tuple[Seen[e.VitalsCharted], ...], *, since: datetime) -> tuple[str, ...]:
    awake, detached = state.roused, state.baseline_look
    known = {
        "saturation": any(each.fact.spo2_percent is not None for each in charted),
        "breaths": state.breaths_at is not None and state.breaths_at >= since,
        "awake": awake is not None and awake.occurred_at >= since,
        "detached": detached is not None and detached.occurred_at >= since,
    }
    return tuple(what for what, is_known in known.items() if not is_known)
