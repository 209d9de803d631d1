"""Can this be true at all? What cannot be is refused with the limit; what is only worrying is recorded.

The bounds are wide on purpose: they catch slips of the finger, not illness.
"""

from __future__ import annotations

from decimal import Decimal

from stillroom.core.drip.exact import shown_at_most
from stillroom.core.drip.quantities import QUANTITIES
from stillroom.core.errors import Finding, Refused, Severity
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.state import InfusionState
from stillroom.core.vitals.plausible import SPANS

# (lowest, highest) of what can be true, inclusive. Vital signs have their bounds from core.vitals; the rest are ends
# of a scale, or so wide that only a slip of the finger crosses them.
BOUNDS: dict[str, tuple[Decimal, Decimal]] = {
    **{signal.value: (span.lowest, span.highest) for signal, span in SPANS.items()},
    "breaths_per_min": (Decimal(0), Decimal(100)),
    "detached": (Decimal(0), Decimal(10)),
    "anxious": (Decimal(0), Decimal(10)),
    "nauseous": (Decimal(0), Decimal(10)),
    "oxygen_l_per_min": (Decimal(0), Decimal(30)),
    "drops": (Decimal(0), Decimal(2000)),
    "seconds": (Decimal(1), Decimal(600)),
    "amount": (Decimal(0), Decimal(100_000)),
}

SHOWN = {"rate_ml_per_h": (QUANTITIES["rate_ml_per_h"].lowest, QUANTITIES["rate_ml_per_h"].highest)}
"""What a pump can show. A rate that somebody sets is judged by the order's limits."""


def must_be_plausible(fact: e.Fact, state: InfusionState) -> None:
    """Refused with one finding for each value of `fact` that cannot be true."""
    found = [*_out_of_bounds(fact), *_pressures_crossed(fact), *_more_than_the_bag(fact, state), *_nothing_said(fact)]
    found += _asked_in_their_sleep(fact)
    if found:
        raise Refused(found)


def _out_of_bounds(fact: e.Fact) -> list[Finding]:
    found = []
    for name, (lowest, highest) in (BOUNDS | SHOWN if isinstance(fact, e.PumpRateRead) else BOUNDS).items():
        value = getattr(fact, name, None)
        if value is not None and not lowest <= value <= highest:
            facts = {"field": name, "value": str(value), "lowest": str(lowest), "highest": str(highest)}
            found.append(Finding("cannot_be_true", Severity.HARD, facts))
    return found


def _pressures_crossed(fact: e.Fact) -> list[Finding]:
    sbp, dbp = getattr(fact, "sbp_mmhg", None), getattr(fact, "dbp_mmhg", None)
    if sbp is not None and dbp is not None and dbp >= sbp:
        return [Finding("diastolic_not_below_systolic", Severity.HARD, {"sbp_mmhg": str(sbp), "dbp_mmhg": str(dbp)})]
    if (sbp is None) != (dbp is None):
        return [Finding("half_a_pressure", Severity.HARD, {})]
    return []


def _more_than_the_bag(fact: e.Fact, state: InfusionState) -> list[Finding]:
    left_ml: Decimal | None = getattr(fact, "left_in_bag_ml", None)
    if left_ml is None:
        return []
    held_ml = shown_at_most(state.bag.fact.bag.final_volume_ml, decimals=1) if state.bag else Decimal(0)
    if left_ml < 0 or left_ml > held_ml:
        facts = {"left_in_bag_ml": str(left_ml), "final_volume_ml": str(held_ml)}
        return [Finding("more_than_the_bag_held", Severity.HARD, facts)]
    return []


def _asked_in_their_sleep(fact: e.Fact) -> list[Finding]:
    """Who was not woken was asked nothing, and nobody knows how hard they are to wake. Whoever was, has a level."""
    if not isinstance(fact, e.PatientWatched):
        return []
    asked = (fact.awake, fact.detached, fact.anxious, fact.nauseous, fact.symptoms)
    if fact.not_woken and any(each is not None for each in asked):
        return [Finding("not_woken_and_asked", Severity.HARD, {})]
    if not fact.not_woken and fact.awake is None:
        return [Finding("how_awake_not_said", Severity.HARD, {})]
    return []


def _nothing_said(fact: e.Fact) -> list[Finding]:
    """A set of vital signs with no value, a note or a reason with no words: nothing to record."""
    if isinstance(fact, e.VitalsCharted) and all(
        getattr(fact, name, None) is None for name in BOUNDS if name in fact.__slots__
    ):
        return [Finding("nothing_measured", Severity.HARD, {})]
    words = (getattr(fact, name, "words") for name in ("words", "reason", "name", "site", "choice", "meaning"))
    if any(isinstance(said, str) and not said.strip() for said in words):
        return [Finding("nothing_written", Severity.HARD, {})]
    return []
