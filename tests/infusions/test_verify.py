"""What was changed, lost, put in, cut off or written anew in a log is found, by a script that knows nothing of us."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from stillroom.core.infusion import entries as e
from stillroom.infusions import standalone_verify
from stillroom.infusions.export import verify_all
from stillroom.infusions.standalone_verify import Verdict, entry_hash
from stillroom.project.cluster import SUPERUSER
from tests.cast import Cast, make_cast
from tests.infusions.rooms import Room, done, infusing

SCRIPT = Path(standalone_verify.__file__)

Lines = list[dict[str, Any]]


def run(*arguments: Path | str) -> subprocess.CompletedProcess[str]:
    """The script alone: in a folder with nothing else, without our packages or anybody's."""
    return subprocess.run(
        [sys.executable, "-I", "-S", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    return Path(shutil.copy(SCRIPT, tmp_path))


@pytest.fixture
def exported(cast: Cast) -> Lines:
    room = infusing(cast)
    done(room.record(e.NoteAdded(words="calm")))
    return [json.loads(line) for line in room.lines]


def written(path: Path, entries: Lines) -> Path:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    return path


def test_a_whole_log_is_found_whole_and_its_head_is_said(alone: Path, exported: Lines, tmp_path: Path) -> None:
    found = run(alone, written(tmp_path / "log.jsonl", exported))
    last = exported[-1]
    assert found.stdout == f"{last['infusion']} {last['seq']} {last['hash']}\n"
    assert (found.returncode, found.stderr) == (0, "")


def changed(entries: Lines, name: str, value: object) -> Lines:
    return [entry | {name: value} if entry["seq"] == 5 else entry for entry in entries]


def rehashed(entries: Lines) -> Lines:
    """By somebody who knows how: every hash from the first change on is right."""
    head, anew = standalone_verify.NO_HASH, []
    for entry in entries:
        tied = entry | {"prev_hash": head}
        head = entry_hash(tied)
        anew.append(tied | {"hash": head})
    return anew


FIELDS = {
    "seq": 6,
    "infusion": "5d1f7a52-3a5e-4a53-9f0c-3d3a4f7a0001",
    "prev_hash": "ab" * 32,
    "act": "5d1f7a52-3a5e-4a53-9f0c-3d3a4f7a0001",
    "kind": "HelpCalled",
    "version": 2,
    "occurred_at": "2026-11-23T10:00:00.000001Z",
    "recorded_at": "2026-11-23T10:00:00.000001Z",
    "by": "person:somebody else",
    "payload": "{}",
    "hash": "ab" * 32,
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_change_of_any_field_is_found(exported: Lines, name: str) -> None:
    wrong = Verdict(map(json.dumps, changed(exported, name, FIELDS[name]))).wrong
    assert exported[0]["infusion"] in wrong or name == "infusion"
    assert wrong


DAMAGE: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "an entry lost": (lambda log: log[:4] + log[5:], "entry 5 is missing"),
    "an entry twice": (lambda log: log[:5] + log[4:], "entry 6 is missing"),
    "two entries exchanged": (lambda log: [*log[:4], log[5], log[4], *log[6:]], "entry 5 is missing"),
    "the first entries lost": (lambda log: log[2:], "entry 1 is missing"),
    "an entry put in, reckoned anew": (
        lambda log: rehashed([*log[:-1], log[-1] | {"act": log[0]["act"]}]),
        "which was over before it",
    ),
    "a line break put in a name": (
        lambda log: rehashed(changed(log, "by", "person:x\nand more")),
        "a by that is not one line",
    ),
    "words changed": (
        lambda log: [*log[:-1], log[-1] | {"texts": [log[-1]["texts"][0] | {"text": "not calm"}]}],
        "does not have the words of its words",
    ),
    "words put in": (
        lambda log: changed(log, "texts", [{"field": "words", "salt": "00" * 16, "text": "more"}]),
        "does not have the words of its words",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_found_and_named(exported: Lines, damage: str) -> None:
    harm, words = DAMAGE[damage]
    assert words in Verdict(map(json.dumps, harm(exported))).wrong[exported[0]["infusion"]]


def test_what_was_the_head_once_must_still_be_there(alone: Path, exported: Lines, tmp_path: Path) -> None:
    """A chain alone does not show that its end is missing, or that all of it was made again."""
    log = tmp_path / "log.jsonl"
    heads = tmp_path / "heads.txt"
    heads.write_text(run(alone, written(log, exported)).stdout)
    assert run(alone, written(log, exported), "--heads", heads).returncode == 0

    cut = run(alone, written(log, exported[:-1]), "--heads", heads)
    assert (cut.returncode, cut.stdout) == (1, "")
    assert "cut short: it ends with entry" in cut.stderr

    assert run(alone, written(log, rehashed(changed(exported, "by", "person:x")))).returncode == 0
    anew = run(alone, log, "--heads", heads)
    assert "written anew" in anew.stderr
    assert "the whole log is missing" in run(alone, written(log, []), "--heads", heads).stderr


def test_an_answered_act_is_there_once_with_its_entries(alone: Path, exported: Lines, tmp_path: Path) -> None:
    log, answered = written(tmp_path / "log.jsonl", exported), tmp_path / "answered.txt"
    last = exported[-1]

    def says(act: str, first: int, end: int) -> int:
        answered.write_text(f"{last['infusion']} {act} {first} {end}\n")
        return run(alone, log, "--answered", answered).returncode

    assert says(last["act"], last["seq"], last["seq"]) == 0
    assert says(last["act"], last["seq"] - 1, last["seq"]) == 1
    assert says("5d1f7a52-3a5e-4a53-9f0c-3d3a4f7a0001", 1, 1) == 1
    assert says("5d1f7a52-3a5e-4a53-9f0c-3d3a4f7a0001", 1, 0) == 0


def test_what_cannot_be_read_is_not_called_whole(alone: Path, tmp_path: Path, exported: Lines) -> None:
    garbage = tmp_path / "garbage"
    garbage.write_text('{"infusion": "x"}\nnot json\n[]\n')
    assert run(alone, garbage).returncode == 1
    assert run(alone, tmp_path / "no such file").returncode == 2
    garbage.write_text("one two\n")
    assert run(alone, written(tmp_path / "log", exported), "--heads", garbage).returncode == 2


def test_the_script_needs_nothing_but_python(alone: Path) -> None:
    assert "stillroom" not in {line.split()[1].split(".")[0] for line in _imports(alone)}


def _imports(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if line.startswith(("import ", "from "))]


# --- in the database, by somebody with every right -------------------------------------------------------------------


TAMPERING = {
    "a bit flipped": (
        "UPDATE infusions_entry SET payload = replace(payload, '118', '119') WHERE kind = 'VitalsCharted'",
        "was changed",
    ),
    "an entry deleted": ("DELETE FROM infusions_entry WHERE seq = 4", "entry 4 is missing"),
    "the end deleted": ("DELETE FROM infusions_entry WHERE seq > 20", "cut short"),
    "the whole log deleted": ("DELETE FROM infusions_entry", "the whole log is missing"),
    "words deleted": ("DELETE FROM infusions_entrytext", "no erasure is on record"),
}


@pytest.mark.parametrize("tampering", TAMPERING)
def test_verify_finds_what_a_superuser_did_with_the_triggers_off(committed_db: Any, tampering: str) -> None:
    statement, words = TAMPERING[tampering]
    room: Room = infusing(make_cast())
    done(room.record(e.NoteAdded(words="calm")))
    assert not verify_all().wrong
    with psycopg.connect(committed_db.server.url(SUPERUSER, committed_db.name), autocommit=True) as connection:
        for table in ("infusions_entry", "infusions_entrytext"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")  # type: ignore[arg-type]
        assert connection.execute(statement).rowcount > 0  # type: ignore[arg-type]
    found = verify_all()
    assert words in found.wrong[str(room.infusion_id)]
    assert not found.heads


def test_the_command_verifies_exports_and_says_what_is_wrong(committed_db: Any, alone: Path, tmp_path: Path) -> None:
    log, heads = tmp_path / "log.jsonl", tmp_path / "heads.txt"
    infusing(make_cast())
    said = _verify(committed_db, "--export", log)
    assert said.returncode == 0
    assert run(alone, log).stdout == said.stdout
    heads.write_text(said.stdout)
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    found = _verify(committed_db, log, "--heads", heads)
    assert (found.returncode, found.stdout) == (1, "")
    assert "cut short" in found.stderr
    assert _verify(committed_db, tmp_path / "no such file").returncode == 2


def _verify(database: Any, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "stillroom.project.cli", "verify", *map(str, arguments)]
    environment = {**os.environ, **database.environment}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


# --- what docs/log.md tells a person to do ---------------------------------------------------------------------------


def told_after(words: str) -> str:
    """The indented lines that follow these words on the page."""
    page = (Path(__file__).parent.parent.parent / "docs" / "log.md").read_text()
    lines = page.partition(words)[2].partition("\n\n")[2].splitlines()
    return "\n".join(takewhile(lambda line: line.startswith("    "), lines))


def test_the_hash_can_be_reckoned_by_hand_as_the_page_says(exported: Lines, tmp_path: Path) -> None:
    written(tmp_path / "log.jsonl", exported)
    done = subprocess.run(
        ["sh", "-c", told_after("By hand, for one entry of an export:")], cwd=tmp_path, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert done.stdout.split()[0] == exported[0]["hash"]


def test_the_database_can_be_asked_as_the_page_says(cast: Cast) -> None:
    room = infusing(cast)
    with room.scope(), connection.cursor() as cursor:
        cursor.execute(told_after("this finds no row:"))
        assert cursor.fetchall() == []
        cursor.execute(told_after("this finds no row:").replace("<> infusions_hash", "= infusions_hash").strip(" ;"))
        assert len(cursor.fetchall()) == room.row.last_seq
