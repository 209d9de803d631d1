"""What is kept on the disk for a drip that runs: real blocks, given up when it is needed, made anew when it can be."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from stillroom.infusions.reserve import MIB, PIECE_BYTES, Reserve

WANTED = 40 * MIB
FLOOR = WANTED // 4
PLENTY = 10 * WANTED


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """How much is free besides what the reserve holds: only that is invented, the file is a file."""
    free = SimpleNamespace(besides=PLENTY, reserve=None)

    def usage(folder: Path) -> SimpleNamespace:
        held = free.reserve.path.stat().st_blocks * 512 if free.reserve.path.exists() else 0
        return SimpleNamespace(free=free.besides + WANTED - held)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    return free


@pytest.fixture
def reserve(tmp_path: Path, disk: SimpleNamespace) -> Reserve:
    made = Reserve(tmp_path, WANTED)
    disk.reserve = made
    return made


def looked(reserve: Reserve, *, is_running: bool, times: int = 3) -> Reserve:
    for _ in range(times):
        reserve.keep(is_running=is_running)
    return reserve


def test_it_is_made_of_real_blocks_a_piece_at_a_look(reserve: Reserve) -> None:
    assert not looked(reserve, is_running=True, times=1).is_whole
    assert reserve.path.stat().st_size == PIECE_BYTES
    assert not reserve.is_given_up  # only not made yet
    assert looked(reserve, is_running=True).is_whole
    assert reserve.path.stat().st_blocks * 512 >= WANTED


def test_a_file_with_a_hole_in_it_reserves_nothing(reserve: Reserve) -> None:
    with reserve.path.open("wb") as file:
        file.truncate(WANTED)
    assert not reserve.is_whole


def test_while_somebody_is_on_a_drip_it_goes_when_the_disk_is_nearly_full(
    reserve: Reserve, disk: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    looked(reserve, is_running=True)
    disk.besides = FLOOR
    assert looked(reserve, is_running=True).is_whole  # enough is left
    disk.besides = FLOOR - 1
    assert not looked(reserve, is_running=True).path.exists()
    assert reserve.is_given_up
    assert "NEARLY FULL" in caplog.text


def test_where_nobody_is_on_a_drip_it_stays(reserve: Reserve, disk: SimpleNamespace) -> None:
    looked(reserve, is_running=True)
    disk.besides = 0
    assert looked(reserve, is_running=False).is_whole


def test_it_does_not_come_back_into_what_it_was_given_up_for(reserve: Reserve, disk: SimpleNamespace) -> None:
    looked(reserve, is_running=True)
    disk.besides = FLOOR - 1
    looked(reserve, is_running=True)
    disk.besides = FLOOR + 1
    assert not looked(reserve, is_running=True).path.exists()


def test_it_is_made_anew_when_there_is_room_again(reserve: Reserve, disk: SimpleNamespace) -> None:
    disk.besides = 0
    assert looked(reserve, is_running=True).is_given_up
    disk.besides = PLENTY
    assert looked(reserve, is_running=True).is_whole
    assert not reserve.is_given_up


def test_where_none_is_wanted_none_is_made_and_none_is_missed(tmp_path: Path) -> None:
    none = looked(Reserve(tmp_path, 0), is_running=True)
    assert none.is_whole
    assert not none.path.exists()
