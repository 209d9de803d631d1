"""On the day the order is judged again by what the record says now: what is new is asked, and nothing twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from stillroom.clinics.actor import Actor, Proof
from stillroom.clinics.models import Clinic, Role
from stillroom.clinics.rows import clinic_scope
from stillroom.core.infusion import commands as c
from stillroom.infusions.again import judge_again
from stillroom.infusions.models import Infusion
from stillroom.infusions.reading import entries_of
from stillroom.patients.models import AllergyStatement, HistoryAnswer, HistoryItem, Weight
from stillroom.protocols.library import approve, digest, draft_from_template, limits_in_force
from stillroom.protocols.models import LibraryLimit
from tests.bedside.house import House, planned
from tests.cast import Cast, signed_in
from tests.examples import ORDER, PLAN, infusing
from tests.office.test_plan import make_ready
from tests.office.test_today import stored

LATER = timedelta(seconds=1)


@pytest.fixture
def house(cast: Cast) -> House:
    return planned(cast)


def keys(house: House, *, at: datetime | None = None) -> list[str]:
    with clinic_scope(house.cast.clinic.pk):
        infusion = Infusion.objects.get(pk=house.infusion_id)
        found = judge_again(infusion, entries_of(infusion.pk), at=at or datetime.now(UTC) + LATER)
    return [finding.key for finding in found]


def says(house: House, question: str, said: str) -> None:
    cast = house.cast
    with clinic_scope(cast.clinic.pk):
        HistoryAnswer.objects.create(
            clinic=cast.clinic, patient=cast.patient, question=question, said=said, told_by="x", stated_by=cast.ben
        )


def test_nothing_is_asked_twice_while_nothing_has_changed(house: House) -> None:
    assert keys(house) == []


def test_a_screening_changed_after_the_signature_asks(house: House) -> None:
    says(house, "pregnancy", "yes")
    says(house, "liver", "unknown")
    assert keys(house) == ["asks_for_care.pregnancy", "screening_open"]
    says(house, "pregnancy", "no")
    assert keys(house) == ["screening_open"]


def test_a_yes_that_was_answered_at_the_signature_is_not_asked_again(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        HistoryAnswer.objects.create(
            clinic=cast.clinic, patient=cast.patient, question="heart", said="yes", told_by="x", stated_by=cast.ben
        )
    house = planned(cast, reason="Echo of May: without findings")
    assert keys(house) == []


def test_what_was_open_at_the_signature_goes_on_being_said_and_asks_nobody(cast: Cast) -> None:
    with clinic_scope(cast.clinic.pk):
        HistoryAnswer.objects.create(
            clinic=cast.clinic, patient=cast.patient, question="liver", said="unknown", told_by="x", stated_by=cast.ben
        )
    house = planned(cast, reason="Blood is taken today")
    assert keys(house) == ["screening_open"]
    house.make_all_but_ready()
    house.ask(c.DeclareReady(), house.ben)


def test_what_came_into_the_record_asks(house: House) -> None:
    cast = house.cast
    with clinic_scope(cast.clinic.pk):
        HistoryItem.objects.create(
            clinic=cast.clinic, patient=cast.patient, kind="medicine", words="Theophylline", told_by="x",
            stated_by=cast.ben,
        )  # fmt: skip
        AllergyStatement.objects.create(
            clinic=cast.clinic, patient=cast.patient, is_none_known=False, substances=["ketamine"], stated_by=cast.ben
        )
    assert keys(house) == ["new_in_record", "allergic_to_ordered"]


def test_weight_and_screening_grow_old_between_signature_and_start(house: House) -> None:
    """The clinic's weight is good for 7 days, its screening for 90."""
    now = datetime.now(UTC)
    assert keys(house, at=now + timedelta(days=7)) == []
    assert keys(house, at=now + timedelta(days=8, hours=1)) == ["weight_out_of_date"]
    with clinic_scope(house.cast.clinic.pk):
        Clinic.objects.filter(pk=house.cast.clinic.pk).update(weight_good_for_days=365)
    assert keys(house, at=now + timedelta(days=92)) == ["screening_out_of_date"]


@pytest.mark.parametrize(("weight_kg", "found"), [("70", []), ("71", ["weighed_since_signed"])])
def test_another_weight_than_the_signed_one_is_shown(house: House, weight_kg: str, found: list[str]) -> None:
    cast = house.cast
    with clinic_scope(cast.clinic.pk):
        Weight.objects.create(clinic=cast.clinic, patient=cast.patient, weight_kg=weight_kg, measured_by=cast.ben)
    assert keys(house) == found


