"""A log of every release must be whole, readable and fold to what it folded to, for ever: see tests/logs/freeze.py."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path
from uuid import UUID

import pytest

from stillroom import __version__
from stillroom.core.infusion.entries import KINDS, Logged
from stillroom.core.infusion.fold import fold
from stillroom.infusions.codec import ERASED, decode
from stillroom.infusions.projections import as_json
from stillroom.infusions.standalone_verify import Verdict

FOLDER = Path(__file__).parent.parent / "logs"
LOGS = sorted(FOLDER.glob("*.jsonl"))
NEWEST = FOLDER / f"{__version__}.jsonl"


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_a_frozen_log_is_whole(path: Path) -> None:
    verdict = Verdict(path.read_text().splitlines())
    assert not verdict.wrong
    assert len(verdict.heads) >= 3


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_a_frozen_log_folds_to_what_it_folded_to(path: Path) -> None:
    folded = json.loads(path.with_suffix(".folded.json").read_text())
    assert {infusion: json.loads(as_json(fold(log))) for infusion, log in logs_of(path)} == folded


@pytest.mark.parametrize("path", LOGS, ids=lambda path: path.stem)
def test_every_prefix_of_a_frozen_log_folds(path: Path) -> None:
    for _, log in logs_of(path):
        assert [fold(log[:length]).last_seq for length in range(len(log) + 1)] == list(range(len(log) + 1))


def test_the_log_of_this_release_holds_every_kind_of_entry_there_is() -> None:
    """A new kind, or a new version of one, goes into the log that is frozen with its release."""
    held = {(entry.kind, entry.version) for _, log in logs_of(NEWEST) for entry in log}
    assert held == {(name, kind.VERSION) for name, kind in KINDS.items()}


def test_erased_words_stay_erased() -> None:
    found = [entry.fact for _, log in logs_of(NEWEST) for entry in log if ERASED in str(entry.fact)]
    assert len(found) == 1


def logs_of(path: Path) -> Iterator[tuple[str, list[Logged]]]:
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    for infusion, entries in groupby(lines, key=lambda line: str(line["infusion"])):
        yield infusion, [logged(entry) for entry in entries]


def logged(line: dict[str, object]) -> Logged:
    entry = {name: str(line[name]) for name in ("act", "kind", "occurred_at", "recorded_at", "by", "payload")}
    words = {text["field"]: text["text"] for text in line["texts"]}  # type: ignore[attr-defined]
    seq, version = int(str(line["seq"])), int(str(line["version"]))
    return Logged(
        seq=seq,
        act=UUID(entry["act"]),
        kind=entry["kind"],
        version=version,
        occurred_at=datetime.fromisoformat(entry["occurred_at"]),
        recorded_at=datetime.fromisoformat(entry["recorded_at"]),
        by=entry["by"],
        fact=decode(entry["kind"], version, entry["payload"], words),
    )
