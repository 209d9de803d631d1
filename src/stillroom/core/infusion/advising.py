"""What is there to say now, of all that is known of an infusion? Gathers what each piece of advice asks for.

The pace is asked with how the drip goes alone, and nothing else here can say that a drip is too slow. Whoever calls
this shows the answer to a person; nothing follows from it by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from stillroom.core.drip.pace import Pacing
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.glancing import raised_mmhg
from stillroom.core.infusion.last_seen import is_after
from stillroom.core.infusion.state import (
    AFTER,
    InfusionState,
    Seen,
    Status,
    is_site_doubtful,
    observation_of,
    settings_of,
)
from stillroom.core.safety.advice import (
    Advice,
    Beyond,
    Sign,
    advise_anxious_before,
    advise_fright,
    advise_glance,
    advise_line_site,
    advise_pace,
    advise_sick,
    advise_sick_before,
    advise_too_fast,
    is_said,
)
from stillroom.core.safety.nausea import EasilySick

IN_THE_CHAIR = frozenset({Status.ARRIVED, Status.READY})
HAS_A_LINE = IN_THE_CHAIR | {Status.INFUSING, Status.PAUSED, Status.STOPPED}
HARD_TO_ROUSE = frozenset({e.Awake.NEEDS_TOUCH, e.Awake.NOT_ROUSED})
"""Own choice: who is drowsy and answers is as most are; who needs a touch is beyond it (safety note 2.4, medium)."""

SAID_WITH_CALM = Sign.DISTRESS
"""Said with what calms, in one advice: whoever is frightened is not read two of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Vital signs that may still be believed at the moment asked about; None: none may.

    `lately`: oxygen, pulse and breaths as they were over the last while, so that no single figure asks for a glance.
    """

    sbp_mmhg: int | None = None
    dbp_mmhg: int | None = None
    resp_per_min: int | None = None
    spo2_percent: int | None = None
    lately: Mapping[str, int] = field(default_factory=dict)


def advice(
    state: InfusionState,
    *,
    pacing: Pacing | None,
    measured: Measured,
    easily_sick: EasilySick | None,
    at: datetime,
) -> tuple[Advice, ...]:
    """All that is to be said at `at`, line and drip first, less what was dismissed and has not got worse since."""
    found: tuple[Advice, ...] = ()
    order = observation_of(state)
    if state.planned is None:
        return ()
    if state.status in IN_THE_CHAIR:
        found = (
            *_sick_before(state, easily_sick),
            *advise_anxious_before(_score(state, "anxious"), anxious_from=order.anxious_glance_from),
        )
    elif state.may_be_running or state.status is Status.PAUSED:
        running = state.status is Status.INFUSING and not state.is_in_doubt
        beyond = tuple(_beyond(state, measured)) if state.may_be_running else ()
        distress = next((each for each in beyond if each.sign == SAID_WITH_CALM), None)
        found = (
            *advise_too_fast(tuple(each for each in beyond if each is not distress)),
            *advise_pace(pacing if running else None),
            *advise_fright(_score(state, "anxious"), distress, anxious_from=order.anxious_glance_from),
            *_sick(state),
            *advise_glance(tuple(_worth_a_glance(state, measured))),
        )
    elif state.status in AFTER:
        found = (*_unwell_after(state), *advise_glance(tuple(_worth_a_glance(state, measured))))
    site = advise_line_site(is_doubtful=is_site_doubtful(state), may_run=state.may_be_running)
    found = (*(site if state.status in HAS_A_LINE else ()), *found)
    return tuple(each for each in found if is_said(each, state.dismissed, at=at))


def _score(state: InfusionState, name: str) -> int | None:
    """As they last gave it, at `state.anxious` or `state.nauseous`: a look that does not ask ends nothing."""
    seen = getattr(state, name)
    return getattr(seen.fact, name) if seen else None


def _unwell_after(state: InfusionState) -> tuple[Advice, ...]:
    """As they last said, in a look or a check. Nothing drips any more."""
    anxious_from = observation_of(state).anxious_glance_from
    fright = advise_fright(_score(state, "anxious"), anxious_from=anxious_from, is_dripping=False)
    return (*fright, *_sick(state, is_dripping=False))


def _sick_before(state: InfusionState, known: EasilySick | None) -> tuple[Advice, ...]:
    if known is None or state.planned is None:
        return ()
    return advise_sick_before(known, state.planned.order.antiemetic, was_given=_was_given(state))


def _sick(state: InfusionState, *, is_dripping: bool = True) -> tuple[Advice, ...]:
    """A score from before the last medicine against it says nothing of how it is since: the next look will."""
    asked = state.nauseous
    if state.planned is None or asked is None or any(is_after(each, asked) for each in _against_nausea(state)):
        return ()
    return advise_sick(
        _score(state, "nauseous"),
        state.planned.order.antiemetic,
        was_given=_was_given(state),
        nauseous_from=observation_of(state).nauseous_glance_from,
        is_dripping=is_dripping,
    )


def _was_given(state: InfusionState) -> bool:
    """At any time today."""
    return bool(_against_nausea(state))


def _against_nausea(state: InfusionState) -> tuple[Seen[e.MedicineGiven], ...]:
    """What was said to be against it, and the ordered medicine by its name. No other: oxygen helps nobody's nausea."""
    ordered = state.planned.order.antiemetic if state.planned else None
    name = ordered.name.casefold() if ordered else None
    return tuple(each for each in state.medicines if each.fact.against_nausea or each.fact.name.casefold() == name)


