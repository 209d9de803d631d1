"""One value, one text: canonical JSON of dataclasses is exact, strict, and comes back as the value it was."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stillroom.core import canonical
from stillroom.core.infusion.entries import KINDS


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True, slots=True)
class Inner:
    count: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Outer:
    volume_ml: Decimal
    at: datetime
    day: date
    id: UUID
    colour: Colour
    is_done: bool
    inner: Inner
    inners: tuple[Inner, ...] = ()
    names: tuple[str, ...] = ()


VALUE = Outer(
    volume_ml=Decimal("1.50"),
    at=datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    day=date(2026, 3, 29),
    id=UUID("5d1f7a52-3a5e-4a53-9f0c-3d3a4f7a0001"),
    colour=Colour.BLUE,
    is_done=False,
    inner=Inner(3, "Łódź “ok”\n"),
    inners=(Inner(0),),
)
TEXT = (
    '{"at":"2026-03-29T01:30:00.000000Z","colour":"blue","day":"2026-03-29",'
    '"id":"5d1f7a52-3a5e-4a53-9f0c-3d3a4f7a0001","inner":{"count":3,"note":"Łódź “ok”\\n"},'
    '"inners":[{"count":0,"note":null}],"is_done":false,"names":[],"volume_ml":"1.50"}'
)

inners = st.builds(Inner, st.integers(), st.none() | st.text(st.characters(exclude_categories=["Cs"])))
values = st.builds(
    Outer,
    volume_ml=st.decimals(allow_nan=False, allow_infinity=False),
    at=st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=st.timezones()),  # noqa: DTZ001
    day=st.dates(),
    id=st.uuids(),
    colour=st.sampled_from(Colour),
    is_done=st.booleans(),
    inner=inners,
    inners=st.lists(inners, max_size=3).map(tuple),
    names=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3).map(tuple),
)


def test_a_value_has_exactly_this_text() -> None:
    assert canonical.written(VALUE) == TEXT


SKIPPED_BY_CLOCKS = datetime(1942, 2, 9, 2, 0, tzinfo=ZoneInfo("America/Regina"))
TOLD_TWICE_BY_CLOCKS = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)


@given(values)
@example(replace(VALUE, at=SKIPPED_BY_CLOCKS))
@example(replace(VALUE, at=TOLD_TWICE_BY_CLOCKS))
def test_a_value_comes_back_as_it_was_and_has_one_text(value: Outer) -> None:
    text = canonical.written(value)
    back = canonical.read(Outer, text)
    # Python calls a time that clocks skip or tell twice equal to none of another zone, so instants are compared in UTC.
    assert back == replace(value, at=value.at.astimezone(UTC))
    assert str(back.volume_ml) == str(value.volume_ml)
    assert canonical.written(back) == text
    assert "\n" not in text


def test_a_moment_is_written_in_utc_whatever_zone_it_was_told_in() -> None:
    in_delhi = replace(VALUE, at=VALUE.at.astimezone(timezone(timedelta(hours=5, minutes=30))))
    assert canonical.written(in_delhi) == TEXT


@pytest.mark.parametrize(
    "wrong",
    [
        replace(VALUE, at=datetime(2026, 3, 29, 1, 30)),  # noqa: DTZ001
        replace(VALUE, at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5)))),
        replace(VALUE, at=datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5)))),
        replace(VALUE, volume_ml=Decimal("NaN")),
        replace(VALUE, volume_ml=Decimal("Infinity")),
        replace(VALUE, volume_ml=1.5),  # type: ignore[arg-type]
        replace(VALUE, names=["a list is not frozen"]),  # type: ignore[arg-type]
    ],
)
def test_what_is_not_plain_has_no_text(wrong: Outer) -> None:
    with pytest.raises(ValueError, match="is not"):
        canonical.written(wrong)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("volume_ml", "1,5"),
        ("volume_ml", "NaN"),
        ("volume_ml", " 1.5"),
        ("volume_ml", 1.5),
        ("at", "2026-03-29T01:30:00Z"),
        ("at", "2026-03-29T01:30:00.000000"),
        ("at", "2026-03-29T03:30:00.000000+02:00"),
        ("day", "29.3.2026"),
        ("day", "20260329"),
        ("id", "{5D1F7A52-3A5E-4A53-9F0C-3D3A4F7A0001}"),
        ("id", "not an id"),
        ("colour", "green"),
        ("is_done", 0),
        ("is_done", None),
        ("inner", {"count": True, "note": None}),
        ("inner", {"count": 1}),
        ("inner", {"count": 1, "note": None, "more": 1}),
        ("inners", {}),
        ("names", [1]),
    ],
)
def test_a_text_that_no_value_has_is_refused(name: str, wrong: object) -> None:
    with pytest.raises(ValueError, match=r"is not|Invalid|badly formed"):
        canonical.read_plain(Outer, json.loads(TEXT) | {name: wrong})


def test_a_type_whose_text_would_not_say_what_it_was_is_refused() -> None:
    @dataclass(frozen=True)
    class Unclear:
        either: Decimal | str

    with pytest.raises(ValueError, match="not plain"):
        canonical.read_plain(Unclear, {"either": "1"})


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_fact_of_the_log_can_be_read(kind: type) -> None:
    """Only then is the reader made: of every field and of every field within."""
    with pytest.raises(ValueError, match=f"is not a {kind.__name__}"):
        canonical.read_plain(kind, {"nothing": "like it"})
