"""What clinicians read about the models is what the models are."""

from __future__ import annotations

import re

import numpy as np
import pytest

from stillroom.core.pharmacology import MODELS, ROOM_MODELS, Body, course
from stillroom.core.pharmacology.below import below
from stillroom.core.pharmacology.compartments import modes_of
from stillroom.core.pharmacology.effects import HILL_FROM, HILL_TO, KETAMINE_G_PER_MOL, PERCEPTION_C50
from stillroom.core.pharmacology.models import compartments_of
from stillroom.core.pharmacology.parameters import ADULT_FROM_Y, ASSUMED_SPREAD_PERCENT, EFFECT_SITE_HALF_LIFE
from stillroom.core.pharmacology.prior import CURVE_DOUBT_LASTS_MIN, CURVE_DOUBT_POINTS, SCORE_NOISE_POINTS
from tests.core.pharmacology.clinical_page import DRIP, DRIP_MIN, PAGE, USUAL, drawn, tables

COST = PAGE.with_name("pharmacology-cost.svg")


def test_every_table_of_the_page_is_drawn_from_the_parameters() -> None:
    page = PAGE.read_text()
    assert drawn(page) == page


def test_a_changed_number_on_the_page_is_seen() -> None:
    page = PAGE.read_text()
    assert "cl 84 L/h" in page
    changed = page.replace("cl 84 L/h", "cl 48 L/h", 1)
    assert drawn(changed) == page


@pytest.mark.parametrize("name", MODELS)
def test_every_model_stands_in_every_table_of_models(name: str) -> None:
    for title, table in tables().items():
        if title in {"coverage", "traits"}:
            continue  # of people, not of models
        assert f"| `{name}`" in table, title


def test_the_numbers_in_its_sentences_are_those_of_the_code() -> None:
    page = re.sub(r"\s+", " ", PAGE.read_text())
    assert f"{ASSUMED_SPREAD_PERCENT:g} %" in page
    assert f"half-life of {EFFECT_SITE_HALF_LIFE.value:g} min" in page
    assert f"{EFFECT_SITE_HALF_LIFE.lower:g} to {EFFECT_SITE_HALF_LIFE.upper:g} min" in page
    assert f"under {ADULT_FROM_Y} years" in page
    assert (SCORE_NOISE_POINTS, CURVE_DOUBT_POINTS, CURVE_DOUBT_LASTS_MIN) == (1, 0.5, 30)
    assert "off by a point (standard deviation), and the curve itself by half a point for half an hour" in page


def test_what_it_says_of_the_models_disagreement_is_so() -> None:
    """Each number worked out anew, and the words that hold it looked for."""
    page = re.sub(r"\s+", " ", PAGE.read_text())
    ends = [level_ng_per_ml(name, USUAL) for name in ROOM_MODELS]
    assert f"differ {max(ends) / min(ends):.1f}-fold" in page
    halves = [f"{half_after_stop_min(name):.0f}" for name in ("domino1984", "kamp2020", "clements1981")]
    assert "Plasma halves within {} minutes (Domino), {} (Kamp) or {} (Clements)".format(*halves) in page
    heavy = {
        name: level_ng_per_ml(name, Body(age_y=40, weight_kg=120)) / level_ng_per_ml(name, USUAL) for name in MODELS
    }
    assert all(heavy[name] == pytest.approx(1) for name in ("kamp2020_linear", "domino1984", "clements1981"))
    assert f"{heavy['kamp2020'] - 1:.0%} (`kamp2020`)".replace("%", " %") in page
    assert f"{heavy['perezruixo2021'] - 1:.0%} (`perezruixo2021`".replace("%", " %") in page
    assert f"{1 - clearance_l_per_h(72) / clearance_l_per_h(60):.0%} at 72 by Perez-Ruixo".replace("%", " %") in page


def test_what_it_says_of_perception_is_so() -> None:
    page = re.sub(r"\s+", " ", PAGE.read_text())
    assert f"at {PERCEPTION_C50.value:g} nmol/mL" in page
    assert f"{PERCEPTION_C50.lower:g} to {PERCEPTION_C50.upper:g}" in page
    numbers = [PERCEPTION_C50.value, PERCEPTION_C50.lower, PERCEPTION_C50.upper]
    in_ng_per_ml = [f"{each * KETAMINE_G_PER_MOL:.0f}" for each in numbers if each is not None]
    assert "which is {} ng/mL ({} to {})".format(*in_ng_per_ml) in page
    assert f"(Hill coefficient) of {HILL_FROM:g} to {HILL_TO:g}" in page


def test_what_it_says_of_the_way_down_is_so() -> None:
    """To 50 ng/mL the last model takes almost four times as long as the first."""
    [found] = below(ROOM_MODELS, DRIP, USUAL, [50.0])
    assert found.models_span is not None
    after = [found.models_span.earliest_min - DRIP_MIN, found.models_span.latest_min - DRIP_MIN]
    assert 3.5 < after[1] / after[0] < 4.0
    assert "almost fourfold" in PAGE.read_text()


def level_ng_per_ml(name: str, body: Body, t_min: float = 40) -> float:
    """Plasma of one model in 0.5 mg/kg over 40 min."""
    assert body.weight_kg is not None
    [line] = course([name], [(0, 40, 0.5 * body.weight_kg / 40)], body, t_min).lines
    return float(line.plasma_ng_per_ml[0])


def half_after_stop_min(name: str) -> float:
    """Minutes from the end of the drip to half the level there."""
    after_min = np.arange(0, 60, 0.01)
    [line] = course([name], [(0, 40, 0.875)], USUAL, 40 + after_min).lines
    return float(after_min[np.argmax(line.plasma_ng_per_ml < line.plasma_ng_per_ml[0] / 2)])


def clearance_l_per_h(age_y: float) -> float:
    modes = modes_of(compartments_of(MODELS["perezruixo2021"], Body(age_y=age_y)))
    return 60 / float(np.sum(modes.share_per_l[0] / modes.decay_per_min))


def test_the_page_says_what_the_forecast_is_not() -> None:
    page = re.sub(r"\s+", " ", PAGE.read_text())
    for said in (
        "estimated, not measured",
        "does not say whether",
        "opens no door",
        "not a share of people",
        "a threshold of anything",
    ):
        assert said in page


def test_the_growth_of_cost_is_drawn_with_its_axes_units_date_and_machine() -> None:
    assert f"]({COST.name})" in PAGE.read_text()
    words = " ".join(re.findall(r">([^<]+)<", COST.read_text()))
    for said in (
        "Milliseconds",
        "patients (120 times",
        "times (5 changes",
        "changes of rate (120",
        "Measured ",
        "cores",
    ):
        assert said in words, said
