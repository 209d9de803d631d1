"""Advice says what it saw and how surely, wants no more drug because of a feeling, and ends when it was dismissed."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import grimp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.drip.line import Flow
from stillroom.core.drip.pace import Between, Pace, Pacing, Why, pace
from stillroom.core.order import Antiemetic
from stillroom.core.safety import advice as a
from stillroom.core.safety.advice import Advice, Beyond, Code, Dismissals, Sign, Step, Sure
from stillroom.core.safety.advice.again import AGAIN_AFTER, DISMISSED_AT_MOST
from stillroom.core.safety.nausea import EasilySick, Said
from tests.examples import D

PACE = Path(inspect.getfile(a.advise_pace))
ROOM = PACE.parent
AT = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)
ONDANSETRON = Antiemetic(name="Ondansetron", dose_mg=D("4.0"), before_start=False)
ASKED = EasilySick(motion_sickness=Said.NO, nausea_after_anaesthesia=Said.NO)


# --- the drip: too slow, too fast, or nobody can tell -----------------------------------------------------------------


def going(told: Pace, *, flow: int = 120, behind: tuple[int, int, int] = (0, 0, 0), why: Why | None = None) -> Pacing:
    """Set to 150 mL/h; of a bag of 100 mL half should have run."""
    likely = Fraction(flow)
    ran = Between(*(Fraction(50 - each) for each in reversed(behind)))
    return Pacing(
        pace=told,
        why=why,
        set_ml_per_h=Fraction(150),
        flow_ml_per_h=Flow(likely * Fraction(9, 10), likely, likely * Fraction(11, 10)),
        seen_min=Fraction(18),
        volume_ml=Fraction(100),
        planned_ml=Fraction(50),
        run_ml=ran,
        signed_in_min=Fraction(20),
        due_in_min=Fraction(20),
        left_min=None,
        late_min=None,
    )


def test_too_slow_says_what_runs_where_what_is_set_how_far_behind_and_never_more_drug() -> None:
    (behind,) = a.advise_pace(going(Pace.TOO_SLOW, behind=(4, 6, 8)))
    assert (behind.code, behind.sure, behind.level) == (Code.BEHIND, Sure.SEEN, 20)  # 120 is a fifth under 150
    assert behind.saw == {
        "flow_ml_per_h": "120",
        "set_ml_per_h": "150",
        "off_ml": "6",
        "least_ml": "4",
        "most_ml": "8",
    }
    assert behind.steps == (Step.COUNT, Step.LOOK_AT_LINE, Step.READ_BAG, Step.END_LATE)


def test_too_fast_says_the_same_of_being_ahead_and_what_makes_it_slower_first() -> None:
    (ahead,) = a.advise_pace(going(Pace.TOO_FAST, flow=165, behind=(-31, -30, -29)))
    assert (ahead.code, ahead.level) == (Code.AHEAD, 30)
    assert {name: ahead.saw[name] for name in ("off_ml", "least_ml", "most_ml")} == {
        "off_ml": "30",
        "least_ml": "29",
        "most_ml": "31",
    }
    assert ahead.steps[:2] == (Step.SLOWER, Step.PAUSE)


@pytest.mark.parametrize("why", Why)
def test_a_count_is_asked_for_where_it_would_tell(why: Why) -> None:
    found = a.advise_pace(going(Pace.CANNOT_TELL, why=why))
    assert [(each.code, each.saw) for each in found] == (
        [] if why is Why.IN_DOUBT else [(Code.RECOUNT, {"why": why.value})]
    )


def test_on_plan_there_is_nothing_to_say_and_a_stream_is_an_alarm() -> None:
    assert a.advise_pace(None) == a.advise_pace(going(Pace.ON_PLAN)) == a.advise_pace(going(Pace.STREAM)) == ()


# --- no advice to go faster rests on a score: there is no way for one to come in -------------------------------------

FEELINGS = {"anxious", "nauseous", "detached", "awake", "score", "distress", "watched", "felt", "seems", "beyond"}


def test_what_may_call_a_drip_too_slow_is_told_how_the_drip_goes_and_nothing_else() -> None:
    assert set(inspect.signature(a.advise_pace).parameters) == {"pacing"}
    assert set(inspect.signature(pace).parameters) == {"history", "plan", "at_min"}
    assert not {field.name for field in fields(Pacing)} & FEELINGS
    for source in (PACE, Path(inspect.getfile(inspect.unwrap(pace)))):
        nodes = list(ast.walk(ast.parse(source.read_text())))
        named = {node.id for node in nodes if isinstance(node, ast.Name)}
        named |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        assert named & FEELINGS == set(), source


def test_pace_reaches_nothing_that_knows_how_somebody_feels() -> None:
    graph = grimp.build_graph("stillroom", cache_dir=None)
    pace = "stillroom.core.safety.advice.pace"
    for knows in ("stillroom.core.infusion", "stillroom.core.pharmacology", "stillroom.core.outcomes"):
        assert not graph.chain_exists(pace, knows, as_packages=True), knows
    for knows in ("calm", "fast", "sick"):
        assert not graph.chain_exists(pace, f"stillroom.core.safety.advice.{knows}"), knows


def test_only_pace_says_behind_and_nothing_has_a_step_by_which_more_drug_comes_sooner() -> None:
    saying = {path.name for path in ROOM.glob("*.py") if "Code.BEHIND" in path.read_text()}
    assert saying == {"advice.py", "pace.py"}  # the table of what is clearly worse, and the one that says it
    assert not [step for step in Step if any(word in step for word in ("fast", "more", "raise", "rate", "open"))]
    words = Path("src/stillroom/bedside/templates/bedside")
    said = "".join(path.read_text() for path in words.glob("_advice_*.html")).casefold()
    assert "faster" not in said
    assert "higher" not in said


# --- the patient -----------------------------------------------------------------------------------------------------


def test_too_fast_names_every_sign_and_is_worse_with_each() -> None:
    pressure, sleepy = Beyond(Sign.SBP, "184", "180"), Beyond(Sign.SLEEPY, "needs_touch", is_measured=False)
    assert a.advise_too_fast(()) == ()
    (one,), (two,) = a.advise_too_fast((sleepy,)), a.advise_too_fast((sleepy, pressure))
    assert (one.sure, one.level, two.sure, two.level) == (Sure.SAID, 1, Sure.SEEN, 2)
    assert two.steps == (Step.SLOWER, Step.PAUSE, Step.LOOK)


@pytest.mark.parametrize(("score", "is_said"), [(None, False), (0, False), (4, False), (5, True), (10, True)])
def test_fright_and_anxiety_are_met_from_the_lowest_level_of_distress_by_what_calms(
    score: int | None, is_said: bool
) -> None:
    during, before = a.advise_fright(score, anxious_from=5), a.advise_anxious_before(score, anxious_from=5)
    assert [each.steps[0] for each in (*during, *before)] == ([Step.CALM, Step.CALM] if is_said else [])


def test_nausea_is_asked_about_and_met_by_what_is_ordered() -> None:
    easily = replace(ASKED, motion_sickness=Said.YES)
    (before,) = a.advise_sick_before(easily, ONDANSETRON, was_given=False)
    assert (before.code, before.steps) == (Code.SICK_BEFORE, (Step.MEDICINE,))
    assert before.saw == {"because": "motion_sickness", "most": "0", "name": "Ondansetron", "dose_mg": "4"}
    (unordered,) = a.advise_sick_before(easily, None, was_given=False)
    assert unordered.steps == (Step.ASK_PRESCRIBER,)
    assert a.advise_sick_before(easily, ONDANSETRON, was_given=True) == ()
    assert a.advise_sick_before(ASKED, ONDANSETRON, was_given=False) == ()
    (not_asked,) = a.advise_sick_before(EasilySick(), None, was_given=False)
    assert (not_asked.code, not_asked.steps) == (Code.SICK_NOT_ASKED, (Step.ASK,))


@pytest.mark.parametrize(("score", "is_said"), [(None, False), (0, False), (3, False), (4, True)])
def test_nausea_during_the_drip_never_asks_for_a_second_dose_by_itself(score: int | None, is_said: bool) -> None:
    first, again = (
        a.advise_sick(score, ONDANSETRON, was_given=was_given, nauseous_from=4) for was_given in (False, True)
    )
    assert [each.steps[0] for each in (*first, *again)] == ([Step.MEDICINE, Step.ASK_PRESCRIBER] if is_said else [])


# --- dismissed -------------------------------------------------------------------------------------------------------


def fright(level: int) -> Advice:
    return Advice(code=Code.FRIGHT, level=level, sure=Sure.SAID, steps=())


def test_what_was_dismissed_is_said_again_when_clearly_worse_or_after_a_while_and_not_for_ever() -> None:
    once = Dismissals(times=1, at=AT, level=5)

    def is_said(advice: Advice, before: Dismissals, *, at: datetime) -> bool:
        return a.is_said(advice, {Code.FRIGHT: before}, at=at)

    soon, late = AT + timedelta(minutes=1), AT + AGAIN_AFTER
    assert a.is_said(fright(5), {}, at=soon)
    assert not is_said(fright(6), once, at=soon)
    assert is_said(fright(7), once, at=soon)
    assert not is_said(fright(5), once, at=late - timedelta(seconds=1))
    assert is_said(fright(5), once, at=late)
    assert not is_said(fright(10), replace(once, times=DISMISSED_AT_MOST), at=AT + 9 * AGAIN_AFTER)


@given(st.integers(0, 10), st.integers(0, 10), st.integers(1, 6), st.integers(0, 120))
def test_it_is_never_said_more_often_than_it_may_be(level: int, before: int, times: int, minutes: int) -> None:
    dismissed = {Code.FRIGHT: Dismissals(times=times, at=AT, level=before)}
    said = a.is_said(fright(level), dismissed, at=AT + timedelta(minutes=minutes))
    assert not (said and times >= DISMISSED_AT_MOST)
    assert not (said and level < before + 2 and timedelta(minutes=minutes) < AGAIN_AFTER)


def too_fast(*signs: Sign) -> Advice:
    (advice,) = a.advise_too_fast(tuple(Beyond(each) for each in signs))
    return advice


signs = st.sets(st.sampled_from(Sign), min_size=1)


@given(signs, signs, st.integers(1, 6), st.integers(0, 120))
def test_of_signs_those_that_were_dismissed_are_and_any_other_is_said(
    before: set[Sign], now: set[Sign], times: int, minutes: int
) -> None:
    once = {too_fast(*before).dismissed_as: Dismissals(times=times, at=AT, level=len(before))}
    said = a.is_said(too_fast(*now), once, at=AT + timedelta(minutes=minutes))
    is_due = times < DISMISSED_AT_MOST and timedelta(minutes=minutes) >= AGAIN_AFTER
    assert said == (is_due or not now <= before)


def test_a_sign_that_comes_and_goes_is_waved_away_by_itself_and_not_for_ever() -> None:
    """Pressure dismissed after nausea brings nausea back no sooner; each of them is heard three times at most."""
    nausea, both, pressure = (too_fast(*each) for each in ((Sign.NAUSEA,), (Sign.NAUSEA, Sign.SBP), (Sign.SBP,)))
    soon = AT + timedelta(minutes=1)
    dismissed = {nausea.dismissed_as: Dismissals(times=1, at=AT, level=1)}
    assert a.is_said(pressure, dismissed, at=soon)
    dismissed[pressure.dismissed_as] = Dismissals(times=1, at=soon, level=1)
    assert not any(a.is_said(each, dismissed, at=soon) for each in (nausea, pressure, both))
    dismissed[both.dismissed_as] = Dismissals(times=2, at=soon, level=2)
    assert not any(a.is_said(each, dismissed, at=soon + 9 * AGAIN_AFTER) for each in (nausea, pressure, both))


def at_level(sign: Sign, level: int) -> Advice:
    (advice,) = a.advise_too_fast((Beyond(sign, level=level),))
    return advice


@pytest.mark.parametrize(("sign", "worse_by"), [(Sign.SLEEPY, 1), (Sign.SBP, 1), (Sign.RESP, 1), (Sign.NAUSEA, 2)])
def test_a_sign_that_is_clearly_worse_is_said_at_once_however_often_the_milder_one_was_waved_away(
    sign: Sign, worse_by: int
) -> None:
    mild = {at_level(sign, 5).dismissed_as: Dismissals(times=DISMISSED_AT_MOST, at=AT, level=1)}
    assert not a.is_said(at_level(sign, 4 + worse_by), mild, at=AT + 9 * AGAIN_AFTER)
    assert a.is_said(at_level(sign, 5 + worse_by), mild, at=AT)
    both = mild | {at_level(sign, 5 + worse_by).dismissed_as: Dismissals(times=1, at=AT, level=1)}
    assert not a.is_said(at_level(sign, 5 + worse_by), both, at=AT)
    assert not a.is_said(at_level(sign, 3), both, at=AT + 9 * AGAIN_AFTER)


def test_a_dismissal_that_names_a_sign_and_no_level_hides_what_it_hid() -> None:
    before = {"too_fast nausea sbp": Dismissals(times=1, at=AT, level=2)}
    assert not a.is_said(at_level(Sign.SBP, 2), before, at=AT)
    assert a.is_said(at_level(Sign.SBP, 2), before, at=AT + AGAIN_AFTER)


def test_a_dismissal_of_the_older_form_names_no_sign_and_hides_none() -> None:
    assert a.is_said(too_fast(Sign.SBP), {Code.TOO_FAST: Dismissals(times=3, at=AT, level=1)}, at=AT)


@given(st.sampled_from(Code), st.lists(st.sampled_from(Sign), max_size=8, unique=True))
def test_all_advice_there_can_be_may_be_dismissed_by_its_name(code: Code, beyond: list[Sign]) -> None:
    advice = Advice(code=code, level=1, sure=Sure.SEEN, steps=(), beyond=tuple(Beyond(each) for each in beyond))
    assert a.may_be_dismissed(advice.dismissed_as)


@pytest.mark.parametrize(
    "named",
    [
        *("", "nausea", "too_fast thirst", "too_fast  sbp", "behind sbp", "TOO_FAST"),
        *("too_fast sbp:", "too_fast sbp:x", "too_fast sbp:1:2"),
    ],
)
def test_what_is_no_advice_is_not_dismissed(named: str) -> None:
    assert not a.may_be_dismissed(named)


# --- and alarms ------------------------------------------------------------------------------------------------------


def test_no_way_leads_from_advice_to_alarms_or_back() -> None:
    graph = grimp.build_graph("stillroom", cache_dir=None)
    advice = "stillroom.core.safety.advice"
    for alarms in ("watch", "escalation", "limit_watch", "priority"):
        module = f"stillroom.core.safety.{alarms}"
        assert not graph.chain_exists(advice, module, as_packages=True), alarms
        assert not graph.chain_exists(module, advice, as_packages=True), alarms
    gathering = graph.find_modules_directly_imported_by("stillroom.core.infusion.advising")
    assert gathering == {
        "stillroom.core.drip.pace",
        "stillroom.core.infusion.entries",
        "stillroom.core.infusion.glancing",
        "stillroom.core.infusion.last_seen",
        "stillroom.core.infusion.state",
        "stillroom.core.safety.advice",
        "stillroom.core.safety.nausea",
    }
    watching = graph.find_modules_that_directly_import("stillroom.core.infusion.advising")
    assert watching == {"stillroom.bedside.fill.advice"}  # which draws it, and nothing else asks
