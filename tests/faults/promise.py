"""What a round of the campaign finds, and what is said when a promise was broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Victim = Literal["postgres", "client"]
VICTIMS: tuple[Victim, ...] = ("postgres", "client")


class PromiseBroken(Exception):
    """Something that was answered is not so. The words say what."""


@dataclass(frozen=True, slots=True)
class Died:
    """One round that kept the promise: who was killed when, and how many acts were in flight and were answered."""

    victim: Victim
    after_ms: int
    in_flight: int
    answered_before: int
    answered_in_all: int
