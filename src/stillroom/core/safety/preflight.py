"""What must be answered before a drip starts, by whom it was answered, and for how long the answer is good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from stillroom.core.errors import Finding, Severity


class PreflightItem(StrEnum):
    """One question of the list that is gone through with the patient in the chair."""

    IDENTITY = "identity"  # says own name and birth date
    ALLERGIES = "allergies"
    CONSENT = "consent"
    FASTING = "fasting"
    MEDICINES = "medicines"
    PREGNANCY = "pregnancy"
    TOILET = "toilet"
    FALL_RISK = "fall_risk"
    NEEDLES = "needles"
    WAY_HOME = "way_home"
    RISK_QUESTION = "risk_question"
    EMERGENCY_KIT = "emergency_kit"
    CALL_BUTTON = "call_button"


class Reply(StrEnum):
    """`fine` lets the start go on; `problem` asks a prescriber; `unknown` is not `fine` and blocks the start."""

    FINE = "fine"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


ITEMS: tuple[PreflightItem, ...] = tuple(PreflightItem)

# A problem with one of these is the patient's comfort or a matter of care, not a reason to ask the prescriber.
CARE_ONLY = frozenset({PreflightItem.NEEDLES, PreflightItem.TOILET, PreflightItem.FALL_RISK})


def judge_preflight(
    replies: Mapping[PreflightItem, tuple[Reply, datetime]], *, at: datetime, good_for_min: int
) -> tuple[Finding, ...]:
    """One hard finding for each item not asked, unknown or out of date; one soft finding for each problem."""
    return tuple(finding for item in ITEMS if (finding := _judge_item(item, replies.get(item), at, good_for_min)))


def _judge_item(
    item: PreflightItem, reply: tuple[Reply, datetime] | None, at: datetime, good_for_min: int
) -> Finding | None:
    facts = {"item": item.value}
    if reply is None:
        return Finding("preflight_not_asked", Severity.HARD, facts)
    answer, answered_at = reply
    if answer is Reply.UNKNOWN:
        return Finding("preflight_unknown", Severity.HARD, facts)
    if at - answered_at > timedelta(minutes=good_for_min):
        return Finding("preflight_out_of_date", Severity.HARD, facts | {"good_for_min": str(good_for_min)})
    if answer is Reply.PROBLEM and item not in CARE_ONLY:
        return Finding("preflight_problem", Severity.SOFT, facts)
    return None
