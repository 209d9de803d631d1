"""What counts of a patient's other infusions: what may have been given, and while one is not over no less than ordered.

The plan of every test: 35 mg in 100 mL are 0.35 mg/mL; 150 mL/h are 2.5 mL/min; the set drips within a tenth
(ISO 8536-4:2019, 7.8), a bag is read within 10 mL, and its 15 mL of line were filled from the bag before the start.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.core.safety import Band, CourseLimits, judge_known
from stillroom.core.safety.known import Known
from stillroom.infusions.known import known_of
from stillroom.patients.models import Patient
from tests.cast import Cast
from tests.examples import ADA, ORDER, PLAN, Walk, ready
from tests.office.test_today import stored

D = Decimal


def running(plan: c.PlanInfusion) -> Walk:
    """Its start was said and confirmed in one moment: nothing of it is in doubt."""
    walk = ready(plan)
    walk.ask(c.StartInfusion())
    walk.confirm()
    return walk


def planned(plan: c.PlanInfusion) -> Walk:
    walk = Walk()
    walk.ask(plan, ADA)
    return walk


def start_in_doubt(plan: c.PlanInfusion) -> Walk:
    walk = ready(plan)
    walk.ask(c.StartInfusion())
    walk.at += timedelta(minutes=10)
    return walk


def half_way(plan: c.PlanInfusion) -> Walk:
    walk = running(plan)
    walk.at += timedelta(minutes=20)
    return walk


def clamp_closed(plan: c.PlanInfusion) -> Walk:
    walk = running(plan)
    walk.ask(c.StopInfusion(), after_min=10)
    walk.confirm()
    return walk


def over_by_the_bag(plan: c.PlanInfusion) -> Walk:
    walk = running(plan)
    walk.ask(c.EndInfusion(left_in_bag_ml=D(50)), after_min=20)
    return walk


def over_with_a_rate_in_doubt(plan: c.PlanInfusion) -> Walk:
    walk = running(plan)
    walk.ask(c.SetRate(rate_ml_per_h=D(180), reason="steady", prescriber=ADA.person), after_min=10)
    walk.ask(c.EndInfusion(left_in_bag_ml=D(30)), after_min=10)
    return walk


def until_now(walk: Walk) -> Walk:
    shift = datetime.now(UTC) - walk.at
    walk.log = [
        replace(each, occurred_at=each.occurred_at + shift, recorded_at=each.recorded_at + shift) for each in walk.log
    ]
    return walk


def known(cast: Cast, *told: Callable[[c.PlanInfusion], Walk]) -> Known:
    plan = replace(PLAN, patient=cast.patient.pk, room=cast.room.pk)
    for each in told:
        stored(cast, until_now(each(plan)))
    with clinic_scope(cast.clinic.pk):
        now = datetime.now(UTC)
        patient = Patient.objects.select_related("clinic").get(pk=cast.patient.pk)
        return known_of(patient, due_at=now, ordered_at=now, vial_mg_per_ml=ORDER.bag.vial_mg_per_ml)


@pytest.mark.parametrize("told", [planned, start_in_doubt, half_way, clamp_closed])
def test_while_it_is_not_over_it_counts_as_ordered_whatever_was_seen_to_run(
    cast: Cast, told: Callable[[c.PlanInfusion], Walk]
) -> None:
    assert [other.most_mg for other in known(cast, told).others] == [D(35)]


def test_once_over_it_counts_by_the_most_that_the_bag_allows(cast: Cast) -> None:
    """100 - 15 - 50 = 35 mL ran by the bag, at most 45: 15.75 mg. By the clock it may have been 20 x 2.75 = 55 mL."""
    assert [other.most_mg for other in known(cast, over_by_the_bag).others] == [D("15.75")]


def test_a_rate_that_was_never_confirmed_counts_at_its_fastest(cast: Cast) -> None:
    """10 min of 2.5 and 10 of 3 mL/min are 55 mL, within a tenth 60.5: 21.175 mg, told upwards. The slower rate alone
    would be 19.25 mg; the bag allows 100 - 15 - 30 + 10 = 65 mL.
    """
    assert [other.most_mg for other in known(cast, over_with_a_rate_in_doubt).others] == [D("21.18")]


def test_the_sum_of_a_day_and_of_a_week_holds_what_is_in_doubt_at_its_most(cast: Cast) -> None:
    """21.18 of the one that is over, 35 of the one that is still to come, 35 of the new one: 91.18 mg."""
    told = known(cast, over_with_a_rate_in_doubt, planned)
    limits = CourseLimits(dose_mg_in_24_h=Band(hard_high=D("91.1")), dose_mg_in_7_days=Band(soft_high=D("91.1")))
    found = judge_known(ORDER, dose_mg=D(35), weight_kg=D(70), known=replace(told, limits=limits))
    sums = {each.code: each.facts["value"] for each in found if each.code.startswith("dose_mg_in_")}
    assert sums == {"dose_mg_in_24_h_above_hard": "91.18", "dose_mg_in_7_days_above_soft": "91.18"}