def test_a_nurse_goes_on_only_with_a_prescriber_and_a_change_after_ready_asks_at_the_start(house: House) -> None:
    house.make_all_but_ready()
    says(house, "heart", "yes")
    assert "asks_for_care.heart" in house.refused(c.DeclareReady(), house.ben)
    house.ask(c.DeclareReady(reason="She knows, and says it may", prescriber=house.cast.ada.pk), house.ben)
    assert keys(house) == []
    says(house, "psychosis", "yes")
    assert keys(house) == ["asks_for_care.psychosis"]
    assert "asks_for_care.psychosis" in house.refused(c.StartInfusion(reason="go"), house.ben)
    ada = c.Author(by=f"person:{house.cast.ada.pk}", role="prescriber", person=house.cast.ada.pk)
    assert "asks_for_care.psychosis" in house.refused(c.StartInfusion(), ada)
    house.ask(c.StartInfusion(reason="In remission for ten years"), ada)


def test_whoever_asks_cannot_leave_the_record_out(house: House) -> None:
    says(house, "heart", "yes")
    house.make_all_but_ready()
    assert "asks_for_care.heart" in house.refused(c.DeclareReady(again=()), house.ben)


def test_doses_of_a_day_are_counted_again_and_a_hard_bound_holds_at_the_start(cast: Cast) -> None:
    """The library's template allows one infusion a day; another of today came into the record after the signature."""
    make_ready(cast)
    house = planned(cast)
    walk = infusing(replace(PLAN, patient=cast.patient.pk, room=cast.room.pk))
    walk.ask(c.EndInfusion(left_in_bag_ml=Decimal(0)), after_min=40)
    shift = datetime.now(UTC) - walk.at
    walk.log = [
        replace(each, occurred_at=each.occurred_at + shift, recorded_at=each.recorded_at + shift) for each in walk.log
    ]
    stored(cast, walk)
    assert "infusions_per_day_above_hard" in keys(house)
    assert "infusions_per_day_above_hard" in house.refused(c.DeclareReady(reason="all agree"), house.ben)


def library(cast: Cast, quantity: str = "", **bounds: Decimal | int | None) -> None:
    """Another version is approved: the template's numbers, but for these bounds. The plan's dose is 35 mg in 40 min."""
    with clinic_scope(cast.clinic.pk):
        version = draft_from_template(cast.clinic, cast.ada)
        LibraryLimit.objects.filter(drug__version=version, quantity=quantity).update(**bounds)
        pia = Actor(Proof.SIGN_IN, cast.pia, cast.clinic, frozenset({Role.LIBRARY_APPROVER}))
        approve(version, pia, seen_digest=digest(version))


def test_a_hard_limit_that_came_after_the_signature_refuses_ready_and_nobody_answers_for_it(house: House) -> None:
    house.make_all_but_ready()
    library(house.cast, "dose_mg", hard_high=30, soft_high=None)
    assert keys(house) == ["dose_mg_above_hard"]
    assert house.refused(c.DeclareReady(reason="go", prescriber=house.cast.ada.pk), house.ben) == ["dose_mg_above_hard"]
    page = signed_in(house.cast.ben).get(house.href).content.decode()
    assert "it must be ordered anew" in page


def test_a_hard_limit_that_came_after_ready_refuses_the_start(house: House) -> None:
    house.make_all_but_ready()
    house.ask(c.DeclareReady(), house.ben)
    library(house.cast, "duration_min", hard_low=45, soft_low=None, typical=50)
    ada = c.Author(by=f"person:{house.cast.ada.pk}", role="prescriber", person=house.cast.ada.pk)
    assert house.refused(c.StartInfusion(reason="go"), ada) == ["duration_min_below_hard"]


def test_a_soft_limit_that_came_after_the_signature_asks_once(house: House) -> None:
    house.make_all_but_ready()
    library(house.cast, "dose_mg", soft_high=30)
    assert "dose_mg_above_soft" in house.refused(c.DeclareReady(), house.ben)
    house.ask(c.DeclareReady(reason="She knows, and says it may", prescriber=house.cast.ada.pk), house.ben)
    assert keys(house) == []


def test_a_limit_answered_at_the_signature_is_not_asked_again_for_a_newer_version_that_holds_it_too(cast: Cast) -> None:
    order = replace(ORDER, dose_mg_per_kg=Decimal("0.8"), highest_rate_mg_per_kg_per_h=Decimal("1.2"))
    library(cast)
    with clinic_scope(cast.clinic.pk):
        limits = limits_in_force(drug="ketamine", vial_mg_per_ml=Decimal(50), at=datetime.now(UTC))
    house = planned(cast, order=order, limits=limits, reason="She needs more, and bore it well")
    library(cast)
    assert keys(house) == []
    library(cast, "dose_mg_per_kg", soft_high=Decimal("0.7"))
    assert keys(house) == ["dose_mg_per_kg_above_soft"]


def test_a_vial_that_the_library_knows_no_longer_refuses(house: House) -> None:
    with clinic_scope(house.cast.clinic.pk):
        version = draft_from_template(house.cast.clinic, house.cast.ada)
        version.drugs.filter(concentration_mg_per_ml=50).delete()
        pia = Actor(Proof.SIGN_IN, house.cast.pia, house.cast.clinic, frozenset({Role.LIBRARY_APPROVER}))
        approve(version, pia, seen_digest=digest(version))
    assert keys(house) == ["drug_not_in_library"]
