"""Before each start Stillroom looks at itself: each thing that is broken refuses by its own name (SR-19)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from stillroom.core.errors import Finding, Severity
from stillroom.infusions import self_test as of_itself
from stillroom.infusions.models import Infusion
from tests.cast import Cast
from tests.infusions.rooms import Room, ready

GIB = 1024**3


def found(room: Room, *, is_watched: bool | None = True, off_by_s: Decimal | None = None) -> list[str]:
    with room.scope():
        infusion = Infusion.objects.get(pk=room.infusion_id)
        return [
            finding.code for finding in of_itself.self_test(infusion, is_watched=is_watched, clock_off_by_s=off_by_s)
        ]


def test_with_everything_as_it_must_be_nothing_is_found(cast: Cast) -> None:
    room = ready(cast)
    assert found(room) == []


def _cut_out(room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(of_itself, "lines_of", _without_the_third(of_itself.lines_of))


def _without_the_third(lines_of: Callable[..., Any]) -> Callable[..., Any]:
    return lambda infusion_id: [line for place, line in enumerate(lines_of(infusion_id)) if place != 2]


def _clock(room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(of_itself, "clock_set_by", lambda: timedelta(hours=1))


def _full(room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(total=30 * GIB, free=2 * GIB))


def _library(room: Room, patch: pytest.MonkeyPatch) -> None:
    """Changed behind everybody's back: what it says is not what its approver saw."""
    approved = SimpleNamespace(digest="1" * 64)
    patch.setattr(of_itself.LibraryVersion.objects, "in_force", lambda at: approved)
    patch.setattr(of_itself, "digest", lambda version: "0" * 64)


def _no_reserve(room: Room, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(of_itself, "reserve", lambda: SimpleNamespace(is_whole=False))


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (_cut_out, "log_does_not_hold"),
        (_clock, "clock_was_set"),
        (_full, "disk_nearly_full"),
        (_library, "library_not_as_approved"),
        (_no_reserve, "disk_reserve_not_there"),
    ],
)
def test_each_thing_that_is_broken_is_named(
    cast: Cast, break_it: Callable[[Room, pytest.MonkeyPatch], None], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = ready(cast)
    break_it(room, monkeypatch)
    assert found(room) == [code]


@pytest.mark.parametrize("is_watched", [False, None], ids=["stopped", "never looked"])
def test_that_nobody_watches_is_named(cast: Cast, is_watched: bool | None) -> None:
    assert found(ready(cast), is_watched=is_watched) == ["nobody_watches"]


def test_a_large_disk_with_little_of_it_free_is_enough(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(total=1000 * GIB, free=50 * GIB))
    assert found(ready(cast)) == []


@pytest.mark.parametrize("off_by_s", ["5.001", "-5.001", "6", "-6"])
def test_a_clock_more_than_five_seconds_from_true_time_is_named(cast: Cast, off_by_s: str) -> None:
    assert found(ready(cast), off_by_s=Decimal(off_by_s)) == ["clock_is_off"]


@pytest.mark.parametrize("off_by_s", ["5.000", "-5.000", "1.5", "0", None])
def test_one_that_is_nearer_or_not_known_refuses_nothing(cast: Cast, off_by_s: str | None) -> None:
    assert found(ready(cast), off_by_s=Decimal(off_by_s) if off_by_s else None) == []


@pytest.mark.parametrize(
    ("off_by_s", "severity", "facts"),
    [
        ("1.001", Severity.NOTE, {"ahead_s": "1.001"}),
        ("-5.000", Severity.NOTE, {"behind_s": "5.000"}),
        ("5.001", Severity.HARD, {"ahead_s": "5.001", "refused_over_s": "5"}),
        ("-6.000", Severity.HARD, {"behind_s": "6.000", "refused_over_s": "5"}),
    ],
)
def test_from_a_second_on_it_is_said_how_far_and_which_way(
    off_by_s: str, severity: Severity, facts: dict[str, str]
) -> None:
    assert of_itself.judge_true_time(Decimal(off_by_s)) == Finding("clock_is_off", severity, facts, "SR-59")


def test_to_a_second_there_is_nothing_to_say_and_not_to_know_is_a_note() -> None:
    assert [of_itself.judge_true_time(Decimal(each)) for each in ("0", "1.000", "-1.000")] == [None] * 3
    assert of_itself.judge_true_time(None) == Finding("clock_not_kept", Severity.NOTE, source="SR-59")
