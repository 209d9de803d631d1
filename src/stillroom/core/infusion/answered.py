"""Was what was found answered for? Hard findings refuse everybody; soft ones go on for a prescriber with a reason."""

from __future__ import annotations

from collections.abc import Sequence

from stillroom.core.errors import Finding, Refused, Severity


def must_be_answered(findings: Sequence[Finding], *, reason: str | None, by_prescriber: bool) -> None:
    """Refused unless nothing was found, or only soft things for which a prescriber gave a reason.

    `by_prescriber`: one who prescribes asks for it, or is named as having ordered it.
    """
    hard = [finding for finding in findings if finding.severity is Severity.HARD]
    if hard:
        raise Refused(hard)
    if findings and not (by_prescriber and reason and reason.strip()):
        raise Refused((*findings, Finding("needs_prescriber_and_reason", Severity.SOFT)))
