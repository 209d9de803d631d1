"""A map of where clinics are, drawn here as SVG: land, borders, the larger towns, one mark for each clinic.

No tiles, no service. Every degree is as long up as across at the middle of the map (equirectangular), which is true
enough to see who is near.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from stillroom.directory.searching import Found
from stillroom.directory.towns import Place, Town, all_towns
from stillroom.directory.world import Box, Line, world

WIDTH, HEIGHT = 680, 400
LEAST_SPAN_DEG = 3.0
MARGIN = 0.16
APART = (1.5, 2.5, 4.0, 6.0)  # points nearer than this to the last one are left out: the first that is short enough
MOST_SIGNS = 18_000
MARKS_APART = 36  # a mark on a phone is drawn larger, to be hit by a finger
MOST_LABELS = 9
LABEL_APART = (150, 30)
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the world that is drawn, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def point(self, east: float, north: float) -> Point:
        """Where it is in the picture; y grows downwards."""
        return (
            (east - self.west) / (self.east - self.west) * WIDTH,
            (self.north - north) / (self.north - self.south) * HEIGHT,
        )

    def shows(self, place: Place) -> bool:
        return self.west <= place.east <= self.east and self.south <= place.north <= self.north


@dataclass(frozen=True, slots=True)
class Mark:
    """One clinic, or several too near each other to be told apart."""

    x: float
    y: float
    found: tuple[Found, ...]

    @property
    def words(self) -> str:
        return str(self.found[0].number) if len(self.found) == 1 else f"{self.found[0].number}+"


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Map:
    land: str
    borders: str
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    centre: Label | None


def map_of(found: Sequence[Found], town: Town | None = None) -> Map | None:
    """A map that shows all that was found, and the town that was asked for; none where nothing was found."""
    if not found:
        return None
    places = [each.clinic.place for each in found] + ([town.place] if town else [])
    frame = frame_of(places)
    land, borders = drawn(frame)
    centre = Label(*_rounded(frame.point(town.place.east, town.place.north)), town.name) if town else None
    return Map(land, borders, tuple(_marks(found, frame)), tuple(_labels(frame, places)), centre)


def frame_of(places: Iterable[Place]) -> Frame:
    """All of the places with room around them, of the picture's shape, rounded so that a picture is drawn once."""
    easts, norths = zip(*((place.east, place.north) for place in places), strict=True)
    middle_north, middle_east = (max(norths) + min(norths)) / 2, (max(easts) + min(easts)) / 2
    shrunk = max(0.2, math.cos(math.radians(middle_north)))
    across = max((max(easts) - min(easts)) * shrunk, LEAST_SPAN_DEG) * (1 + 2 * MARGIN)
    up = max(max(norths) - min(norths), LEAST_SPAN_DEG) * (1 + 2 * MARGIN)
    half_up = max(up, across * HEIGHT / WIDTH) / 2
    half_across = half_up * WIDTH / HEIGHT / shrunk
    edges = (middle_east - half_across, middle_north - half_up, middle_east + half_across, middle_north + half_up)
    return Frame(*(round(edge, 1) for edge in edges))


@lru_cache(maxsize=64)
def drawn(frame: Frame) -> tuple[str, str]:
    """The paths of land and borders within the frame, as fine as a small page allows."""
    shapes = world()
    rings = [ring for box, line in shapes["land"] if _touches(box, frame) for ring in [_clipped(_seen(line, frame))]]
    pieces = [piece for box, line in shapes["borders"] if _touches(box, frame) for piece in _pieces(_seen(line, frame))]
    for apart in APART:
        land = "".join(_path(ring, apart) + "z" for ring in rings if _is_larger(ring, apart))
        borders = "".join(_path(piece, apart) for piece in pieces)
        if len(land) + len(borders) <= MOST_SIGNS:
            break
    return land, borders


def _seen(line: Line, frame: Frame) -> list[Point]:
    return [frame.point(east / 100, north / 100) for east, north in line]


def _pieces(points: Sequence[Point]) -> Iterator[list[Point]]:
    """The parts of a line within the picture, each with the point before and after."""
    piece: list[Point] = []
    for before, point in zip([points[0], *points], points, strict=False):
        if _is_inside(point) or (piece and _is_inside(before)):
            piece.extend([point] if piece else [before, point])
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _touches(box: Box, frame: Frame) -> bool:
    west, south, east, north = box
    is_beside = east < frame.west * 100 or west > frame.east * 100
    return not (is_beside or north < frame.south * 100 or south > frame.north * 100)


def _is_larger(ring: Sequence[Point], apart: float) -> bool:
    if len(ring) < 3:
        return False
    across, up = [x for x, _ in ring], [y for _, y in ring]
    return max(max(across) - min(across), max(up) - min(up)) > 2 * apart


def _is_inside(point: Point) -> bool:
    return 0 <= point[0] <= WIDTH and 0 <= point[1] <= HEIGHT


def _clipped(ring: list[Point]) -> list[Point]:
    """The ring within the picture: cut at one edge after another (Sutherland and Hodgman, CACM 1974;17:32)."""
    for axis, edge, sign in ((0, -2.0, 1), (0, WIDTH + 2.0, -1), (1, -2.0, 1), (1, HEIGHT + 2.0, -1)):
        kept: list[Point] = []
        for before, point in zip([ring[-1], *ring], ring, strict=False):
            was_in, is_in = (before[axis] - edge) * sign >= 0, (point[axis] - edge) * sign >= 0
            if was_in != is_in:
                share = (edge - before[axis]) / (point[axis] - before[axis])
                kept.append(tuple(b + share * (p - b) for b, p in zip(before, point, strict=True)))  # type: ignore[arg-type]
            if is_in:
                kept.append(point)
        if not kept:
            return []
        ring = kept
    return ring


def _path(points: Sequence[Point], apart: float) -> str:
    """Whole units, from point to point, without those too near to be seen."""
    at = _whole(points[0])
    words = [f"M{at[0]} {at[1]}"]
    for point in points[1:]:
        if math.dist(point, at) >= apart:
            to = _whole(point)
            words.append(f"l{to[0] - at[0]} {to[1] - at[1]}")
            at = to
    return "".join(words)


def _whole(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)


def _marks(found: Sequence[Found], frame: Frame) -> Iterator[Mark]:
    groups: list[tuple[Point, list[Found]]] = []
    for each in found:
        point = _rounded(frame.point(each.clinic.place.east, each.clinic.place.north))
        near = next((group for at, group in groups if math.dist(at, point) < MARKS_APART), None)
        if near is None:
            groups.append((point, [each]))
        else:
            near.append(each)
    return (Mark(*point, tuple(group)) for point, group in groups)


def _labels(frame: Frame, places: Sequence[Place]) -> Iterator[Label]:
    """The largest towns of the frame, where their names run into nothing."""
    taken = [frame.point(place.east, place.north) for place in places]
    labels = 0
    for town in _large_towns():
        point = frame.point(town.place.east, town.place.north)
        is_clear = all(abs(x - point[0]) > LABEL_APART[0] or abs(y - point[1]) > LABEL_APART[1] for x, y in taken)
        if frame.shows(town.place) and is_clear and 20 < point[0] < WIDTH - 130 and 14 < point[1] < HEIGHT - 14:
            taken.append(point)
            labels += 1
            yield Label(*_rounded(point), town.name)
            if labels == MOST_LABELS:
                return


@lru_cache(maxsize=1)
def _large_towns() -> tuple[Town, ...]:
    return tuple(town for town in all_towns() if town.people >= 100_000)
