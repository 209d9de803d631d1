"""The shape of the land, for a map that is drawn here and asks nobody for tiles."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path

LAND = Path(__file__).parent / "data" / "land.json.gz"

Line = list[tuple[int, int]]  # hundredths of a degree: east, north
Box = tuple[int, int, int, int]  # west, south, east, north, in the same


@cache
def world() -> dict[str, list[tuple[Box, Line]]]:
    """`land`: rings around land. `borders`: lines between two countries. Each with the box it lies in."""
    shapes: dict[str, list[Line]] = json.loads(gzip.decompress(LAND.read_bytes()))
    return {name: [(_box(line), line) for line in lines] for name, lines in shapes.items()}


def _box(line: Line) -> Box:
    easts, norths = [east for east, _ in line], [north for _, north in line]
    return min(easts), min(norths), max(easts), max(norths)
