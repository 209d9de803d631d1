#!/usr/bin/env python3
"""Is an exported log whole and unchanged? Needs Python 3.9 or newer and nothing else, least of all Stillroom.

    python3 standalone_verify.py LOG.jsonl [--heads HEADS] [--answered ANSWERED] > heads.txt

LOG.jsonl holds one entry a line, as `stillroom verify --export` writes it, of one infusion or many. Each entry's hash
covers its fields and the hash of the entry before it, so a changed, lost or inserted entry breaks the chain.

For every whole chain one line goes to standard output: the infusion, the number of its last entry, its head (the hash
of that entry). Keep those lines somewhere else. Given back as HEADS they prove that a chain was not cut short or
written anew: what was the head must still be in it. For every broken chain the first thing wrong goes to standard
error. ANSWERED lists acts that somebody was told were done, one a line: infusion, act, first and last entry number. The
entries of that act must be exactly those.

Exit codes: 0 all is whole. 1 something is wrong. 2 called in a wrong way, or a file cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

Entry = dict[str, Any]
Row = list[str]

FIELDS = ("infusion", "seq", "prev_hash", "act", "kind", "version", "occurred_at", "recorded_at", "by", "payload")
NO_HASH = "0" * 64
ONE_LINE = re.compile(r"[^\n]+")


class Broken(Exception):
    """A chain does not hold; the words say what is wrong."""


def preimage(entry: Entry) -> bytes:
    """The bytes that the hash of an entry covers: a first line that says what this is, then its fields, one a line.

    Only the last, the payload, may hold a line break, so no two entries have the same bytes.
    """
    return "\n".join(["stillroom entry 1", *(str(entry[name]) for name in FIELDS)]).encode("utf-8")


def entry_hash(entry: Entry) -> str:
    return hashlib.sha256(preimage(entry)).hexdigest()


def text_digest(salt: str, text: str) -> str:
    """What the log holds in the place of words that are kept apart. The salt, 32 hex digits, goes when they go."""
    return hashlib.sha256(f"stillroom text 1\n{salt}\n{text}".encode()).hexdigest()


class Chain:
    """One infusion's log as far as it was read; `follow` raises Broken at the first thing that is wrong."""

    def __init__(self, infusion: str) -> None:
        self.infusion = infusion
        self.seq = 0
        self.head = NO_HASH
        self.hashes: list[str] = []
        self.acts: dict[str, list[int]] = {}

    def follow(self, entry: Entry) -> None:
        self._must_come_next(entry)
        _must_be_well_formed(entry)
        if entry_hash(entry) != entry["hash"]:
            raise Broken(f"entry {entry['seq']} was changed: its hash is not that of what it says")
        _must_have_its_words(entry)
        self.seq, self.head = entry["seq"], entry["hash"]
        self.hashes.append(self.head)
        self.acts.setdefault(entry["act"], []).append(self.seq)

    def _must_come_next(self, entry: Entry) -> None:
        if entry["seq"] != self.seq + 1:
            raise Broken(f"entry {self.seq + 1} is missing: entry {entry['seq']} comes next")
        if entry["prev_hash"] != self.head:
            raise Broken(f"entry {entry['seq']} does not follow from entry {self.seq}")
        if entry["act"] in self.acts and self.acts[entry["act"]][-1] != self.seq:
            raise Broken(f"entry {entry['seq']} belongs to act {entry['act']}, which was over before it")

    def must_hold(self, seq: int, head: str) -> None:
        """What was the head once must still be in the chain."""
        if seq > self.seq:
            raise Broken(f"the log was cut short: it ends with entry {self.seq}, and once had {seq}")
        if self.hashes[seq - 1] != head:
            raise Broken(f"the log was written anew: entry {seq} was {head}")

    def must_hold_act(self, act: str, first: int, last: int) -> None:
        """The act left exactly these entries; a last one before the first means none."""
        if self.acts.get(act, []) != list(range(first, last + 1)):
            raise Broken(f"act {act} was answered with entries {first} to {last}; here are {self.acts.get(act, [])}")


