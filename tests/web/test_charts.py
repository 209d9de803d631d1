"""A drawing says what the series say: in place, in order, with a break where nothing was measured."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.web.charts import Cuff, Limits, Scale, Step, Trace, draw_spark, draw_steps, draw_vitals
from stillroom.web.charts.labels import HEIGHT, WIDTH, place_labels
from stillroom.web.charts.scale import time_ticks, value_ticks
from tests.web.invented import a_course

NO_TRACE = Trace([], break_min=1)


def points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", path)]


def test_the_firm_line_is_the_first_models_and_ends_nowhere_before_the_plot() -> None:
    drawing = a_course(now_min=23.2)
    drawn = points(drawing.lines[0].path)
    assert [x for x, _ in drawn] == sorted(x for x, _ in drawn)
    assert (drawn[0][0], drawn[-1][0]) == (0.0, 1000.0)
    assert drawn[0][1] == 1000.0  # no drug at the start: the foot of the plot


def test_now_stands_where_the_clock_is() -> None:
    drawing = a_course(now_min=30)
    assert drawing.now == "25.00%"
    assert drawing.now_units == "250.0"
    assert a_course(now_min=None).now is None


def test_every_curve_lies_inside_the_shade() -> None:
    drawing = a_course()
    edge = points(drawing.band)
    high, low = edge[: len(edge) // 2], list(reversed(edge[len(edge) // 2 :]))
    for line in drawing.lines:
        for (_, y), (_, top), (_, foot) in zip(points(line.path), high, low, strict=True):
            assert top - 0.1 <= y <= foot + 0.1


def test_names_of_curves_do_not_cover_each_other_or_the_line_of_now() -> None:
    curves = [lambda x: 0.2 + 0.1 * x, lambda x: 0.3 + 0.1 * x, lambda x: 0.6 - 0.2 * x]
    boxes = place_labels(curves, wall=0.5)
    assert all(box.foot >= 0 and box.foot + HEIGHT <= 1 for box in boxes)
    assert all(not box.left < 0.5 < box.left + WIDTH for box in boxes)
    for one, other in combinations(boxes, 2):
        assert abs(one.left - other.left) >= WIDTH or abs(one.middle - other.middle) >= HEIGHT


def test_a_trace_breaks_where_nothing_was_measured() -> None:
    drawing = draw_vitals(
        from_min=0,
        to_min=60,
        cuffs=[],
        pulse=Trace([(0, 70), (1, 71), (5, 72), (6, 73)], break_min=1),
        spo2=NO_TRACE,
    )
    assert drawing.pulse_path.count("M") == 2
    assert drawing.spo2_path == ""


def test_a_lane_opens_for_what_is_beyond_its_usual_range() -> None:
    frightening = Trace([(0, 97), (1, 40)], break_min=2)
    drawing = draw_vitals(from_min=0, to_min=10, cuffs=[Cuff(1, 240, 120)], pulse=NO_TRACE, spo2=frightening)
    assert all(0 <= y <= 1000 for _, y in points(drawing.spo2_path))
    assert float(drawing.cuffs[0].top.rstrip("%")) >= 0


def test_a_limit_is_drawn_where_it_is_and_only_if_there_is_one() -> None:
    drawing = draw_vitals(
        from_min=0, to_min=10, cuffs=[], pulse=NO_TRACE, spo2=NO_TRACE, limits=Limits(spo2_percent=92)
    )
    assert drawing.spo2_limit is not None
    assert drawing.spo2_limit.value == 92
    assert drawing.pressure_limit is None


def test_two_readings_make_a_spark_and_one_does_not() -> None:
    assert draw_spark([(0, 97)], least_span=8) == ""
    steady = points(draw_spark([(0, 97), (1, 97.5)], least_span=8))
    assert abs(steady[0][1] - steady[1][1]) < 100  # a steady sign looks steady


def test_a_scale_needs_a_length() -> None:
    with pytest.raises(ValueError, match="high over low"):
        Scale(3, 3)


@given(st.floats(1, 1e5))
def test_ticks_are_whole_few_and_inside(highest: float) -> None:
    ticks = value_ticks(highest)
    assert 1 <= len(ticks) <= 4
    assert all(0 < tick <= highest for tick in ticks)


@given(st.integers(-60, 0), st.integers(1, 600))
def test_the_start_of_the_drip_is_always_a_tick(from_min: int, to_min: int) -> None:
    ticks = time_ticks(Scale(from_min, to_min))
    assert 0 in [tick.value for tick in ticks]
    assert all(from_min <= tick.value <= to_min for tick in ticks)


def test_a_rate_stands_as_high_as_it_was_and_a_pause_is_a_gap() -> None:
    drawing = draw_steps([Step(0, 10, 0.6), Step(10, 20, 0), Step(20, 40, 0.3)])
    assert drawing is not None
    first, second = drawing.bars
    assert (first.x, first.width, second.x, second.width) == ("0.0", "250.0", "500.0", "500.0")
    assert float(first.height) == pytest.approx(2 * float(second.height), abs=0.2)


def test_nothing_that_ran_is_no_picture() -> None:
    assert draw_steps([]) is None
    assert draw_steps([Step(0, 10, 0)]) is None
