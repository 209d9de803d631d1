"""When something went wrong: how grave it is by two public standards, and by when it has to be reported, if at all.

How bad it was is a grade of CTCAE; whether it counts as serious follows from what it led to (ICH E2A), which is another
question: a bad headache is not serious, a short faint with a night in hospital is. By when to report is the clinic's
own rule; there is none until the clinic has said one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum


class Grade(IntEnum):
    """How bad. Source: CTCAE 5.0, National Cancer Institute 2017, the general guideline on page 2."""

    MILD = 1
    MODERATE = 2
    SEVERE = 3
    LIFE_THREATENING = 4
    DIED = 5


class Criterion(StrEnum):
    """What it led to. Any of them makes it serious. Source: ICH E2A (1994), II.B, and its II.B on judgement."""

    DIED = "died"
    LIFE_THREATENING = "life_threatening"
    HOSPITAL = "hospital"
    LASTING = "lasting_harm"
    UNBORN = "unborn_child"
    OTHERWISE = "otherwise_important"


class Action(StrEnum):
    WATCHED = "watched_longer"
    SLOWED = "slowed"
    PAUSED = "paused"
    STOPPED = "stopped"
    MEDICINE = "medicine"
    AMBULANCE = "ambulance"
    OTHER = "other"


class Outcome(StrEnum):
    """How it ended. Source: ICH E2B(R3) E.i.7, whose six values these are."""

    OVER = "over"
    GETTING_BETTER = "getting_better"
    NOT_OVER = "not_over"
    LEFT_SOMETHING = "left_something"
    DIED = "died"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingRule:
    """Within how many calendar days the clinic reports. None: it reports no such event to anybody.

    ICH E2A, III.B, asks sponsors of trials for 7 days where somebody died or nearly did and 15 for what is otherwise
    serious and was not expected. Whether that is a clinic's duty is for its authority, its insurer and itself to say.
    """

    gravest_within_days: int | None = None
    serious_within_days: int | None = None
    any_within_days: int | None = None


NO_RULE = ReportingRule()


def is_serious(grade: Grade, criteria: Iterable[Criterion]) -> bool:
    return bool(set(criteria)) or grade >= Grade.LIFE_THREATENING


def is_gravest(grade: Grade, criteria: Iterable[Criterion]) -> bool:
    """Somebody died, or nearly did."""
    return grade >= Grade.LIFE_THREATENING or bool({Criterion.DIED, Criterion.LIFE_THREATENING} & set(criteria))


def report_by(rule: ReportingRule, *, known_on: date, grade: Grade, criteria: Iterable[Criterion]) -> date | None:
    """The last day to report, counted from the day on which the clinic knew of it; None: nothing is to be reported."""
    criteria = tuple(criteria)
    days = [rule.any_within_days]
    if is_serious(grade, criteria):
        days.append(rule.serious_within_days)
    if is_gravest(grade, criteria):
        days.append(rule.gravest_within_days)
    asked = [each for each in days if each is not None]
    return known_on + timedelta(days=min(asked)) if asked else None
