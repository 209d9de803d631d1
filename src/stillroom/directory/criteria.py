"""What is asked of a clinic, which answers meet it, and for how long an answer counts. Data, by version."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
CURRENT = 1
CONTINUOUS = "continuous"
LONGEST_EVERY_MIN = 240
LONGEST_WORDS = 300
STATED_FOR_DAYS = 183
SEEN_FOR_DAYS = 366


class Kind(StrEnum):
    CHOICE = "choice"
    EVERY = "every"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One question. `choices`: answer -> words. `meets`, `at_most_min`: what a required one must be answered with."""

    code: str
    is_required: bool
    kind: Kind
    title: str
    question: str
    why: str
    checked_by: str
    source: str
    choices: Mapping[str, str] = field(default_factory=dict)
    meets: tuple[str, ...] = ()
    at_most_min: int | None = None

    @property
    def met_by(self) -> tuple[str, ...]:
        """The answers that meet it, in words."""
        return tuple(self.choices[answer] for answer in self.meets)

    def is_an_answer(self, answer: str) -> bool:
        """Whether this can be said at all; an answer that is understood by nobody is refused, never guessed."""
        if self.kind is Kind.CHOICE:
            return answer in self.choices
        if self.kind is Kind.EVERY:
            return answer == CONTINUOUS or _minutes(answer) is not None
        return 0 < len(answer) <= LONGEST_WORDS

    def is_met_by(self, answer: str) -> bool:
        if not self.is_an_answer(answer):
            return False
        if not self.is_required:
            return True
        if self.kind is Kind.EVERY:
            every_min = 0 if answer == CONTINUOUS else _minutes(answer)
            return every_min is not None and self.at_most_min is not None and every_min <= self.at_most_min
        return answer in self.meets


@dataclass(frozen=True, slots=True)
class Criteria:
    version: int
    published_on: date
    criteria: tuple[Criterion, ...]

    @property
    def required(self) -> tuple[Criterion, ...]:
        return tuple(each for each in self.criteria if each.is_required)

    @property
    def informative(self) -> tuple[Criterion, ...]:
        return tuple(each for each in self.criteria if not each.is_required)

    def __getitem__(self, code: str) -> Criterion:
        found = next((each for each in self.criteria if each.code == code), None)
        if found is None:
            raise KeyError(code)
        return found

    def __contains__(self, code: object) -> bool:
        return any(each.code == code for each in self.criteria)


@cache
def criteria(version: int = CURRENT) -> Criteria:
    """KeyError: there is no such version."""
    path = DATA / f"criteria-{int(version)}.toml"
    if not path.exists():
        raise KeyError(version)
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    return Criteria(found["version"], found["published_on"], tuple(_criterion(each) for each in found["criterion"]))


def _criterion(found: dict[str, object]) -> Criterion:
    return Criterion(**{**found, "kind": Kind(str(found["kind"])), "meets": tuple(found.get("meets", ()))})  # type: ignore[arg-type]


def _minutes(answer: str) -> int | None:
    """Plain figures without a sign, a nought in front or anything else."""
    if not (answer.isascii() and answer.isdigit()) or answer.startswith("0") or len(answer) > 3:
        return None
    return int(answer) if int(answer) <= LONGEST_EVERY_MIN else None
