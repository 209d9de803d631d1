"""Can what an order holds to be worth a glance ever be seen, and does what is asked again come later?"""

from __future__ import annotations

from collections.abc import Iterator

from stillroom.core.errors import Finding, Severity
from stillroom.core.order import UNSIGNED, Observation, Order


def judge_glances(order: Order) -> tuple[Finding, ...]:
    """One hard finding for each level beyond the figure from which somebody is called anyway, for two levels between
    which no figure is left, and for a second asking that is not later than the first.

    A level on the limit is no contradiction: it says that nothing is worth a glance before somebody is called. An order
    that says nothing of its own is not judged: nobody wrote those numbers.
    """
    observation = order.observation
    if observation is None:
        return ()
    return (*_never_seen(order, observation), *_always_seen(observation), *_asked_too_soon(observation))


def _never_seen(order: Order, levels: Observation) -> Iterator[Finding]:
    limits, called = order.watch_limits, order.alarms or UNSIGNED
    for which, glance, limit, is_high in (
        ("spo2_glance_percent", levels.spo2_glance_percent, limits.spo2_low_percent, False),
        ("sbp_glance_high_mmhg", levels.sbp_glance_high_mmhg, limits.sbp_high_mmhg, True),
        ("dbp_glance_high_mmhg", levels.dbp_glance_high_mmhg, limits.dbp_high_mmhg, True),
        ("sbp_glance_low_mmhg", levels.sbp_glance_low_mmhg, limits.sbp_low_mmhg, False),
        ("pulse_glance_high_per_min", levels.pulse_glance_high_per_min, limits.pulse_high_per_min, True),
        ("pulse_glance_low_per_min", levels.pulse_glance_low_per_min, limits.pulse_low_per_min, False),
        ("resp_glance_per_min", levels.resp_glance_per_min, limits.resp_low_per_min, False),
        ("anxious_glance_from", levels.anxious_glance_from, called.anxious_from, True),
        ("nauseous_glance_from", levels.nauseous_glance_from, called.nauseous_from, True),
    ):
        if glance > limit if is_high else glance < limit:
            yield _hard("glance_beyond_limit", which=which, glance=glance, limit=limit)


def _always_seen(levels: Observation) -> Iterator[Finding]:
    for which, low, high in (
        ("sbp", levels.sbp_glance_low_mmhg, levels.sbp_glance_high_mmhg),
        ("pulse", levels.pulse_glance_low_per_min, levels.pulse_glance_high_per_min),
    ):
        if low > high:
            yield _hard("glance_always", which=which, low=low, high=high)


def _asked_too_soon(observation: Observation) -> Iterator[Finding]:
    first_min, again_min = observation.detached_asked_at_min, observation.detached_asked_again_at_min
    if again_min <= first_min:
        yield _hard("asked_again_too_soon", first_min=first_min, again_min=again_min)


def _hard(code: str, **facts: object) -> Finding:
    return Finding(code, Severity.HARD, {name: str(value) for name, value in facts.items()})
