"""What the record says of a patient is judged with the order, by the same function that the page shows it from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from stillroom.core.errors import Refused, Severity
from stillroom.core.infusion import planning
from stillroom.core.order import UNSIGNED
from stillroom.core.safety.known import Known
from stillroom.core.safety.last_time import LastTime
from stillroom.core.safety.library import Band, CourseLimits
from stillroom.core.safety.nausea import EasilySick, Said
from stillroom.core.safety.screening import QUESTIONS
from stillroom.core.safety.told import Told
from stillroom.core.safety.whole import judge_whole
from stillroom.core.safety.windows import Other
from tests.examples import ADA, BEN, ORDER, PLAN, D

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
KNOWN = Known(
    due_at=AT,
    due_on=AT.date(),
    ordered_on=AT.date(),
    easily_sick=EasilySick(motion_sickness=Said.NO, nausea_after_anaesthesia=Said.NO),
    told=Told(screening=dict.fromkeys(QUESTIONS, Said.NO)),
)
MORE = replace(ORDER, dose_mg_per_kg=D("0.6"), duration_min=D(48))
TEN_FOLD = LastTime(order=replace(ORDER, dose_mg_per_kg=D("0.05"), duration_min=D(40)), dose_mg=D("3.5"))


def judged(known: Known = KNOWN, **plan: Any) -> dict[str, Severity]:
    command = replace(PLAN, known=known, **plan)
    return {finding.code: finding.severity for finding in planning.judge(command, ADA)}


def test_the_usual_order_for_somebody_of_whom_nothing_speaks_against_it() -> None:
    assert judged() == {}


def test_hard_ones_stand_first_and_notes_last() -> None:
    known = replace(
        KNOWN,
        last=LastTime(order=ORDER, dose_mg=D(35)),
        others=(Other(at=AT, on=AT.date(), most_mg=D(35)),),
        limits=CourseLimits(infusions_per_day=Band(hard_high=D(1))),
        easily_sick=EasilySick(),
    )
    assert list(judged(known, order=MORE)) == [
        "infusions_per_day_above_hard",
        "more_than_last_time",
        "order_changed",
        "nausea_not_asked",
    ]


@pytest.mark.parametrize(("day", "codes"), [(16, []), (15, ["weight_out_of_date"])])
def test_a_weight_is_good_for_as_many_days_as_the_clinic_says(day: int, codes: list[str]) -> None:
    assert list(judged(replace(KNOWN, weighed_on=date(2026, 11, day), weight_good_for_days=7))) == codes


def test_a_ten_fold_order_needs_a_second_clinician_who_is_somebody_else() -> None:
    known = replace(KNOWN, last=TEN_FOLD)
    assert judged(known)["needs_second_clinician"] is Severity.HARD
    assert "needs_second_clinician" not in judged(known, second=BEN.person)
    assert judged(known, second=ADA.person)["second_person_is_the_first"] is Severity.HARD


def test_each_soft_finding_has_its_own_reason_and_all_stand_on_the_chart() -> None:
    command = replace(PLAN, known=replace(KNOWN, last=LastTime(order=ORDER, dose_mg=D(35))), order=MORE)
    for reasons in ({}, {"more_than_last_time": "partial"}, {"more_than_last_time": "x", "order_changed": "  "}):
        with pytest.raises(Refused, match="needs_prescriber_and_reason"):
            planning.plan(replace(command, reasons=reasons), ADA)
    answered = {"more_than_last_time": "partial response", "order_changed": "the same rate", "gone_by_now": "stale"}
    assert planning.plan(replace(command, reasons=answered), ADA).reason == "partial response; the same rate"


def test_a_note_asks_for_no_reason() -> None:
    assert planning.plan(replace(PLAN, known=replace(KNOWN, easily_sick=EasilySick())), ADA).reason is None


def test_no_reason_opens_a_hard_limit() -> None:
    known = replace(
        KNOWN,
        others=(Other(at=AT, on=AT.date(), most_mg=D(35)),),
        limits=CourseLimits(infusions_per_day=Band(hard_high=D(1))),
    )
    with pytest.raises(Refused, match="infusions_per_day_above_hard"):
        planning.plan(replace(PLAN, known=known, reason="everybody agrees"), ADA)


@pytest.mark.parametrize(
    ("which", "order"),
    [
        ("hold_sbp", replace(ORDER, start_limits=replace(ORDER.start_limits, hold_sbp_mmhg=181))),
        ("hold_dbp", replace(ORDER, start_limits=replace(ORDER.start_limits, hold_dbp_mmhg=111))),
        ("watch_sbp", replace(ORDER, watch_limits=replace(ORDER.watch_limits, sbp_low_mmhg=180))),
        ("watch_pressure", replace(ORDER, watch_limits=replace(ORDER.watch_limits, dbp_high_mmhg=180))),
        ("watch_pulse", replace(ORDER, watch_limits=replace(ORDER.watch_limits, pulse_low_per_min=130))),
        ("volumes", replace(ORDER, alarms=replace(UNSIGNED, volumes_notice_percent=11))),
        ("doors", replace(ORDER, doors=())),
        ("may_start", replace(ORDER, may_start=())),
    ],
)
def test_numbers_that_stand_the_wrong_way_round_are_refused(which: str, order: Any) -> None:
    assert [finding.facts["which"] for finding in judge_whole(order)] == [which]
    assert judge_whole(ORDER) == ()


def test_an_order_does_not_run_faster_than_the_range_it_lets_a_nurse_use() -> None:
    fast = replace(ORDER, dose_mg_per_kg=D("0.6"))  # 0.6 mg/kg in 40 min is 0.9 mg/kg/h, the signed range
    assert judged(order=fast) == {}
    assert judged(order=replace(fast, duration_min=D(39))) == {"limits_out_of_order": Severity.HARD}
