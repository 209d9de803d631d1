"""What must hold for any published model, any adult and any history of rates."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stillroom.core.pharmacology import MODELS, Body, Line, RateSegment, course
from stillroom.core.pharmacology.compartments import modes_of
from stillroom.core.pharmacology.history import given_mg, staircase
from stillroom.core.pharmacology.models import KE0_PER_MIN, compartments_of
from stillroom.core.pharmacology.response import kinetics_of, respond

T_MIN = np.array([0.0, 0.5, 4.0, 10.0, 30.0, 41.0, 60.0, 90.0, 150.0, 240.0])
law = settings(max_examples=30)
EXACTLY = {"rtol": 1e-11, "atol": 1e-12}

adults = st.builds(Body, age_y=st.floats(18, 90, allow_nan=False), weight_kg=st.floats(40, 200, allow_nan=False))
models = st.sampled_from(sorted(MODELS))
rates_mg_per_min = st.one_of(st.just(0.0), st.floats(0.01, 10.0))


@st.composite
def histories(draw: st.DrawFn, most: int = 4) -> tuple[RateSegment, ...]:
    """One to `most` segments from minute 0 on, some with pauses before them."""
    lengths = draw(st.lists(st.floats(0.05, 50.0), min_size=2, max_size=2 * most))
    edges = [0.0, *np.cumsum(lengths).tolist()]
    wanted = draw(st.lists(st.booleans(), min_size=len(lengths), max_size=len(lengths)))
    chosen = [span for span, kept in zip(pairwise(edges), wanted, strict=True) if kept] or [(0.0, edges[1])]
    return tuple(RateSegment(start, end, draw(rates_mg_per_min)) for start, end in chosen[:most])


def curve(
    model: str, segments: tuple[RateSegment, ...], body: Body, t_min: NDArray[np.float64] = T_MIN
) -> NDArray[np.float64]:
    """Plasma and effect site of one model, (2, t)."""
    [line] = course([model], segments, body, t_min).lines
    return np.array([line.plasma_ng_per_ml, line.effect_site_ng_per_ml])


def scaled(segments: tuple[RateSegment, ...], factor: float) -> tuple[RateSegment, ...]:
    return tuple(each._replace(rate_mg_per_min=each.rate_mg_per_min * factor) for each in segments)


@law
@given(models, adults, histories())
def test_what_was_given_is_in_the_body_or_has_left_it(
    model: str, body: Body, segments: tuple[RateSegment, ...]
) -> None:
    """What has left is integrated from clearance times concentration, by quadrature: another way than the modes."""
    compartments = compartments_of(MODELS[model], body)
    modes = modes_of(compartments)
    history, until_min = staircase(segments), segments[-1].end_min + 30.0

    def conc_mg_per_l(compartment: int, t_min: NDArray[np.float64]) -> NDArray[np.float64]:
        kinetics = kinetics_of(modes, ke0_per_min=KE0_PER_MIN, compartment=compartment)
        return respond(kinetics, history, t_min)[0] / 1000.0

    held_mg = sum(
        float(volume_l * conc_mg_per_l(i, np.array([until_min]))[0])
        for i, volume_l in enumerate(compartments.volumes_l)
    )
    t_min, width_min = _quadrature(sorted({*np.arange(0.0, until_min), *history.starts_min.tolist(), until_min}))
    left_mg = sum(
        flow.clearance_l_per_min * float(width_min @ conc_mg_per_l(flow.source, t_min))
        for flow in compartments.flows
        if flow.to is None
    )
    np.testing.assert_allclose(held_mg + left_mg, given_mg(segments), rtol=1e-10, atol=1e-12)


def _quadrature(edges_min: list[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Twelve Gauss-Legendre points between every two edges: times and widths."""
    nodes, weights = np.polynomial.legendre.leggauss(12)
    start, half = np.array(edges_min[:-1])[:, None], np.diff(edges_min)[:, None] / 2
    return (start + half * (nodes + 1)).ravel(), (half * weights).ravel()


@law
@given(models, adults, histories(), st.floats(0.01, 100))
def test_twice_the_dose_is_twice_the_level(
    model: str, body: Body, segments: tuple[RateSegment, ...], factor: float
) -> None:
    np.testing.assert_allclose(
        curve(model, scaled(segments, factor), body), factor * curve(model, segments, body), **EXACTLY
    )