class Verdict:
    """Every chain of an export, and for each broken one what is wrong first."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.chains: dict[str, Chain] = {}
        self.wrong: dict[str, str] = {}
        for number, line in enumerate(lines, start=1):
            self._read(f"line {number}", line)

    def hold_to_heads(self, rows: Iterable[Row]) -> None:
        """Each row was once the head of a chain: infusion, last entry, hash."""
        for row in rows:
            self._judge(row[0], partial(self._must_hold, *row))

    def hold_to_answers(self, rows: Iterable[Row]) -> None:
        """Each row is an act that was answered as done: infusion, act, first and last entry."""
        for row in rows:
            self._judge(row[0], partial(self._must_hold_act, *row))

    @property
    def heads(self) -> list[str]:
        return [
            f"{each.infusion} {each.seq} {each.head}"
            for each in self.chains.values()
            if each.infusion not in self.wrong
        ]

    def _read(self, where: str, line: str) -> None:
        try:
            entry = json.loads(line)
            infusion = str(entry["infusion"])
        except (ValueError, KeyError, TypeError):
            self.wrong[where] = "this is not an entry"
            return
        chain = self.chains.setdefault(infusion, Chain(infusion))
        self._judge(infusion, partial(chain.follow, entry))

    def _judge(self, infusion: str, look: Callable[[], None]) -> None:
        if infusion in self.wrong:
            return
        try:
            look()
        except Broken as broken:
            self.wrong[infusion] = str(broken)
        except (ValueError, KeyError, TypeError) as error:
            self.wrong[infusion] = f"the log holds something that is not an entry: {error!r}"

    def _must_hold(self, infusion: str, seq: str, head: str) -> None:
        self._chain(infusion).must_hold(int(seq), head)

    def _must_hold_act(self, infusion: str, act: str, first: str, last: str) -> None:
        self._chain(infusion).must_hold_act(act, int(first), int(last))

    def _chain(self, infusion: str) -> Chain:
        if infusion not in self.chains:
            raise Broken("the whole log is missing")
        return self.chains[infusion]


def _must_be_well_formed(entry: Entry) -> None:
    for name in FIELDS[:-1]:
        if not ONE_LINE.fullmatch(str(entry[name])):
            raise Broken(f"entry {entry['seq']} has a {name} that is not one line")
    if type(entry["payload"]) is not str:
        raise Broken(f"entry {entry['seq']} has a payload that is not text")


def _must_have_its_words(entry: Entry) -> None:
    """Where the payload holds a digest, its words are there or their erasure is on record; and no other words are."""
    payload = json.loads(entry["payload"])
    digests = {
        field: value["digest"] for field, value in payload.items() if isinstance(value, dict) and "digest" in value
    }
    words = {text["field"]: text_digest(text["salt"], text["text"]) for text in entry["texts"]}
    for field in digests.keys() | words.keys():
        if words.get(field) != digests.get(field) and (field in words or field not in entry["erased"]):
            raise Broken(f"entry {entry['seq']} does not have the words of its {field}, and no erasure is on record")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log", type=Path)
    parser.add_argument("--heads", type=Path)
    parser.add_argument("--answered", type=Path)
    asked = parser.parse_args(arguments)
    try:
        with asked.log.open(encoding="utf-8") as lines:
            verdict = Verdict(lines)
        verdict.hold_to_heads(read_rows(asked.heads, columns=3))
        verdict.hold_to_answers(read_rows(asked.answered, columns=4))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.writelines(f"{head}\n" for head in verdict.heads)
    sys.stderr.writelines(f"{infusion}: {words}\n" for infusion, words in verdict.wrong.items())
    return 1 if verdict.wrong else 0


def read_rows(path: Path | None, *, columns: int) -> list[Row]:
    """The lines of a file of heads or answers; none without a file."""
    if path is None:
        return []
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if any(len(row) != columns for row in rows):
        raise ValueError(f"{path}: each line must have {columns} words")
    return rows


if __name__ == "__main__":
    sys.exit(main())
