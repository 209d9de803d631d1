"""Where is a town? Answered from a table that comes with Stillroom: no service is asked, and nobody learns who looked.

A name may be that of several towns; the one with most people comes first. Distances are along the ground, as on a
sphere: within 0.6 % of the real ones, and never the way by road.
"""

from __future__ import annotations

import gzip
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path

TOWNS = Path(__file__).parent / "data" / "towns.txt.gz"
EARTH_RADIUS_KM = 6371.0088  # IUGG mean radius: Moritz H. J Geodesy 2000;74:128
MOST_TOWNS = 12
LONGEST_NAME = 80
SHORTEST_BEGINNING = 3
LETTERS_LEFT_BY_UNICODE = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth, in degrees: north and east are positive."""

    north: float
    east: float

    def __post_init__(self) -> None:
        if not (-90 <= self.north <= 90 and -180 <= self.east <= 180):
            raise ValueError(f"{self.north}, {self.east} is nowhere on earth")

    def km_to(self, other: Place) -> float:
        """The haversine formula."""
        north, other_north = math.radians(self.north), math.radians(other.north)
        half_north = math.sin((other_north - north) / 2) ** 2
        half_east = math.sin(math.radians(other.east - self.east) / 2) ** 2
        root = math.sqrt(half_north + math.cos(north) * math.cos(other_north) * half_east)
        return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, root))


@dataclass(frozen=True, slots=True)
class Town:
    name: str
    region: str
    country: str
    place: Place
    people: int

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.region, self.country) if part)


def towns_called(typed: str) -> Sequence[Town]:
    """The towns that what was typed may mean, the one with most people first: "Newport", or "Newport, United Kingdom".

    What follows a comma must be the beginning of a region's or country's name. With no town of exactly that name, those
    whose name begins so are given.
    """
    name, *around = (part.strip() for part in folded(typed[:LONGEST_NAME]).split(","))
    if not name:
        return ()
    exact = _some(f";{name};", around)
    return exact or (_some(f";{name}", around) if len(name) >= SHORTEST_BEGINNING else ())


def folded(name: str) -> str:
    """As somebody types it who has no accents to hand: lower case, plain letters, single spaces, commas kept."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(LETTERS_LEFT_BY_UNICODE))
    letters = "".join(
        sign if sign.isalnum() or sign == "," else " " for sign in plain if not unicodedata.combining(sign)
    )
    return " ".join(letters.split())


def all_towns() -> Iterator[Town]:
    """Every town with more than 15,000 people, most people first."""
    return (_town(line) for line in _table().split("\n"))


def _some(wanted: str, around: Sequence[str]) -> Sequence[Town]:
    return tuple(islice((town for town in _with(wanted) if _is_within(town, around)), MOST_TOWNS))


def _with(wanted: str) -> Iterator[Town]:
    """The towns whose line has this in its names, in the order of the table."""
    table = _table()
    at = table.find(wanted)
    while at >= 0:
        end = table.find("\n", at)
        line = table[table.rfind("\n", 0, at) + 1 : end if end >= 0 else None]
        yield _town(line)
        at = table.find(wanted, end) if end >= 0 else -1


@cache
def _table() -> str:
    """One line a town, searched as it is: nothing is built from it that a process would have to keep."""
    return gzip.decompress(TOWNS.read_bytes()).decode()


def _town(line: str) -> Town:
    _, name, region, country, north, east, people = line.split("|")
    return Town(name, region, country, Place(float(north), float(east)), int(people))


def _is_within(town: Town, around: Sequence[str]) -> bool:
    there = (folded(town.region), folded(town.country))
    return all(any(each.startswith(part) for each in there) for part in around if part)
