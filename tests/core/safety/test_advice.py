"""Advice says what it saw and how surely, wants no more drug because of a feeling, and ends when it was dismissed."""

from __future__ import annotations

import ast
import inspect
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import grimp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.core.order import Antiemetic
from stillroom.core.safety import advice as a
from stillroom.core.safety.advice import Advice, Between, Beyond, Code, Delivery, Dismissals, Step, Sure, Unsure
from stillroom.core.safety.advice.again import AGAIN_AFTER, DISMISSED_AT_MOST
from stillroom.core.safety.nausea import EasilySick, Said
from tests.examples import D

PACE = Path(inspect.getfile(a.advise_pace))
ROOM = PACE.parent
AT = datetime(2026, 11, 26, 10, 30, tzinfo=UTC)
ONDANSETRON = Antiemetic(name="Ondansetron", dose_mg=D("4.0"), before_start=False)
ASKED = EasilySick(motion_sickness=Said.NO, nausea_after_anaesthesia=Said.NO)


def ran(least: int, likely: int, most: int, *, planned: int = 50, due: int | None = None, **more: Any) -> Delivery:
    """Of a bag of 100 mL, of which half should have run by now."""
    return Delivery(
        volume_ml=Fraction(100),
        planned_ml=Fraction(planned),
        due_ml=Fraction(planned if due is None else due),
        run_ml=Between(Fraction(least), Fraction(likely), Fraction(most)),
        **{"is_seen": True} | more,
    )


# --- the drip: behind, ahead, or nobody can tell. Figures by hand: SR-24 has 5 and 10 of a hundred. ------------------


@pytest.mark.parametrize(
    ("delivery", "said"),
    [
        (ran(40, 42, 44), (Code.BEHIND, Sure.SEEN)),  # even at the most, six short
        (ran(40, 42, 45), None),  # at the most five short: on the threshold is not over it
        (ran(30, 39, 48), (Code.BEHIND, Sure.LIKELY)),  # likely eleven short, but perhaps only two
        (ran(30, 40, 50), None),
        (ran(56, 58, 60), (Code.AHEAD, Sure.SEEN)),
        (ran(55, 58, 61), None),
        (ran(52, 61, 70), (Code.AHEAD, Sure.LIKELY)),
        (ran(48, 50, 52), None),
        (ran(40, 42, 44, due=43), None),  # slowed on purpose: by the rates that were set it is where it should be
        (ran(42, 42, 42, is_seen=False), None),  # by the clock alone nothing is behind
        (ran(48, 50, 52, unsure=Unsure.OLD), (Code.RECOUNT, Sure.UNKNOWN)),
        (ran(40, 42, 44, unsure=Unsure.DISAGREE), (Code.RECOUNT, Sure.UNKNOWN)),
        (None, None),
    ],
)
def test_a_drip_is_behind_or_ahead_by_what_was_counted_and_read(
    delivery: Delivery | None, said: tuple[Code, Sure] | None
) -> None:
    found = a.advise_pace(delivery)
    assert [(each.code, each.sure) for each in found] == ([said] if said else [])


def test_it_says_how_far_behind_and_of_how_much_and_never_more_drug() -> None:
    (behind,) = a.advise_pace(ran(40, 42, 44))
    assert behind.saw == {"off_ml": "8", "least_ml": "40", "most_ml": "44", "volume_ml": "100"}
    assert (behind.level, behind.steps) == (8, (Step.COUNT, Step.LOOK_AT_LINE, Step.READ_BAG, Step.END_LATE))


@pytest.mark.parametrize(
    ("set_min", "counted_min", "at_min", "why"),
    [
        (0, None, 5, None),
        (0, None, 6, Unsure.NOT_SEEN),
        (10, 9, 16, Unsure.NOT_SEEN),  # counted before it was set anew
        (0, 3, 18, None),
        (0, 3, 19, Unsure.OLD),
    ],
)
def test_a_count_is_asked_for_when_there_is_none_or_it_is_old(
    set_min: int, counted_min: int | None, at_min: int, why: Unsure | None
) -> None:
    counted = None if counted_min is None else Fraction(counted_min)
    assert a.unsure_of(set_min=Fraction(set_min), counted_min=counted, at_min=Fraction(at_min)) is why


# --- no advice to go faster rests on a score: there is no way for one to come in -------------------------------------

FEELINGS = {"anxious", "nauseous", "detached", "awake", "score", "distress", "watched", "felt", "seems", "beyond"}


