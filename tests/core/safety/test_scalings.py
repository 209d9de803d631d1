"""The same dose by four weights. Worked by hand from the published equations, beside each number.

A woman of 120 kg and 165.1 cm, which is 65 inches: body mass index 120 / 1.651^2 = 44.02. Ideal (Devine 1974) 45.5 +
2.3 x 5 = 57 kg; adjusted 57 + 0.4 x 63 = 82.2 kg; lean (Janmahasatian 2005) 9270 x 120 / (8780 + 244 x 44.0240) =
1112400 / 19521.86 = 56.98 kg. A man: 50 + 11.5 = 61.5; 61.5 + 0.4 x 58.5 = 84.9; 1112400 / (6680 + 216 x 44.0240 =
16189.18) = 68.71 kg. At 0.5 mg/kg half of each.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

from stillroom.core.safety.scalings import judge_scaling, scalings

D = Decimal


@pytest.mark.parametrize(
    ("is_female", "adjusted_mg", "ideal_mg", "lean_mg"),
    [
        (True, "41.1", "28.5", "28.5"),
        (False, "42.4 or 42.5", "30.8", "34.4"),
    ],
)
def test_the_dose_by_each_weight(is_female: bool, adjusted_mg: str, ideal_mg: str, lean_mg: str) -> None:
    by = scalings(D("0.5"), weight_kg=D(120), height_cm=D("165.1"), is_female=is_female)
    assert by.bmi == D("44.0")
    assert by.actual_mg == (D(60), D(60))
    assert str(by.adjusted_mg[0]) in adjusted_mg.split(" or ")  # 42.45 lies on the half
    assert by.ideal_mg == (D(ideal_mg), D(ideal_mg))
    assert by.lean_mg == (D(lean_mg), D(lean_mg))


def test_where_sex_is_not_known_the_spread_is_over_both() -> None:
    by = scalings(D("0.5"), weight_kg=D(120), height_cm=D("165.1"), is_female=None)
    assert by.ideal_mg == (D("28.5"), D("30.8"))


@pytest.mark.parametrize(
    ("weight_kg", "is_shown"),
    [("86.6", False), ("86.7", True), ("120", True)],  # at 170 cm: 29.97, 30.0, 41.5
)
def test_it_is_shown_from_thirty_on(weight_kg: str, is_shown: bool) -> None:
    found = judge_scaling(D("0.5"), weight_kg=D(weight_kg), height_cm=D(170), is_female=True)
    assert [each.code for each in found] == ["scalings_differ"] * is_shown


def test_without_a_height_nothing_is_guessed() -> None:
    assert judge_scaling(D("0.5"), weight_kg=D(160), height_cm=None, is_female=True) == ()
