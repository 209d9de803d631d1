"""The fan names every line, says that its spread is assumed, and tells the way down as ranges."""

from __future__ import annotations

import re

import pytest

from stillroom.core.pharmacology import ROOM_MODELS, Body, course
from stillroom.core.pharmacology.below import below
from stillroom.web.charts import Course, FanDrawing, ModelLine, draw_course, draw_fan
from tests.web.drawing import draw
from tests.web.invented import BEGAN, a_fan
from tests.web.test_charts import points

TITLES = ["Kamp 2020", "Domino 1984", "Clements 1981"]


def page(fan: FanDrawing) -> str:
    return draw("web/charts/fan.html", fan=fan, name="course", size="tall", began_at=BEGAN, is_open=True)


def said(fan: FanDrawing) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page(fan)))


def test_every_model_has_its_line_and_its_name_in_both_places() -> None:
    fan = a_fan()
    for drawing in (fan.plasma, fan.effect_site):
        assert [line.name for line in drawing.lines] == TITLES
        assert len({line.letter for line in drawing.lines}) == 3
    html = page(fan)
    for title in TITLES:
        assert len(re.findall(rf"<text [^>]*>{title}</text>", html)) == 2


def test_the_assumed_spread_is_said_and_no_share_of_people() -> None:
    words = said(a_fan())
    assert "with an assumed spread of 30 %" in words
    assert "real people can fall outside" in words
    assert "Estimated, not measured" in words


def test_the_effect_site_lags_and_is_lower() -> None:
    fan = a_fan()
    plasma, site = points(fan.plasma.lines[0].path), points(fan.effect_site.lines[0].path)
    assert fan.effect_site.peak_to_ng_per_ml < fan.plasma.peak_to_ng_per_ml
    assert len(plasma) == len(site)


def test_the_way_down_is_a_range_of_whole_minutes_after_the_drip() -> None:
    """By an independent solver: 29 (Domino) to 110 (Clements) minutes to 50 ng/mL; see tests of core's `below`."""
    way_down = {each.level_ng_per_ml: each for each in a_fan().way_down}
    models_min, spread_min = way_down[50].models_min, way_down[50].spread_min
    assert models_min is not None
    assert spread_min is not None
    assert models_min == pytest.approx((29, 110), abs=1)
    assert spread_min[0] < models_min[0] < models_min[1] < spread_min[1]
    words = said(a_fan())
    assert f"{models_min[0]} to {models_min[1]}" in words
    assert "None of them says how somebody is" in words


def test_a_level_that_not_every_model_reaches_has_no_range() -> None:
    body, segments = Body(age_y=41, weight_kg=70), [(0.0, 40.0, 0.875)]
    seen = course(ROOM_MODELS, segments, body, [0.0, 40.0, 80.0])
    fan = draw_fan(seen, drips=((0, 40),), stops_min=40, below=below(ROOM_MODELS, segments, body, [200.0]))
    assert [each.models_min for each in fan.way_down] == [None]
    assert "not reached by all" in said(fan)


def test_of_a_patient_beyond_the_models_people_it_is_said_once_with_all_their_names() -> None:
    words = said(a_fan(age_y=72))
    assert "Kamp 2020, Domino 1984 and Clements 1981: for 18 to 60 years (assumed). This patient: 72 years." in words
    assert words.count("This patient:") == 1
    assert "This patient: 130 kg" in said(a_fan(weight_kg=130))
    assert "This patient" not in said(a_fan())


def test_the_words_for_a_reader_who_sees_no_picture_name_every_model() -> None:
    titles = re.findall(r"<title[^>]*>(.*?)</title>", page(a_fan()), re.S)
    assert len(titles) == 2
    for title in titles:
        assert all(name in title for name in TITLES)
        assert "not measured" in title
        assert "assumed" in title


def test_a_course_beside_another_is_drawn_pale_behind_it_on_the_same_scale() -> None:
    body, t_min = Body(age_y=41, weight_kg=70), [float(t) for t in range(121)]
    slower, usual = (course(ROOM_MODELS, [(0.0, over, 35 / over)], body, t_min) for over in (60.0, 40.0))
    fan = draw_fan(slower, drips=((0, 60),), beside=usual)
    alone = draw_fan(usual, drips=((0, 40),))
    assert fan.plasma.beside_line == alone.plasma.lines[0].path
    assert fan.plasma.beside_band == alone.plasma.band
    assert fan.plasma.band != fan.plasma.beside_band
    html = page(fan)
    assert html.index('class="band"') < html.index('class="band-edge"') < html.index("line-b")
    assert 'class="band-edge"' not in page(alone)


def test_lines_that_cannot_be_told_apart_are_not_left_out_in_silence() -> None:
    line = ModelLine("A", [0.0, 1.0])
    with pytest.raises(ValueError, match="told apart"):
        draw_course(Course(t_min=[0, 1], lines=(line,) * 5, low_ng_per_ml=[0, 0], high_ng_per_ml=[1, 1], drips=()))
