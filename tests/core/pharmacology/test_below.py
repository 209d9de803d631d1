"""The time to a level is a range of the models, exact for each of them, and nothing that a door could be hung on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillroom.core.pharmacology import ROOM_MODELS, Body, course
from stillroom.core.pharmacology.below import Below, below

USUAL = Body(age_y=40, weight_kg=70)
END_MIN = 40.0
SEGMENTS = ((0.0, END_MIN, 0.875),)

# 0.5 mg/kg over 40 min at 70 kg: minutes after the stop to fall below 50 ng/mL, by an independent numerical solution
# of the parameters in the peers' repositories (facts: what users ask, section C). Printed in whole minutes.
MINUTES_TO_50 = {"domino1984": 29, "kamp2020": 80, "clements1981": 110}
# Minutes after the stop to half the level at the end (facts: pharmacology, section 4). Printed to a whole minute.
MINUTES_TO_HALF = {"domino1984": 2.0, "kamp2020": 9.0, "hijazi2003": 17.0, "clements1981": 37.0}


def one(level_ng_per_ml: float, **how: bool) -> Below:
    [found] = below(ROOM_MODELS, SEGMENTS, USUAL, [level_ng_per_ml], **how)
    return found


def test_each_model_falls_below_50_when_an_independent_solver_says_so() -> None:
    found = {each.model: each.from_min for each in one(50).models}
    for model, minutes in MINUTES_TO_50.items():
        from_min = found[model]
        assert from_min is not None
        assert from_min - END_MIN == pytest.approx(minutes, abs=1.0)


@pytest.mark.parametrize("model", MINUTES_TO_HALF)
def test_each_model_halves_when_an_independent_solver_says_so(model: str) -> None:
    [line] = course([model], SEGMENTS, USUAL, END_MIN).lines
    [found] = below([model], SEGMENTS, USUAL, [float(line.plasma_ng_per_ml[0]) / 2])
    from_min = found.models[0].from_min
    assert from_min is not None
    assert from_min - END_MIN == pytest.approx(MINUTES_TO_HALF[model], abs=0.55)


def test_the_answer_is_a_range_from_the_first_model_to_the_last() -> None:
    found = one(50)
    times = [each.from_min for each in found.models if each.from_min is not None]
    assert found.models_span is not None
    assert (found.models_span.earliest_min, found.models_span.latest_min) == (min(times), max(times))
    assert found.models_span.latest_min - END_MIN > 3 * (found.models_span.earliest_min - END_MIN)


def test_with_the_assumed_spread_the_range_is_wider_and_is_that_of_the_band() -> None:
    found = one(50)
    assert found.models_span is not None
    assert found.spread_span is not None
    assert found.spread_span.earliest_min < found.models_span.earliest_min
    assert found.spread_span.latest_min > found.models_span.latest_min
    band = course(ROOM_MODELS, SEGMENTS, USUAL, [found.spread_span.latest_min]).plasma_band
    assert band is not None
    assert band.upper_ng_per_ml[0] == pytest.approx(50, rel=1e-6)


def test_a_level_that_is_never_reached_has_no_time_and_no_range() -> None:
    found = one(2000)
    assert [each.from_min for each in found.models] == [None, None, None]
    assert (found.models_span, found.spread_span) == (None, None)


def test_a_level_that_only_some_models_reach_has_no_range_of_all() -> None:
    found = one(200)  # Clements ends at 177
    assert [each.model for each in found.models if each.from_min is None] == ["clements1981"]
    assert found.models_span is None


def test_at_the_effect_site_it_falls_later() -> None:
    for plasma, site in zip(one(50).models, one(50, at_effect_site=True).models, strict=True):
        assert plasma.from_min is not None
        assert site.from_min is not None
        assert site.from_min > plasma.from_min


def test_a_model_of_one_form_is_not_compared_with_models_of_the_racemate() -> None:
    [found] = below([*ROOM_MODELS, "perezruixo2021"], SEGMENTS, USUAL, [50.0])
    assert [each.model for each in found.models] == [*ROOM_MODELS]


@settings(max_examples=25, deadline=None)
@given(level=st.floats(5, 240), pause=st.floats(0, 60), share=st.floats(0.05, 1))
def test_it_stays_below_from_there_on_and_was_not_before(level: float, pause: float, share: float) -> None:
    again = 20.0 + pause
    segments = [(0.0, 20.0, 0.875), (again, again + 15.0, 0.875 * share)]
    [found] = below(ROOM_MODELS, segments, USUAL, [level])
    for each in found.models:
        later = np.linspace(0, 900, 1801) if each.from_min is None else each.from_min + np.linspace(0.02, 900, 1801)
        [line] = course([each.model], segments, USUAL, later).lines
        assert np.all(line.plasma_ng_per_ml < level)
        if each.from_min is not None:
            [before] = course([each.model], segments, USUAL, each.from_min - 0.02).lines
            assert before.plasma_ng_per_ml[0] > level * 0.999
