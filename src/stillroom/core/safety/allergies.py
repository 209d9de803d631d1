"""Does the answer to "Allergies?" fit the record? Not asked, none known, and some are three things (SR-17)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from stillroom.core.errors import Finding, Severity
from stillroom.core.safety.preflight import Reply


def judge_allergy_reply(reply: Reply, words: str, *, known: Sequence[str] | None) -> tuple[Finding, ...]:
    """One hard finding when an allergy on record would be answered away, or when there is one and it has no name.

    `known` is what the record says: None while nobody has asked, empty when none are known.
    """
    if reply is Reply.FINE and known:
        return (Finding("allergies_on_record", Severity.HARD, {"substances": ", ".join(known)}),)
    if reply is Reply.PROBLEM and not substances_in(words):
        return (Finding("no_substance_named", Severity.HARD),)
    return ()


def substances_in(words: str) -> tuple[str, ...]:
    """The substances that somebody wrote down, separated by commas, semicolons or lines."""
    return tuple(part.strip() for part in re.split(r"[,;\n]", words) if part.strip())