def _beyond(state: InfusionState, measured: Measured) -> Iterator[Beyond]:
    """Sleepiness, distress, nausea, pressure or breathing beyond the order's bounds."""
    settings, limits = settings_of(state), state.watch_limits
    awake = state.roused.fact.awake if state.roused else None
    if awake is not None and awake in HARD_TO_ROUSE:
        yield Beyond(Sign.SLEEPY, awake, is_measured=False, level=2 if awake is e.Awake.NOT_ROUSED else 1)
    for sign, score, bound in (
        (Sign.DISTRESS, _score(state, "anxious"), settings.anxious_from),
        (Sign.NAUSEA, _score(state, "nauseous"), settings.nauseous_from),
    ):
        if score is not None and score >= bound:
            yield Beyond(sign, str(score), str(bound), is_measured=False, level=score)
    for sign, value, bound, grave, is_high in (
        (Sign.SBP, measured.sbp_mmhg, limits.sbp_high_mmhg, settings.sbp_grave_high_mmhg, True),
        (Sign.SBP_LOW, measured.sbp_mmhg, limits.sbp_low_mmhg, settings.sbp_grave_low_mmhg, False),
        (Sign.DBP, measured.dbp_mmhg, limits.dbp_high_mmhg, settings.dbp_grave_high_mmhg, True),
        (Sign.RESP, measured.resp_per_min, limits.resp_low_per_min, settings.resp_grave_per_min, False),
        (Sign.SPO2, measured.spo2_percent, limits.spo2_low_percent, settings.spo2_grave_percent, False),
    ):
        if value is not None and _is_beyond(value, bound, is_high):
            yield Beyond(sign, str(value), str(bound), level=2 if _is_beyond(value, grave, is_high) else 1)


def _is_beyond(value: int, bound: int, is_high: bool) -> bool:
    return value > bound if is_high else value < bound


def _worth_a_glance(state: InfusionState, measured: Measured) -> Iterator[Beyond]:
    """What lies beyond the order's mildest level and not beyond its limit, where somebody is called: then that is said.

    Of a pressure that is high and has risen too, the first is said.
    """
    order, limits, lately = observation_of(state), state.watch_limits, measured.lately
    sbp, dbp = measured.sbp_mmhg, measured.dbp_mmhg
    said: set[Sign] = set()
    for sign, value, glance, limit, is_high in (
        (Sign.SBP, sbp, order.sbp_glance_high_mmhg, limits.sbp_high_mmhg, True),
        (Sign.DBP, dbp, order.dbp_glance_high_mmhg, limits.dbp_high_mmhg, True),
        (Sign.SBP_RISEN, sbp, raised_mmhg(state, "sbp_mmhg"), limits.sbp_high_mmhg, True),
        (Sign.DBP_RISEN, dbp, raised_mmhg(state, "dbp_mmhg"), limits.dbp_high_mmhg, True),
        (Sign.SBP_LOW, sbp, order.sbp_glance_low_mmhg, limits.sbp_low_mmhg, False),
        (Sign.PULSE, lately.get("pulse_per_min"), order.pulse_glance_high_per_min, limits.pulse_high_per_min, True),
        (Sign.PULSE_LOW, lately.get("pulse_per_min"), order.pulse_glance_low_per_min, limits.pulse_low_per_min, False),
        (Sign.RESP, lately.get("resp_per_min"), order.resp_glance_per_min, limits.resp_low_per_min, False),
        (Sign.SPO2, lately.get("spo2_percent"), order.spo2_glance_percent, limits.spo2_low_percent, False),
    ):
        if value is None or glance is None or (sign is Sign.SBP_LOW and _was_low(state, glance)):
            continue
        is_between = glance < value <= limit if is_high else limit <= value < glance
        if is_between and not (sign in RISEN and RISEN[sign] in said):
            said.add(sign)
            yield Beyond(sign, str(value), str(glance))


def _was_low(state: InfusionState, glance_mmhg: int) -> bool:
    """Before the start already: theirs is a low one, and the order's limit still calls."""
    first = state.arrival_vitals.fact.sbp_mmhg if state.arrival_vitals else None
    return first is not None and first < glance_mmhg


RISEN = {Sign.SBP_RISEN: Sign.SBP, Sign.DBP_RISEN: Sign.DBP}