@law
@given(models, adults, histories(), st.data())
def test_two_histories_together_are_the_sum_of_each(
    model: str, body: Body, segments: tuple[RateSegment, ...], data: st.DataObject
) -> None:
    others = tuple(each._replace(rate_mg_per_min=data.draw(rates_mg_per_min)) for each in segments)
    both = tuple(
        one._replace(rate_mg_per_min=one.rate_mg_per_min + other.rate_mg_per_min)
        for one, other in zip(segments, others, strict=True)
    )
    together = curve(model, segments, body) + curve(model, others, body)
    np.testing.assert_allclose(curve(model, both, body), together, **EXACTLY)


@law
@given(models, adults, histories(), st.floats(0, 1e3))
def test_an_hour_later_it_runs_the_same_course(
    model: str, body: Body, segments: tuple[RateSegment, ...], later_min: float
) -> None:
    """Between changes of rate: at one, moving the clock moves the last binary digit of a time across it."""
    t_min = np.array([each for each in T_MIN if all(abs(each - edge) > 1e-6 for edge in _edges(segments))])
    moved = tuple(RateSegment(a + later_min, b + later_min, r) for a, b, r in segments)
    np.testing.assert_allclose(
        curve(model, moved, body, t_min + later_min), curve(model, segments, body, t_min), rtol=1e-9, atol=1e-8
    )


def _edges(segments: tuple[RateSegment, ...]) -> list[float]:
    return [edge for segment in segments for edge in segment[:2]]


@law
@given(models, adults, histories(), st.floats(0.05, 0.95))
def test_one_segment_written_as_two_changes_nothing(
    model: str, body: Body, segments: tuple[RateSegment, ...], where: float
) -> None:
    split = []
    for start_min, end_min, rate_mg_per_min in segments:
        middle_min = start_min + where * (end_min - start_min)
        split += [
            RateSegment(start_min, middle_min, rate_mg_per_min),
            RateSegment(middle_min, end_min, rate_mg_per_min),
        ]
    np.testing.assert_allclose(curve(model, tuple(split), body), curve(model, segments, body), **EXACTLY)


@law
@given(models, adults, histories())
def test_no_concentration_is_below_zero(model: str, body: Body, segments: tuple[RateSegment, ...]) -> None:
    assert np.all(curve(model, segments, body) >= 0)


@law
@given(models, adults, histories(), st.floats(0.0, 1.0))
def test_stopping_never_raises_a_concentration(
    model: str, body: Body, segments: tuple[RateSegment, ...], share: float
) -> None:
    stopped_min = share * segments[-1].end_min
    until_then = tuple(
        each._replace(end_min=min(each.end_min, stopped_min)) for each in segments if each.start_min < stopped_min
    )
    going_on = curve(model, segments, body)
    assert np.all(curve(model, until_then, body) <= going_on * (1 + 1e-12) + 1e-12)


@law
@given(models, adults, histories())
def test_after_the_last_drop_plasma_only_falls(model: str, body: Body, segments: tuple[RateSegment, ...]) -> None:
    after_min = segments[-1].end_min + np.array([0.0, 0.1, 1.0, 10.0, 100.0, 1000.0])
    plasma, _ = curve(model, segments, body, after_min)
    assert np.all(np.diff(plasma) <= 0)


@law
@given(models, adults, histories())
def test_the_effect_site_never_exceeds_the_highest_plasma(
    model: str, body: Body, segments: tuple[RateSegment, ...]
) -> None:
    """Plasma peaks at an end of a segment, so those times are looked at as well."""
    t_min = np.unique([*T_MIN, *(segment.end_min for segment in segments)])
    plasma, site = curve(model, segments, body, t_min)
    assert np.all(site <= np.maximum.accumulate(plasma) * (1 + 1e-12))


@law
@given(models, adults)
def test_a_drip_that_never_ends_settles_at_rate_over_clearance(model: str, body: Body) -> None:
    compartments = compartments_of(MODELS[model], body)
    modes = modes_of(compartments)
    clearance_l_per_min = 1.0 / float(np.sum(modes.share_per_l[0] / modes.decay_per_min))
    [line] = course([model], [(0, 1e5, 1.0)], body, [1e5]).lines
    settled = (0.5 if model == "perezruixo2021" else 1.0) / clearance_l_per_min * 1000.0
    np.testing.assert_allclose([_last(line)], [(settled, settled)], rtol=1e-11)


def _last(line: Line) -> tuple[float, float]:
    return line.plasma_ng_per_ml[-1], line.effect_site_ng_per_ml[-1]
