"""Before each start Stillroom looks at itself: each thing that is broken refuses by its own name (SR-19)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from stillroom.infusions import self_test as of_itself
from stillroom.infusions.models import Infusion
from tests.cast import Cast
from tests.infusions.rooms import Room, ready

GIB = 1024**3


def found(room: Room, *, is_watched: bool | None = True) -> list[str]:
    with room.scope():
        infusion = Infusion.objects.get(pk=room.infusion_id)
        return [finding.code for finding in of_itself.self_test(infusion, is_watched=is_watched)]


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
