"""Was what was found answered for? Hard findings refuse everybody; soft ones go on for a prescriber with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from stillroom.core.errors import Finding, Refused, Severity

NO_REASONS: Mapping[str, str] = MappingProxyType({})


def must_be_answered(
    findings: Sequence[Finding],
    *,
    reason: str | None,
    by_prescriber: bool,
    reasons: Mapping[str, str] = NO_REASONS,
) -> None:
    """Refused unless nothing was found but notes, or only soft things for which a prescriber gave a reason.

    `by_prescriber`: one who prescribes asks for it, or is named as having ordered it. `reasons` answer soft findings
    one by one, by their keys; `reason` answers all of them.
    """
    hard = [finding for finding in findings if finding.severity is Severity.HARD]
    if hard:
        raise Refused(hard)
    soft = [finding for finding in findings if finding.severity is Severity.SOFT]
    open_ones = [finding for finding in soft if not (reason or reasons.get(finding.key) or "").strip()]
    if open_ones or (soft and not by_prescriber):
        raise Refused((*(open_ones or soft), Finding("needs_prescriber_and_reason", Severity.SOFT)))
