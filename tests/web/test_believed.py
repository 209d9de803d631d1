"""Prior and posterior are both drawn; what moved is said; series stand apart; a band of perception has no line."""

from __future__ import annotations

import re

import numpy as np
import pytest

from stillroom.core.pharmacology import Body
from stillroom.core.pharmacology.effects import perception
from stillroom.core.pharmacology.learned import Learned
from stillroom.core.pharmacology.learning import foresee, learn
from stillroom.core.pharmacology.prior import Trait
from stillroom.core.pharmacology.watched import Score, Watched
from stillroom.web.charts import FeltDrawing, draw_beliefs, draw_felt, draw_perceived, draw_rises
from tests.web.drawing import draw
from tests.web.test_charts import points

BODY = Body(age_y=41, weight_kg=70)
SEGMENTS = ((0.0, 40.0, 0.875),)
T_MIN = np.arange(0.0, 121.0, 2.0)
SCORES = (Score(10, 1), Score(20, 3), Score(38, 6), Score(60, 2), Score(90, 0))


def learned(*scores: Score) -> Learned:
    return learn("kamp2020", [Watched(body=BODY, segments=SEGMENTS, scores=scores)] if scores else [])


def felt(*scores: Score) -> FeltDrawing:
    return draw_felt(foresee(learned(*scores), SEGMENTS, BODY, T_MIN), scores, drip=(0, 40))


def said(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_both_beliefs_are_drawn_and_are_one_before_anybody_was_asked() -> None:
    nothing, some = felt(), felt(*SCORES)
    assert (nothing.prior_line, nothing.prior_band) == (nothing.posterior_line, nothing.posterior_band)
    assert some.prior_line == nothing.prior_line
    assert some.posterior_line != some.prior_line
    html = draw("web/charts/felt.html", drawing=some, name="a", title="Detachment", size="tall", has_prior=True)
    assert some.prior_band in html
    assert some.posterior_band in html
    assert html.count('class="said"') == len(SCORES)


def test_a_score_stands_where_it_was_said() -> None:
    [dot] = felt(Score(60, 5)).dots
    assert (dot.x, dot.y, dot.value) == ("50.00%", "50.00%", 5)


def test_scores_narrow_the_shade() -> None:
    """The area of the band, in square units of the plot."""

    def height(band: str) -> float:
        edge = points(band)
        half = len(edge) // 2
        return sum(low - high for (_, high), (_, low) in zip(edge[:half], reversed(edge[half:]), strict=True))

    some = felt(*SCORES, *SCORES)
    assert height(some.posterior_band) < 0.8 * height(some.prior_band)


def test_what_moved_is_said_of_each_trait_and_in_plain_words() -> None:
    strong = (Score(20, 8), Score(38, 10), Score(60, 9), Score(90, 7))
    drawn = {each.trait: each for each in draw_beliefs(learned(*strong).traits)}
    assert set(drawn) == set(Trait)
    assert drawn["half_felt"].moved == "down"  # felt at lower levels than assumed
    words = said(draw("web/charts/beliefs.html", beliefs=tuple(drawn.values())))
    assert "The level at which half is felt" in words
    assert "The scores moved it down" in words
    assert "nobody gave" not in words
    before = draw_beliefs(learned().traits)
    assert [(each.moved, each.is_surer) for each in before] == [("", False)] * 4
    assert all((each.prior.x, each.prior.width) == (each.posterior.x, each.posterior.width) for each in before)


def test_each_series_stands_on_a_line_of_its_own_with_what_it_measured() -> None:
    rises = draw_rises([{"sbp_mmhg": 14, "pulse_per_min": 9}, {"sbp_mmhg": -3}])
    words = said(draw("web/charts/rises.html", rises=rises))
    for told in ("mean of all at 30 min", "mean of everyone’s peaks", "44.3 % of people came to 165/100", "1.5 h"):
        assert told in words
    assert "not averaged" in words
    assert "predicts this patient" in words
    by_sign = {sign.sign: sign for sign in rises.signs}
    assert [line.series.name for line in by_sign["sbp_mmhg"].lines] == ["riva_posse2018", "vankawala2021"]
    assert [each.word for each in by_sign["sbp_mmhg"].own] == ["+14", "-3"]
    assert by_sign["dbp_mmhg"].own == ()


def test_peaks_that_were_not_read_are_named_and_have_no_number() -> None:
    words = said(draw("web/charts/rises.html", rises=draw_rises()))
    assert re.search(r"Wan 2015 : peaks were published; we have not read them, so none is shown", words)
    assert "19.6" not in words


def test_perception_is_a_band_without_a_line_and_says_what_is_in_it() -> None:
    drawing = draw_perceived(perception(SEGMENTS, BODY, T_MIN), drip=(0, 40))
    html = draw("web/charts/perceived.html", drawing=drawing, name="felt")
    assert html.count("<path") == 1
    words = said(html)
    for told in (
        "steepness of 1 to 3",
        "0.51 nmol/mL",
        "0.38 to 0.66",
        "17 healthy men",
        "Perez-Ruixo 2021",
        "no score of anybody",
    ):
        assert told in words


@pytest.mark.parametrize("scores", [(Score(38, 0),), (Score(38, 10),)])
def test_high_or_low_the_same_is_said_beside_it(scores: tuple[Score, ...]) -> None:
    """Nothing that is said depends on how low a score was, but where the curve lies and which way it moved."""
    assert [each.code for each in learned(*scores).findings] == [each.code for each in learned(Score(38, 5)).findings]