def test_what_may_call_a_drip_too_slow_is_told_the_delivery_and_nothing_else() -> None:
    assert set(inspect.signature(a.advise_pace).parameters) == {"delivery"}
    assert {field.name for field in fields(Delivery)} == {
        "volume_ml",
        "planned_ml",
        "due_ml",
        "run_ml",
        "is_seen",
        "unsure",
    }
    named = {node.id for node in ast.walk(ast.parse(PACE.read_text())) if isinstance(node, ast.Name)}
    named |= {node.attr for node in ast.walk(ast.parse(PACE.read_text())) if isinstance(node, ast.Attribute)}
    assert named & FEELINGS == set()


def test_pace_reaches_nothing_that_knows_how_somebody_feels() -> None:
    graph = grimp.build_graph("stillroom")
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
    pressure, sleepy = Beyond("sbp", "184", "180"), Beyond("sleepy", "needs_touch", is_measured=False)
    assert a.advise_too_fast(()) == ()
    (one,), (two,) = a.advise_too_fast((sleepy,)), a.advise_too_fast((sleepy, pressure))
    assert (one.sure, one.level, two.sure, two.level) == (Sure.SAID, 1, Sure.SEEN, 2)
    assert two.steps == (Step.SLOWER, Step.PAUSE, Step.LOOK)


@pytest.mark.parametrize(("score", "is_said"), [(None, False), (0, False), (4, False), (5, True), (10, True)])
def test_fright_and_anxiety_are_met_from_the_lowest_level_of_distress_by_what_calms(
    score: int | None, is_said: bool
) -> None:
    during, before = a.advise_fright(score), a.advise_anxious_before(score)
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
    first, again = (a.advise_sick(score, ONDANSETRON, was_given=was_given) for was_given in (False, True))
    assert [each.steps[0] for each in (*first, *again)] == ([Step.MEDICINE, Step.ASK_PRESCRIBER] if is_said else [])


# --- dismissed -------------------------------------------------------------------------------------------------------


def fright(level: int) -> Advice:
    return Advice(code=Code.FRIGHT, level=level, sure=Sure.SAID, steps=())


def test_what_was_dismissed_is_said_again_when_clearly_worse_or_after_a_while_and_not_for_ever() -> None:
    once = Dismissals(times=1, at=AT, level=5)
    soon, late = AT + timedelta(minutes=1), AT + AGAIN_AFTER
    assert a.is_said(fright(5), None, at=soon)
    assert not a.is_said(fright(6), once, at=soon)
    assert a.is_said(fright(7), once, at=soon)
    assert not a.is_said(fright(5), once, at=late - timedelta(seconds=1))
    assert a.is_said(fright(5), once, at=late)
    assert not a.is_said(fright(10), replace(once, times=DISMISSED_AT_MOST), at=AT + 9 * AGAIN_AFTER)


@given(st.integers(0, 10), st.integers(0, 10), st.integers(1, 6), st.integers(0, 120))
def test_it_is_never_said_more_often_than_it_may_be(level: int, before: int, times: int, minutes: int) -> None:
    said = a.is_said(fright(level), Dismissals(times=times, at=AT, level=before), at=AT + timedelta(minutes=minutes))
    assert not (said and times >= DISMISSED_AT_MOST)
    assert not (said and level < before + 2 and timedelta(minutes=minutes) < AGAIN_AFTER)


# --- and alarms ------------------------------------------------------------------------------------------------------


def test_no_way_leads_from_advice_to_alarms_or_back() -> None:
    graph = grimp.build_graph("stillroom")
    advice = "stillroom.core.safety.advice"
    for alarms in ("watch", "escalation", "limit_watch", "priority"):
        module = f"stillroom.core.safety.{alarms}"
        assert not graph.chain_exists(advice, module, as_packages=True), alarms
        assert not graph.chain_exists(module, advice, as_packages=True), alarms
    gathering = graph.find_modules_directly_imported_by("stillroom.core.infusion.advising")
    assert gathering == {
        "stillroom.core.infusion.entries",
        "stillroom.core.infusion.state",
        "stillroom.core.safety.advice",
        "stillroom.core.safety.nausea",
    }
    watching = graph.find_modules_that_directly_import("stillroom.core.infusion.advising")
    assert watching == {"stillroom.bedside.fill.advice"}  # which draws it, and nothing else asks
