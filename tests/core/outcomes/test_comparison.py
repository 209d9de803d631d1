"""The comparison is silent on noise, and its parts are what they say. The study at full size: simulate-outcomes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from stillroom.core.outcomes.comparison import LOOKS, Lacking, effects
from stillroom.core.outcomes.one_person import Compared, Way, compare
from stillroom.core.outcomes.spans import spans
from stillroom.rehearsal.courses import NULLS, World, by_chance, in_pairs_by_lot, in_runs, in_turn, study

SEED = 20261125
A, B, C = (Way(Decimal(dose), Decimal(40)) for dose in ("0.5", "0.6", "0.7"))
FIRST = date(2026, 1, 5)


@pytest.mark.parametrize(("name", "world"), NULLS.items(), ids=list(NULLS))
def test_where_nothing_differs_at_most_one_course_in_twenty_says_so(name: str, world: World) -> None:
    """400 courses each; the study has 2,000. 5 % and three standard errors of 400 courses are 8.3 %."""
    found = study(world, courses=400, chance=np.random.default_rng(SEED))
    assert found.said <= 0.083, name


def test_a_plain_comparison_of_means_is_fooled_by_a_trend() -> None:
    """So the null is hard enough to mean something."""
    world = NULLS["a trend over the months"]
    assert study(world, courses=400, chance=np.random.default_rng(SEED)).naive > 0.25


def test_a_true_difference_of_five_points_is_found_and_the_right_way_round() -> None:
    found = study(World(choose=by_chance, difference=5.0), courses=200, chance=np.random.default_rng(SEED))
    assert found.said > 0.95
    assert found.right == found.said


def test_a_dose_that_was_only_ever_raised_can_never_be_compared() -> None:
    found = study(NULLS["dose only ever raised"], courses=200, chance=np.random.default_rng(SEED))
    assert found.earned == 0


def test_a_stretch_is_the_mean_of_the_days_between_and_the_infusions_own_day_is_not_in_it() -> None:
    lows = np.array([[8, 8, 8, 8, 8, 8, 8, 0, 4, np.nan, 6, 0, 2, 3, 4]], dtype=float)
    found = spans(lows, np.array([7, 11]))
    assert found.after.tolist() == [[5.0, 3.0]]
    assert found.last.tolist() == [[8.0, 5.0]]
    assert found.before[0] == pytest.approx([8.0, 5.0])


def test_a_stretch_with_too_few_answers_is_no_number() -> None:
    lows = np.array([[8.0] * 7 + [8, np.nan, np.nan, 5, 5, np.nan, np.nan, 8]])
    assert np.isnan(spans(lows, np.array([7])).after[0, 0])


def test_the_difference_is_that_of_least_squares() -> None:
    """Against numpy's own solver, with gaps."""
    chance = np.random.default_rng(SEED)
    lows = chance.integers(0, 11, (1, 200)).astype(float)
    lows[0, chance.random(200) < 0.2] = np.nan
    starts = np.arange(14, 186, 7)
    second = chance.random((1, len(starts))) < 0.5
    found = spans(lows, starts)
    mine = effects(found, is_second=second)
    columns = (np.ones(len(starts)), found.last[0], found.before[0], np.linspace(-1, 1, len(starts)), second[0])
    design = np.stack(columns, axis=1).astype(float)
    known = ~np.isnan(np.column_stack([design, found.after[0]])).any(axis=1)
    wanted, *_ = np.linalg.lstsq(design[known], found.after[0][known], rcond=None)
    assert mine.difference[0] == pytest.approx(wanted[-1], abs=1e-6)


def person(ways: list[Way], *, better_by: int = 3, every_days: int = 7) -> Compared:
    """Days of 7 after A and others, 7 less `better_by` after B, and a small scatter that is the same in every run."""
    chance, lows, infusions = np.random.default_rng(SEED), {}, []
    for n in range(1, 8):
        lows[FIRST - timedelta(days=n)] = 7
    for place, way in enumerate(ways):
        on = FIRST + timedelta(days=every_days * place)
        infusions.append((on, way))
        for n in range(every_days if place < len(ways) - 1 else 16):
            lows[on + timedelta(days=n)] = 7 - better_by * (way == B) + int(chance.integers(-1, 2))
    today = FIRST + timedelta(days=every_days * len(ways) + 14)
    return compare(lows, infusions, today=today)


def mixed(count: int) -> list[Way]:
    """Two and two in turn: changed as often as kept, so that the way is not told by the stretch before."""
    return [A if place % 4 < 2 else B for place in range(count)]


def test_a_large_difference_in_mixed_order_is_said_with_its_range() -> None:
    found = person(mixed(24))
    assert found.said is not None
    assert (found.said.better, found.said.other, found.said.infusions) == (B, A, 24)
    assert found.said.least <= 3 <= found.said.most


@pytest.mark.parametrize("count", [3, 4, 11])
def test_before_the_first_look_nothing_is_said_however_large(count: int) -> None:
    found = person(mixed(count), better_by=6)
    assert found.said is None
    assert found.looks_next_at == LOOKS[0]
    assert Lacking.INFUSIONS in found.lacking


def test_one_way_after_the_other_is_never_compared_however_large() -> None:
    found = person([A] * 12 + [B] * 12, better_by=6)
    assert found.said is None
    assert Lacking.CHANGES in found.lacking


def test_between_looks_what_came_since_is_not_looked_at() -> None:
    """13 to 17 infusions say what 12 said."""
    assert {person(mixed(24)[:count]).said == person(mixed(24)[:12]).said for count in range(12, 18)} == {True}


def test_one_way_only_has_nothing_to_compare() -> None:
    assert person([A] * 20).ways == (A,)
    assert person([]).ways == ()


def test_the_two_given_most_often_are_compared_and_a_third_stands_between() -> None:
    ways = [*mixed(24)[:5], C, *mixed(24)[5:13], C, *mixed(24)[13:]]
    found = person(ways)
    assert set(found.ways) == {A, B}
    assert sum(found.given) == 24
    assert found.said is not None


def test_the_clinician_hears_how_many_it_would_take_and_more_scatter_takes_more() -> None:
    needed = person(mixed(24)).needed_of_each
    assert needed is not None
    assert 1 <= needed <= 12
    assert person([A, B]).needed_of_each is None


def test_runs_are_found_too() -> None:
    found = study(World(choose=in_runs, difference=3.0), courses=200, chance=np.random.default_rng(SEED))
    assert found.right > 0.9


def test_power_grows_with_the_infusions_and_pairs_by_lot_find_what_strict_turns_do_not() -> None:
    """What docs/clinical/comparing.md says to clinicians, here with fewer courses."""
    chance = np.random.default_rng(SEED)
    lot, turns = (
        study(World(choose=choose, difference=5.0), courses=200, chance=chance) for choose in (in_pairs_by_lot, in_turn)
    )
    assert list(lot.right_by) == sorted(lot.right_by)
    assert lot.right_by[-1] == lot.right
    assert lot.right > 0.9
    assert turns.right < 0.3
