"""How grave, and by when to report: grades of CTCAE, seriousness of ICH E2A, days of the clinic alone."""

from __future__ import annotations

from datetime import date

import pytest

from stillroom.core.safety.adverse import NO_RULE, Criterion, Grade, ReportingRule, is_serious, report_by

KNOWN = date(2026, 11, 26)
E2A = ReportingRule(gravest_within_days=7, serious_within_days=15)


# ICH E2A, II.B: a severe headache is no serious event; any event with a night in hospital is one, however mild.
@pytest.mark.parametrize(
    ("grade", "criteria", "serious"),
    [
        (Grade.SEVERE, (), False),
        (Grade.MILD, (Criterion.HOSPITAL,), True),
        (Grade.LIFE_THREATENING, (), True),
        (Grade.DIED, (), True),
        (Grade.MODERATE, (Criterion.OTHERWISE,), True),
    ],
)
def test_how_bad_it_was_and_whether_it_is_serious_are_two_questions(
    grade: Grade, criteria: tuple[Criterion, ...], serious: bool
) -> None:
    assert is_serious(grade, criteria) is serious


def test_a_clinic_that_has_said_nothing_owes_no_report() -> None:
    assert report_by(NO_RULE, known_on=KNOWN, grade=Grade.DIED, criteria=(Criterion.DIED,)) is None


# ICH E2A, III.B.1 and 2: 7 and 15 calendar days after the first knowledge.
@pytest.mark.parametrize(
    ("grade", "criteria", "due"),
    [
        (Grade.MILD, (), None),
        (Grade.SEVERE, (Criterion.HOSPITAL,), date(2026, 12, 11)),
        (Grade.LIFE_THREATENING, (), date(2026, 12, 3)),
        (Grade.SEVERE, (Criterion.LIFE_THREATENING, Criterion.HOSPITAL), date(2026, 12, 3)),
    ],
)
def test_days_are_counted_from_when_the_clinic_knew_and_the_shortest_counts(
    grade: Grade, criteria: tuple[Criterion, ...], due: date | None
) -> None:
    assert report_by(E2A, known_on=KNOWN, grade=grade, criteria=criteria) == due


def test_a_rule_for_every_event_holds_for_a_mild_one_too() -> None:
    rule = ReportingRule(any_within_days=30)
    assert report_by(rule, known_on=KNOWN, grade=Grade.MILD, criteria=()) == date(2026, 12, 26)
