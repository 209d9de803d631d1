"""What is said beside the curve, what is refused, and what the band is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from stillroom.core.errors import Refused, Severity
from stillroom.core.pharmacology import MODELS, ROOM_MODELS, Body, Course, RateSegment, course

USUAL = Body(age_y=40, weight_kg=70)
SEGMENTS = (RateSegment(0, 40, 0.875),)
T_MIN = np.linspace(0, 120, 25)


def room(patient: Body = USUAL) -> Course:
    return course(ROOM_MODELS, SEGMENTS, patient, T_MIN)


def codes(found: Course) -> list[str]:
    return [finding.code for finding in found.findings]


def test_the_band_reaches_30_percent_beyond_the_lowest_and_the_highest_model() -> None:
    found = room()
    assert found.plasma_band is not None
    assert found.effect_site_band is not None
    plasma = [line.plasma_ng_per_ml for line in found.lines]
    site = [line.effect_site_ng_per_ml for line in found.lines]
    np.testing.assert_allclose(found.plasma_band.lower_ng_per_ml, 0.7 * np.min(plasma, axis=0))
    np.testing.assert_allclose(found.plasma_band.upper_ng_per_ml, 1.3 * np.max(plasma, axis=0))
    np.testing.assert_allclose(found.effect_site_band.lower_ng_per_ml, 0.7 * np.min(site, axis=0))
    np.testing.assert_allclose(found.effect_site_band.upper_ng_per_ml, 1.3 * np.max(site, axis=0))


def test_the_band_is_said_to_be_an_assumption() -> None:
    [assumed] = [finding for finding in room().findings if finding.code == "spread_assumed"]
    assert assumed.facts["percent"] == "30"
    assert assumed.severity is Severity.NOTE


def test_a_model_of_one_enantiomer_has_a_line_and_is_not_in_the_band() -> None:
    with_it = course([*ROOM_MODELS, "perezruixo2021"], SEGMENTS, USUAL, T_MIN)
    without = room()
    assert with_it.plasma_band is not None
    assert without.plasma_band is not None
    np.testing.assert_array_equal(with_it.plasma_band.lower_ng_per_ml, without.plasma_band.lower_ng_per_ml)
    assert "model_of_s_ketamine_only" in codes(with_it)
    alone = course(["perezruixo2021"], SEGMENTS, USUAL, T_MIN)
    assert (alone.plasma_band, alone.effect_site_band) == (None, None)
    assert "spread_assumed" not in codes(alone)


def test_an_ordinary_adult_needs_no_note_but_the_assumption() -> None:
    assert codes(room()) == ["spread_assumed"]


@pytest.mark.parametrize(
    ("patient", "field", "standing_of_perez"),
    [
        (Body(age_y=61, weight_kg=70), "age_y", None),
        (Body(age_y=87, weight_kg=70), "age_y", "stated"),
        (Body(age_y=40, weight_kg=49), "weight_kg", None),
        (Body(age_y=40, weight_kg=171), "weight_kg", "stated"),
    ],
)
def test_a_patient_beyond_a_models_range_is_said_beside_its_line(
    patient: Body, field: str, standing_of_perez: str | None
) -> None:
    for line in course(MODELS, SEGMENTS, patient, T_MIN).lines:
        standings = [found.facts["standing"] for found in line.findings if found.code == "model_out_of_range"]
        fields = {found.facts["field"] for found in line.findings if found.code == "model_out_of_range"}
        if line.model == "perezruixo2021":
            assert standings == ([standing_of_perez] if standing_of_perez else [])
        else:
            assert (standings, fields) == (["assumed"], {field})


def test_the_intensive_care_model_says_in_whom_it_was_made() -> None:
    [finding] = course(["hijazi2003"], SEGMENTS, USUAL, T_MIN).lines[0].findings
    assert finding.code == "model_not_of_outpatients"
    assert "intensive care" in finding.facts["population"]


@pytest.mark.parametrize("age_y", [0, 5, 17.9])
def test_children_are_refused(age_y: float) -> None:
    _is_refused("patient_is_a_child", lambda: room(Body(age_y=age_y, weight_kg=30)))


def test_from_the_day_of_turning_18_nobody_is_refused_for_age() -> None:
    assert room(Body(age_y=18, weight_kg=70)).lines


@pytest.mark.parametrize(
    "patient",
    [
        Body(age_y=-1, weight_kg=70),
        Body(age_y=121, weight_kg=70),
        Body(age_y=float("nan"), weight_kg=70),
        Body(age_y=40, weight_kg=-70),
        Body(age_y=40, weight_kg=0),
        Body(age_y=40, weight_kg=19.9),
        Body(age_y=40, weight_kg=7000),
        Body(age_y=40, weight_kg=float("inf")),
    ],
)
def test_what_cannot_be_true_of_an_adult_is_refused(patient: Body) -> None:
    _is_refused("cannot_be_true", lambda: room(patient))


def test_a_missing_weight_is_refused_only_where_a_model_uses_it() -> None:
    unknown = Body(age_y=40)
    _is_refused("weight_missing", lambda: room(unknown))
    assert course(["perezruixo2021"], SEGMENTS, unknown, T_MIN).lines[0].plasma_ng_per_ml.max() > 0


def test_an_unknown_model_and_no_model_are_refused() -> None:
    _is_refused("model_unknown", lambda: course(["kamp2020", "kemp"], SEGMENTS, USUAL, T_MIN))
    _is_refused("no_model_chosen", lambda: course([], SEGMENTS, USUAL, T_MIN))


def test_a_time_that_is_not_a_number_is_refused() -> None:
    _is_refused("time_not_a_number", lambda: course(ROOM_MODELS, SEGMENTS, USUAL, [1.0, float("nan")]))


def test_one_time_or_many_in_any_order_give_the_same() -> None:
    shuffled = np.random.default_rng(0).permutation(T_MIN)
    for line, again in zip(room().lines, course(ROOM_MODELS, SEGMENTS, USUAL, shuffled).lines, strict=True):
        np.testing.assert_allclose(np.sort(line.plasma_ng_per_ml), np.sort(again.plasma_ng_per_ml), rtol=1e-14)
        [alone] = course([line.model], SEGMENTS, USUAL, 60.0).lines
        assert alone.plasma_ng_per_ml[0] == pytest.approx(line.plasma_ng_per_ml[12], rel=1e-14)


def test_a_model_named_twice_has_one_line() -> None:
    assert [line.model for line in course(["kamp2020", "kamp2020"], SEGMENTS, USUAL, T_MIN).lines] == ["kamp2020"]


def _is_refused(code: str, ask: Callable[[], object]) -> None:
    with pytest.raises(Refused) as refused:
        ask()
    [finding] = refused.value.findings
    assert (finding.code, finding.severity) == (code, Severity.HARD)
