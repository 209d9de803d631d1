"""What is said of a whole infusion: by its state, and never otherwise because of how little somebody feels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.line import Flow
from stillroom.core.drip.pace import Between, Pace, Pacing, Why
from stillroom.core.errors import Refused
from stillroom.core.infusion import commands as c
from stillroom.core.infusion import entries as e
from stillroom.core.infusion.advising import Measured, advice
from stillroom.core.infusion.comfort import may_stay
from stillroom.core.infusion.due import effects_due
from stillroom.core.infusion.state import InfusionState, Seen
from stillroom.core.order import UNSIGNED_OBSERVATION, Antiemetic
from stillroom.core.safety.advice import Advice, Code, Sign, Step
from stillroom.core.safety.nausea import EasilySick, Said
from tests.examples import BEN, ORDER, PLAN, WATCH, D, Walk, arrived, infusing, recovering

OF_THE_DRIP = {Code.BEHIND, Code.AHEAD, Code.RECOUNT}
SICK = EasilySick(motion_sickness=Said.YES, nausea_after_anaesthesia=Said.NO)
ONDANSETRON = e.MedicineGiven(name="ondansetron", amount=D(4), unit="mg", route="iv", before_start=False, reason="sick")
WITH_IT = replace(
    PLAN, order=replace(ORDER, antiemetic=Antiemetic(name="Ondansetron", dose_mg=D(4), before_start=False))
)


def said(
    walk: Walk, *, pacing: Pacing | None = None, measured: Measured | None = None, known: EasilySick | None = None
) -> dict[Code, Advice]:
    measured = measured or Measured()
    found = advice(walk.state, pacing=pacing, measured=measured, easily_sick=known, at=walk.at)
    return {each.code: each for each in found}


def watched(**scores: int | None) -> e.PatientWatched:
    return e.PatientWatched(awake=e.Awake.ALERT, **scores)  # type: ignore[arg-type]


scores = st.none() | st.integers(0, 10)
ml = st.integers(0, 100).map(Fraction)
pacings = st.none() | st.builds(
    Pacing,
    pace=st.sampled_from(Pace),
    why=st.sampled_from(Why),
    set_ml_per_h=st.integers(1, 200).map(Fraction),
    flow_ml_per_h=st.builds(Flow, ml, ml, ml),
    seen_min=st.none(),
    volume_ml=ml,
    planned_ml=ml,
    run_ml=st.builds(Between, ml, ml, ml),
    left_min=st.none(),
    late_min=st.none(),
)
NOW = infusing().at
RUNNING = infusing().state


def as_seen(state: InfusionState, scored: tuple[int | None, ...], awake: e.Awake) -> InfusionState:
    anxious, nauseous, detached = scored
    fact = e.PatientWatched(awake=awake, anxious=anxious, nauseous=nauseous, detached=detached)
    seen = Seen(seq=state.last_seq + 1, occurred_at=NOW, by=BEN.by, fact=fact)
    asked = {name: seen for name in ("anxious", "nauseous") if getattr(fact, name) is not None}
    return replace(state, watched=seen, **asked)  # type: ignore[arg-type]


@given(pacings, st.tuples(scores, scores, scores), st.tuples(scores, scores, scores), st.sampled_from(e.Awake))
def test_no_score_raised_or_lowered_adds_moves_or_takes_advice_about_the_pace(
    pacing: Pacing | None, one: tuple[int | None, ...], other: tuple[int | None, ...], awake: e.Awake
) -> None:
    """Too slow is delivery behind the plan, whatever somebody feels, or does not."""
    pace = [
        [
            each
            for each in advice(state, pacing=pacing, measured=Measured(), easily_sick=None, at=NOW)
            if each.code in OF_THE_DRIP
        ]
        for state in (as_seen(RUNNING, one, awake), as_seen(RUNNING, other, e.Awake.ALERT), RUNNING)
    ]
    assert pace[0] == pace[1] == pace[2]


def test_little_feeling_alone_says_nothing_at_all() -> None:
    walk = infusing()
    walk.record(watched(anxious=0, nauseous=0, detached=0))
    assert said(walk) == {}


def test_beyond_the_orders_bounds_it_may_be_too_fast() -> None:
    """SBP over 180, DBP over 110, SpO2 under 92, fewer than 10 breaths in the order of the tests; scores from 7."""
    walk = infusing()
    walk.record(e.PatientWatched(awake=e.Awake.NEEDS_TOUCH, anxious=7, nauseous=6))
    limits = walk.state.watch_limits
    measured = Measured(
        sbp_mmhg=limits.sbp_high_mmhg + 1, dbp_mmhg=limits.dbp_high_mmhg, resp_per_min=limits.resp_low_per_min - 1
    )
    assert [each.sign for each in said(walk, measured=measured)[Code.TOO_FAST].beyond] == [
        "sleepy",
        "sbp",
        "resp",
    ]
    assert Code.TOO_FAST not in said(recovering(), measured=measured)


@pytest.mark.parametrize(
    ("sign", "name", "bound", "outwards"),
    [
        (Sign.SBP, "sbp_mmhg", "sbp_high_mmhg", 1),
        (Sign.SBP_LOW, "sbp_mmhg", "sbp_low_mmhg", -1),
        (Sign.DBP, "dbp_mmhg", "dbp_high_mmhg", 1),
        (Sign.RESP, "resp_per_min", "resp_low_per_min", -1),
        (Sign.SPO2, "spo2_percent", "spo2_low_percent", -1),
    ],
)
def test_pressure_and_breathing_count_beyond_each_bound_of_the_order(
    sign: Sign, name: str, bound: str, outwards: int
) -> None:
    walk = infusing()
    limit: int = getattr(walk.state.watch_limits, bound)
    assert Code.TOO_FAST not in said(walk, measured=Measured(**{name: limit}))
    (beyond,) = said(walk, measured=Measured(**{name: limit + outwards}))[Code.TOO_FAST].beyond
    assert (beyond.sign, beyond.value, beyond.bound) == (sign, str(limit + outwards), str(limit))


@given(st.tuples(scores, scores, scores), st.sampled_from(e.Awake))
def test_a_score_alone_is_never_a_reason_for_more_drug_sooner(scored: tuple[int | None, ...], awake: e.Awake) -> None:
    """Nor is a low one: what it can bring is slower, a pause, a look, a medicine, or what calms."""
    state = as_seen(RUNNING, scored, awake)
    found = advice(state, pacing=None, measured=Measured(), easily_sick=None, at=NOW)
    assert {step for each in found for step in each.steps} <= {
        *(Step.SLOWER, Step.PAUSE, Step.LOOK),
        *(Step.CALM, Step.MEDICINE, Step.ASK_PRESCRIBER),
    }
    assert {each.code for each in found} <= {Code.TOO_FAST, Code.FRIGHT, Code.SICK}


def test_a_pressure_that_comes_when_nausea_was_dismissed_is_said_at_once() -> None:
    walk = infusing()
    walk.record(watched(nauseous=7))
    nausea = said(walk)[Code.TOO_FAST]
    walk.record(e.AdviceDismissed(code=nausea.dismissed_as, level=nausea.level))
    assert Code.TOO_FAST not in said(walk)
    walk.record(watched(nauseous=0))
    high = Measured(sbp_mmhg=190)
    assert [each.sign for each in said(walk, measured=high)[Code.TOO_FAST].beyond] == [Sign.SBP]
    walk.record(e.AdviceDismissed(code=said(walk, measured=high)[Code.TOO_FAST].dismissed_as, level=1))
    assert Code.TOO_FAST not in said(walk, measured=high)
    assert Code.TOO_FAST in said(walk, measured=Measured(sbp_mmhg=80))


def test_a_log_in_which_too_fast_was_dismissed_without_a_sign_folds() -> None:
    walk = infusing()
    walk.record(watched(nauseous=7))
    walk.record(e.AdviceDismissed(code="too_fast", level=1))
    assert walk.state.dismissed["too_fast"].times == 1
    assert Code.TOO_FAST in said(walk)


def test_distress_beyond_the_orders_bound_is_one_advice_that_says_both() -> None:
    walk = infusing()
    walk.record(watched(anxious=7))
    (fright,) = said(walk).values()
    assert (fright.code, [(each.sign, each.value, each.bound) for each in fright.beyond]) == (
        Code.FRIGHT,
        [("distress", "7", "7")],
    )
    assert fright.steps == (Step.CALM, Step.SLOWER, Step.PAUSE)


def test_a_drip_that_is_paused_or_in_doubt_is_neither_too_slow_nor_too_fast() -> None:
    behind = Pacing(
        pace=Pace.TOO_SLOW,
        why=None,
        set_ml_per_h=Fraction(150),
        flow_ml_per_h=Flow(*map(Fraction, (90, 100, 110))),
        seen_min=None,
        volume_ml=Fraction(100),
        planned_ml=Fraction(50),
        run_ml=Between(*map(Fraction, (20, 21, 22))),
        signed_in_min=Fraction(20),
        due_in_min=Fraction(20),
        left_min=None,
        late_min=None,
    )
    walk = infusing()
    assert Code.BEHIND in said(walk, pacing=behind)
    walk.ask(c.PauseInfusion())
    assert said(walk, pacing=behind) == {}
    walk.confirm()
    assert said(walk, pacing=behind) == {}


def test_nausea_is_met_before_the_start_and_during_and_a_medicine_is_waited_for() -> None:
    walk = arrived(WITH_IT)
    assert set(said(walk, known=SICK)) == {Code.SICK_BEFORE}
    walk.record(replace(ONDANSETRON, before_start=True))
    assert said(walk, known=SICK) == {}
    walk = infusing(WITH_IT)
    walk.record(watched(nauseous=6))
    assert said(walk)[Code.SICK].saw["name"] == "Ondansetron"
    walk.record(ONDANSETRON)
    assert Code.SICK not in said(walk)
    walk.at += timedelta(minutes=10)
    walk.record(watched(nauseous=5))
    assert said(walk)[Code.SICK].saw == {"score": "5", "was_given": "yes"}


def test_what_went_in_before_the_start_is_not_offered_a_second_time() -> None:
    walk = arrived(WITH_IT)
    walk.record(replace(ONDANSETRON, before_start=True))
    given = walk.state.medicines
    walk = infusing(WITH_IT)
    walk.record(watched(nauseous=6))
    state = replace(walk.state, medicines=given)
    (sick,) = advice(state, pacing=None, measured=Measured(), easily_sick=None, at=walk.at)
    assert sick.steps[0] is Step.ASK_PRESCRIBER


def test_whether_a_medicine_helped_is_asked_after_a_while_until_somebody_says() -> None:
    walk = infusing()
    walk.record(ONDANSETRON)
    ((seen, due_at),) = effects_due(walk.state)
    assert due_at == walk.at + timedelta(minutes=UNSIGNED_OBSERVATION.effect_after_min)
    walk.record(e.EffectNoted(of_seq=seen.seq, effect=e.Effect.NO_DIFFERENCE))
    assert effects_due(walk.state) == ()
    assert walk.state.effects == {seen.seq: e.Effect.NO_DIFFERENCE}
    with pytest.raises(Refused, match="nothing_that_may_have_helped"):
        walk.record(e.EffectNoted(of_seq=1, effect=e.Effect.HELPED))


def test_high_anxiety_before_the_start_and_fright_during_are_two_things() -> None:
    walk = arrived()
    walk.record(watched(anxious=6))
    assert set(said(walk)) == {Code.ANXIOUS_BEFORE}
    walk = infusing()
    walk.record(watched(anxious=6))
    assert set(said(walk)) == {Code.FRIGHT}


def test_dismissing_advice_hides_it_and_changes_nothing_else() -> None:
    """The alarm about the same distress stands as it stood, acknowledged by nobody."""
    walk = infusing()
    walk.record(watched(anxious=8))
    walk.record(e.AlarmRaised(condition="distress_high", priority=e.Priority.MEDIUM, value="8", limit="7"), WATCH)
    before = walk.state
    assert set(said(walk)) == {Code.FRIGHT}
    walk.record(e.AdviceDismissed(code=Code.FRIGHT, level=8))
    assert said(walk) == {}
    assert replace(walk.state, dismissed={}, last_seq=before.last_seq) == before
    walk.record(watched(anxious=10))
    assert Code.FRIGHT in said(walk)


@given(st.lists(st.sampled_from(Code), max_size=6))
def test_alarms_are_the_same_with_and_without_what_was_dismissed(codes: list[Code]) -> None:
    walk = infusing()
    walk.record(e.AlarmRaised(condition="distress_high", priority=e.Priority.MEDIUM), WATCH)
    alarms = walk.state.alarms
    for code in codes:
        walk.record(e.AdviceDismissed(code=code, level=3))
    assert walk.state.alarms == alarms


def test_as_wished_sets_what_is_not_so_yet_and_nothing_twice() -> None:
    walk = infusing()
    walk.record(e.ComfortSet(item="lights", choice="low, please"))
    wished = c.SetComfort(chosen=(("lights", "low, please"), ("music", "Satie"), ("talk", "It passes.")))
    assert [entry.kind for entry in walk.ask(wished)] == ["ComfortSet", "ComfortSet"]
    assert {item: seen.fact.choice for item, seen in walk.state.comfort.items()} == dict(wished.chosen)
    with pytest.raises(Refused, match="comfort_is_so_already"):
        walk.ask(wished)


@pytest.mark.parametrize(
    ("wish", "leave", "stays"),
    [
        ("yes", "yes", True),
        ("yes", None, None),
        (None, "yes", None),
        ("unknown", "yes", None),
        ("yes", "unknown", None),
        ("no", "yes", False),
        ("yes", "no", False),
        ("no", None, False),
    ],
)
def test_a_companion_stays_by_the_patients_wish_and_the_doctors_leave(
    wish: str | None, leave: str | None, stays: bool | None
) -> None:
    """Not asked, no and could not say are three things."""
    assert may_stay(wish, leave) is stays


@pytest.mark.parametrize(
    ("sign", "seen", "outside", "inside"),
    [
        # safety note 2.4, the mildest level of each signal; arrival was 118/74, and +20 % of it is 141/88.
        (Sign.SBP_LOW, lambda value: Measured(sbp_mmhg=value), 99, 100),
        (Sign.SBP_RISEN, lambda value: Measured(sbp_mmhg=value), 142, 141),
        (Sign.DBP_RISEN, lambda value: Measured(dbp_mmhg=value), 89, 88),
        (Sign.PULSE, lambda value: Measured(lately={"pulse_per_min": value}), 121, 120),
        (Sign.PULSE_LOW, lambda value: Measured(lately={"pulse_per_min": value}), 49, 50),
        (Sign.RESP, lambda value: Measured(lately={"resp_per_min": value}), 11, 12),
        (Sign.SPO2, lambda value: Measured(lately={"spo2_percent": value}), 94, 95),
    ],
)
def test_a_figure_beyond_the_mildest_level_is_worth_a_glance(
    sign: Sign, seen: Callable[[int], Measured], outside: int, inside: int
) -> None:
    walk = infusing()
    assert Code.GLANCE not in said(walk, measured=seen(inside))
    (beyond,) = said(walk, measured=seen(outside))[Code.GLANCE].beyond
    assert (beyond.sign, beyond.value) == (sign, str(outside))


@pytest.mark.parametrize(("sbp", "dbp", "sign"), [(161, None, Sign.SBP), (None, 101, Sign.DBP)])
def test_a_pressure_that_is_high_and_has_risen_is_said_once(sbp: int | None, dbp: int | None, sign: Sign) -> None:
    found = said(infusing(), measured=Measured(sbp_mmhg=sbp, dbp_mmhg=dbp))[Code.GLANCE]
    assert [each.sign for each in found.beyond] == [sign]
    assert found.steps == (Step.LOOK, Step.MEASURE)


def test_where_somebody_is_called_nothing_is_worth_a_glance_besides() -> None:
    walk = infusing()
    measured = Measured(
        sbp_mmhg=181, dbp_mmhg=111, lately={"spo2_percent": 91, "pulse_per_min": 131, "resp_per_min": 9}
    )
    assert Code.GLANCE not in said(walk, measured=measured)


def test_what_is_worth_a_glance_is_said_in_recovery_too_and_not_in_the_chair() -> None:
    high = Measured(sbp_mmhg=170)
    assert Code.GLANCE in said(recovering(), measured=high)
    assert Code.GLANCE not in said(arrived(), measured=high)


def test_a_glance_that_was_dismissed_for_one_sign_is_said_for_another() -> None:
    walk = infusing()
    slow = Measured(lately={"resp_per_min": 11})
    advised = said(walk, measured=slow)[Code.GLANCE]
    walk.record(e.AdviceDismissed(code=advised.dismissed_as, level=advised.level))
    assert Code.GLANCE not in said(walk, measured=slow)
    assert Code.GLANCE in said(walk, measured=replace(slow, sbp_mmhg=165))


def test_each_level_of_a_glance_is_the_orders() -> None:
    order = replace(ORDER, observation=replace(UNSIGNED_OBSERVATION, sbp_glance_high_mmhg=130, anxious_glance_from=2))
    walk = infusing(
        replace(
            PLAN, order=replace(order, observation=replace(order.observation, baseline_sets=1, baseline_is_whole=False))
        )
    )
    assert [each.sign for each in said(walk, measured=Measured(sbp_mmhg=131))[Code.GLANCE].beyond] == [Sign.SBP]
    walk.record(watched(anxious=2))
    assert Code.FRIGHT in said(walk)


def seen_at(site: e.LineSite) -> e.PatientWatched:
    return e.PatientWatched(awake=e.Awake.ALERT, line_site=site)


def test_a_doubtful_line_site_says_pause_look_at_the_arm_and_a_new_line() -> None:
    walk = infusing()
    walk.record(seen_at(e.LineSite.DOUBTFUL))
    assert said(walk)[Code.LINE_SITE].steps == (Step.PAUSE, Step.LOOK_AT_ARM, Step.NEW_LINE, Step.LOOK)
    walk.record(watched(anxious=0), after_min=5)
    assert Code.LINE_SITE in said(walk)  # that look did not look at it
    walk.ask(c.PauseInfusion())
    walk.confirm()
    assert said(walk)[Code.LINE_SITE].steps == (Step.LOOK_AT_ARM, Step.NEW_LINE, Step.LOOK)
    walk.record(seen_at(e.LineSite.GOOD), after_min=1)
    assert said(walk) == {}


def test_a_new_line_ends_the_doubt_about_the_old_one_and_what_was_waved_away_of_it() -> None:
    walk = infusing()
    walk.record(seen_at(e.LineSite.DOUBTFUL), after_min=5)
    for _ in range(3):
        walk.record(e.AdviceDismissed(code=Code.LINE_SITE, level=0))
    walk.at += timedelta(minutes=20)
    assert said(walk) == {}
    walk.record(e.LinePlaced(site="right forearm"))
    assert said(walk) == {}
    late = c.Record(fact=seen_at(e.LineSite.DOUBTFUL), occurred_at=walk.at - timedelta(minutes=4))
    walk.ask(late)  # of the line before
    assert said(walk) == {}
    walk.record(seen_at(e.LineSite.DOUBTFUL), after_min=5)
    assert Code.LINE_SITE in said(walk)


def test_a_doubtful_line_site_is_said_in_the_chair_and_while_stopped_and_no_more_when_the_line_is_out() -> None:
    walk = arrived()
    walk.record(e.LinePlaced(site="left forearm"))
    walk.record(seen_at(e.LineSite.DOUBTFUL))
    assert said(walk)[Code.LINE_SITE].steps[0] is Step.LOOK_AT_ARM
    walk = infusing()
    walk.record(seen_at(e.LineSite.DOUBTFUL))
    walk.ask(c.StopInfusion())
    walk.confirm()
    assert Code.LINE_SITE in said(walk)
    walk.record(e.LineRemoved())
    assert said(walk) == {}


OXYGEN = e.MedicineGiven(
    name="oxygen", amount=D(2), unit="L/min", route="inhaled", before_start=False, against_nausea=False, reason="x"
)


def test_only_a_medicine_against_nausea_ends_what_is_said_of_nausea() -> None:
    walk = infusing(WITH_IT)
    walk.record(watched(nauseous=6), after_min=5)
    walk.record(OXYGEN, after_min=1)
    assert said(walk)[Code.SICK].saw["name"] == "Ondansetron"
    walk.record(replace(OXYGEN, name="metoclopramide", against_nausea=True), after_min=1)
    assert Code.SICK not in said(walk)
    walk.record(watched(nauseous=6), after_min=5)
    assert said(walk)[Code.SICK].saw["was_given"] == "yes"


def test_oxygen_in_the_chair_is_nothing_against_nausea() -> None:
    walk = arrived()
    walk.record(replace(OXYGEN, before_start=True))
    assert Code.SICK_BEFORE in said(walk, known=SICK)


def test_a_medicine_given_before_the_look_and_written_down_after_it_ends_nothing() -> None:
    walk = infusing(WITH_IT)
    walk.record(watched(nauseous=6), after_min=10)
    walk.ask(c.Record(fact=ONDANSETRON, occurred_at=walk.at - timedelta(minutes=4)))
    assert said(walk)[Code.SICK].saw["was_given"] == "yes"
    walk.ask(c.Record(fact=ONDANSETRON), after_min=5)
    assert Code.SICK not in said(walk)


def test_a_look_written_down_late_is_of_before_the_medicine() -> None:
    walk = infusing(WITH_IT)
    walk.record(ONDANSETRON, after_min=10)
    walk.ask(c.Record(fact=watched(nauseous=6), occurred_at=walk.at - timedelta(minutes=4)))
    assert Code.SICK not in said(walk)


def test_a_look_that_asks_nothing_ends_neither_fright_nor_nausea() -> None:
    walk = infusing()
    walk.record(watched(anxious=6, nauseous=7), after_min=5)
    before = said(walk)
    walk.record(watched(), after_min=5)
    assert set(before) == {Code.FRIGHT, Code.SICK, Code.TOO_FAST}
    assert said(walk) == before
    walk.record(watched(anxious=0), after_min=1)
    assert set(said(walk)) == {Code.SICK, Code.TOO_FAST}


@pytest.mark.parametrize(
    ("mild", "worse"),
    [
        # The order's limits, and the gravest of three levels in the safety note (2.4).
        ({"sbp_mmhg": 181}, {"sbp_mmhg": 201}),
        ({"dbp_mmhg": 111}, {"dbp_mmhg": 121}),
        ({"sbp_mmhg": 89}, {"sbp_mmhg": 79}),
        ({"resp_per_min": 9}, {"resp_per_min": 7}),
        ({"spo2_percent": 91}, {"spo2_percent": 89}),
    ],
)
def test_a_figure_past_the_next_bound_of_the_order_is_said_at_once_though_it_was_dismissed(
    mild: dict[str, int], worse: dict[str, int]
) -> None:
    walk = infusing()
    advised = said(walk, measured=Measured(**mild))[Code.TOO_FAST]
    for _ in range(3):
        walk.record(e.AdviceDismissed(code=advised.dismissed_as, level=advised.level))
    assert Code.TOO_FAST not in said(walk, measured=Measured(**mild))
    assert Code.TOO_FAST in said(walk, measured=Measured(**worse))


def test_who_cannot_be_roused_is_said_at_once_though_a_touch_was_dismissed() -> None:
    walk = infusing()
    walk.record(e.PatientWatched(awake=e.Awake.NEEDS_TOUCH), after_min=5)
    advised = said(walk)[Code.TOO_FAST]
    walk.record(e.AdviceDismissed(code=advised.dismissed_as, level=advised.level))
    assert said(walk) == {}
    walk.record(e.PatientWatched(awake=e.Awake.NOT_ROUSED), after_min=1)
    assert Code.TOO_FAST in said(walk)


def test_in_recovery_fright_and_nausea_are_advised_about_and_nothing_of_a_drip_is() -> None:
    """In a check or a look, and until a medicine was given after it."""
    walk = recovering()
    walk.record(watched(anxious=8), after_min=1)
    assert said(walk)[Code.FRIGHT].steps == (Step.CALM,)
    walk.ask(c.CheckRecovery(check=e.RecoveryChecked(awake=e.Awake.ALERT, anxious=1, nauseous=6)), after_min=1)
    advised = said(walk)
    assert set(advised) == {Code.SICK}
    assert set(advised[Code.SICK].steps).isdisjoint({Step.SLOWER, Step.PAUSE})
    walk.record(
        e.MedicineGiven(
            name="x", amount=D(4), unit="mg", route="iv", reason="sick", before_start=False, against_nausea=True
        ),
        after_min=1,
    )
    assert said(walk) == {}
    walk.record(watched(nauseous=7), after_min=1)
    assert set(said(walk)) == {Code.SICK}
