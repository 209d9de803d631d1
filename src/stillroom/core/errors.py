"""What the core says when something is wrong.

    Exception
    ├── ValueError            a programmer erred: a unit mixed up, an impossible argument
    └── Refused               the one domain exception: a person asked for something that must not happen
          .findings           why, each a Finding a clinician can read

A `Finding` is whatever a clinician should see. Its words live in templates, keyed by `code`; its `facts` are the
values those words need. `hard` refuses and nobody overrides it; `soft` proceeds with a typed reason, which is logged;
`note` only informs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a clinician should see: what was found, how much it matters, and where the rule comes from."""

    code: str
    severity: Severity
    facts: Mapping[str, str] = field(default_factory=dict)
    source: str = ""

    @property
    def key(self) -> str:
        """What a reason for it is kept by: each question of the history has a reason of its own."""
        question = self.facts.get("question")
        return f"{self.code}.{question}" if question else self.code


class Refused(Exception):
    """The act must not happen; `findings` say why. At least one of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        if not self.findings:
            raise ValueError("a refusal needs at least one finding")
        super().__init__(", ".join(f"{finding.code} {dict(finding.facts)}" for finding in self.findings))


def refuse(code: str, *, source: str = "", **facts: str) -> Refused:
    """A refusal with one hard finding, ready to raise."""
    return Refused([Finding(code, Severity.HARD, facts, source)])
